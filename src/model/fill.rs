//! A model for one case: what is known of it filled in wherever a text asks for it.

use super::{Condition, FactId, Item, ItemKind, Line, Model, Part, Prose, Remark};

impl Model {
    /// Fills in the facts whose values, as texts, `value` knows, in everything that people read.
    pub fn fill(&mut self, value: &dyn Fn(FactId) -> Option<String>) {
        self.title.fill(value);
        self.facts.iter_mut().for_each(|fact| fact.title.fill(value));
        self.assumptions.iter_mut().for_each(|line| line.text.fill(value));
        self.triggers.iter_mut().for_each(|trigger| trigger.title.fill(value));
        self.outcomes.iter_mut().for_each(|outcome| outcome.title.fill(value));
        self.items.iter_mut().for_each(|item| fill_item(item, value));
    }
}

impl Prose {
    fn fill(&mut self, value: &dyn Fn(FactId) -> Option<String>) {
        for part in &mut self.parts {
            if let Part::Fact(fact) = part
                && let Some(known) = value(*fact)
            {
                *part = Part::Text(known);
            }
        }
    }
}

fn fill_item(item: &mut Item, value: &dyn Fn(FactId) -> Option<String>) {
    item.title.fill(value);
    item.about.iter_mut().for_each(|about| about.fill(value));
    item.when.iter_mut().for_each(|when| fill_condition(when, value));
    item.skips.iter_mut().for_each(|skip| fill_condition(&mut skip.condition, value));
    item.branches.iter_mut().for_each(|branch| branch.title.fill(value));
    if let ItemKind::Repeat { until, .. } = &mut item.kind {
        fill_condition(until, value);
    }
    item.lines.iter_mut().for_each(|line| fill_line(line, value));
}

fn fill_condition(condition: &mut Condition, value: &dyn Fn(FactId) -> Option<String>) {
    condition.text.iter_mut().for_each(|text| text.fill(value));
}

fn fill_line(line: &mut Line, value: &dyn Fn(FactId) -> Option<String>) {
    match line {
        Line::Task(task) => {
            task.text.fill(value);
            task.when.iter_mut().for_each(|when| fill_condition(when, value));
            task.lines.iter_mut().for_each(|line| fill_line(line, value));
        }
        Line::ForEach { title, lines, .. } => {
            title.fill(value);
            lines.iter_mut().for_each(|line| fill_line(line, value));
        }
        Line::Record(record) => record.title.fill(value),
        Line::Undo { text, .. } | Line::NoWayBack { text, .. } => text.fill(value),
        Line::Remark(Remark { text, .. }) => text.fill(value),
        Line::Needs(_)
        | Line::Makes(_)
        | Line::Turns { .. }
        | Line::Learns { .. }
        | Line::ApprovedBy { .. } => {}
    }
}
