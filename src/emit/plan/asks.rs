//! What is still to be known.

use super::{Answer, Ask, Decision, Fact};
use crate::emit::checklist::question;
use crate::emit::{prose::plain, words};
use crate::model::{BranchKind, FactId, FactOrigin, ItemId, ItemKind, Model};
use crate::plan::given::{choices, label};
use crate::plan::open::{Decides, Open, open};
use crate::plan::{Case, Run};

/// `own` is the model as it is for the case: it says who decides.
pub(super) fn asks(model: &Model, own: &Model, case: &Case, run: &Run) -> Vec<Ask> {
    let told = |open| match open {
        Open::Facts { facts, decide } => Ask::Facts {
            decides: decides(model, &decide),
            facts: facts.into_iter().map(|id| fact(model, case, id, &decide)).collect(),
        },
        Open::Answer { item, asked } => Ask::Answer(decision(own, item, asked)),
    };
    open(model, case, run).into_iter().map(told).collect()
}

fn decides(model: &Model, decides: &Decides) -> String {
    match decides {
        Decides::Path => "which path is taken".to_string(),
        Decides::Stop(version) => format!("whether the way stops at {version}"),
        Decides::Item(id) if matches!(model.item(*id).kind, ItemKind::Repeat { .. }) => {
            "whether to repeat once more".to_string()
        }
        Decides::Item(id) => {
            let title = plain(&words::item_title(model, *id));
            match title.is_empty() {
                true => "how it goes on".to_string(),
                false => format!("how it goes on at {title}"),
            }
        }
    }
}

/// A fact, with the steps that find it out before it decides.
fn fact(model: &Model, case: &Case, id: FactId, decides: &Decides) -> Fact {
    let path = match decides {
        Decides::Item(item) => model.path_of(*item),
        Decides::Path | Decides::Stop(_) => Model::ROOT,
    };
    let finds_out = |item: &ItemId| {
        let here = model.path_of(*item);
        if here != path && here != Model::ROOT {
            return false;
        }
        let mut facts = Vec::new();
        model.item(*item).lines.iter().for_each(|line| line.learned(&mut facts));
        facts.contains(&id)
    };
    let mut question = question(model, id);
    question.title = plain(&question.title);
    let mut titles = Vec::new();
    if model.fact(id).origin == FactOrigin::Trigger {
        question.title = "What starts the process?".to_string();
        titles.extend(model.triggers.iter().map(|trigger| plain(&words::text(&trigger.title))));
    }
    let steps = model.ids().filter(finds_out);
    Fact {
        question,
        titles,
        found_out_in: steps.map(|id| plain(&words::pointer(model, Model::ROOT, id))).collect(),
        given: case.facts.contains_key(&id),
    }
}

/// A decision that people take, with its answers.
fn decision(model: &Model, id: ItemId, asked: usize) -> Decision {
    let item = model.item(id);
    let answers = choices(model, id).iter().map(|name| {
        let branch = item.branches.iter().find(|branch| match &branch.kind {
            BranchKind::Answer(own) | BranchKind::Event(own) => own == name,
            BranchKind::After(_) => name == "timeout",
            BranchKind::When(_) | BranchKind::Otherwise => false,
        });
        let leads = branch.map(|branch| plain(&words::target(model, id, branch.target)));
        Answer {
            name: name.clone(),
            title: plain(&words::answer_title(model, id, name)),
            leads_to: leads.unwrap_or_default(),
        }
    });
    Decision {
        name: label(model, id),
        title: plain(&words::pointer(model, Model::ROOT, id)),
        who: item.head.by.as_ref().map(|by| words::who(model, by)),
        asked,
        answers: answers.collect(),
    }
}
