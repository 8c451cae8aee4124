//! Procedures that nothing runs: looked at, so that their mistakes do not wait for the first run.

use super::expand::Layout;
use super::names::Symbol;
use super::resolve::{Argument, At, Binding, Resolver};
use super::{Environment, EnvironmentId, Fact, FactOrigin, ItemKind, Model, Prose, Role, RoleId};
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Clause, Parameter, ParameterKind};
use std::collections::HashSet;

impl<'a> Resolver<'a> {
    /// Looks at procedures that nothing runs, as if each were run once with what its parameters
    /// say of themselves: so that their mistakes do not wait for the first run.
    pub fn look_at_procedures(&mut self) {
        if self.origins.is_empty() {
            let Some(file) = self.files.first().copied() else { return };
            let Some(node) = file.tree.roots().next() else { return };
            let at = At { node, file, scope: Model::ROOT, binding: None };
            self.origins.push(at);
        }
        let missing = self.names.items_missing;
        let (items, facts) = (self.model.items.len(), self.model.facts.len());
        let (roles, environments) = (self.model.roles.len(), self.model.environments.len());
        let runs: Vec<bool> =
            self.model.procedures.iter().map(|procedure| procedure.used).collect();
        let mut layout = Layout { is_trial: true, ..Layout::default() };
        for index in self.outer_first() {
            if !self.looked_at.contains(&index) && !layout.full {
                self.look_at(index, &mut layout);
            }
        }
        self.refuse_same_names();
        self.names.items_missing = missing;
        for (procedure, used) in self.model.procedures.iter_mut().zip(runs) {
            procedure.used |= used;
        }
        self.model.items.truncate(items);
        self.model.items[0].children.retain(|child| (child.0 as usize) < items);
        self.model.facts.truncate(facts);
        self.model.roles.truncate(roles);
        self.model.environments.truncate(environments);
        self.origins.truncate(items);
        let (facts, roles, environments) = (facts as u32, roles as u32, environments as u32);
        self.names.used.retain(|symbol| match symbol {
            Symbol::Fact(id) => id.0 < facts,
            Symbol::Role(id) => id.0 < roles,
            Symbol::Environment(id) => id.0 < environments,
            _ => true,
        });
    }

    /// The procedures, those first that no other one runs: they take the others along.
    fn outer_first(&self) -> Vec<usize> {
        let mut inner = HashSet::new();
        for file in &self.files {
            let runs = file.tree.statements.iter().filter(|line| line.kind == Kind::Run);
            inner.extend(runs.flat_map(|run| run.subject()).map(|name| name.of(file.text)));
        }
        let mut order: Vec<usize> = (0..self.procedures.len()).collect();
        order.sort_by_key(|index| inner.contains(self.model.procedures[*index].name.as_str()));
        order
    }

    fn look_at(&mut self, index: usize, layout: &mut Layout) {
        self.looked_at.insert(index);
        let procedure = self.procedures[index];
        let parameters = procedure.node.get().clauses.iter().find_map(|clause| match clause {
            Clause::Parameters(parameters) => Some(parameters.as_slice()),
            _ => None,
        });
        let mut binding = Binding::default();
        for parameter in parameters.unwrap_or_default() {
            let argument = self.stand_in(procedure, parameter);
            self.bind_one(&mut binding, procedure, parameter, argument);
        }
        self.bindings.push(binding);
        let first = self.model.items.len();
        let at = At { binding: Some(self.bindings.len() - 1), scope: Model::ROOT, ..procedure };
        let name = self.model.procedures[index].name.clone();
        let id = self.add_item(at, Model::ROOT, ItemKind::Run { procedure: name });
        layout.running = vec![index];
        self.lay_out_block(At { scope: id, ..at }, id, layout);
        self.resolve_items(first);
    }

    /// Something that is all that a parameter says of itself.
    fn stand_in(&mut self, procedure: At<'a>, parameter: &Parameter) -> Argument {
        let name = procedure.text(parameter.name).to_string();
        let place = procedure.place(parameter.name);
        match &parameter.kind {
            ParameterKind::Role => {
                let (title, parent, external, optional) = (name.clone(), None, false, None);
                self.model.roles.push(Role { name, title, place, parent, external, optional });
                let id = RoleId(self.model.roles.len() as u32 - 1);
                Argument::Symbol(Symbol::Role(id))
            }
            ParameterKind::Environment => {
                let (title, uses) = (name.clone(), Vec::new());
                self.model.environments.push(Environment { name, title, place, uses });
                let id = EnvironmentId(self.model.environments.len() as u32 - 1);
                Argument::Symbol(Symbol::Environment(id))
            }
            ParameterKind::Fact(declared) => {
                let kind = self.fact_type(procedure, declared);
                let (title, origin) = (Prose::text(name.clone()), FactOrigin::Declared);
                let fact = Fact { name, title, place, kind, later: false, origin };
                Argument::Symbol(Symbol::Fact(self.add_fact(fact)))
            }
        }
    }
}
