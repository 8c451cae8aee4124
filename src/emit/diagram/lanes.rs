//! Which lane each shape stands in.

use super::words::clip;
use super::{By, Diagram, ShapeKind};
use crate::model::Model;

/// Gives every shape its lanes; only lanes that something stands in are there.
pub fn divide(model: &Model, diagram: &mut Diagram, by: By) {
    let (view, part) = match by {
        By::Roles => ("roles", "who does it"),
        By::Environments => ("environments", "where it is done"),
    };
    diagram.view = view;
    diagram.part = format!("{}, by {part}", diagram.part);
    let mut titles: Vec<String> = match by {
        By::Roles => diagram.legend.roles.iter().map(|role| role.title.clone()).collect(),
        By::Environments => {
            model.environments.iter().map(|environment| clip(&environment.title)).collect()
        }
    };
    for other in diagram.shapes.iter().flat_map(|shape| &shape.others) {
        if by == By::Roles && !titles.contains(other) {
            titles.push(other.clone());
        }
    }
    let named = titles.len();
    titles.push("Whenever it happens".to_string());
    titles.push(
        if by == By::Roles { "Nobody in particular" } else { "Nowhere in particular" }.into(),
    );
    let lane = |wanted: &String| titles.iter().position(|title| title == wanted);
    for shape in &mut diagram.shapes {
        shape.lanes = match (shape.kind, by) {
            (ShapeKind::Event, _) => vec![named],
            (ShapeKind::Step | ShapeKind::Decision | ShapeKind::Block | ShapeKind::Before, by) => {
                let own: Vec<usize> = match by {
                    By::Roles => {
                        shape.role.into_iter().chain(shape.others.iter().filter_map(lane)).collect()
                    }
                    By::Environments => {
                        shape.environments.iter().filter_map(|it| lane(&it.title)).collect()
                    }
                };
                if own.is_empty() { vec![named + 1] } else { own }
            }
            // Where the lines lead.
            _ => Vec::new(),
        };
    }
    drop_empty(diagram, titles);
}

fn drop_empty(diagram: &mut Diagram, titles: Vec<String>) {
    let mut used = vec![false; titles.len()];
    for lane in diagram.shapes.iter().flat_map(|shape| &shape.lanes) {
        used.get_mut(*lane).into_iter().for_each(|used| *used = true);
    }
    let mut index = Vec::new();
    for (title, used) in titles.into_iter().zip(used) {
        index.push(diagram.lanes.len());
        diagram.lanes.extend(used.then_some(title));
    }
    for lane in diagram.shapes.iter_mut().flat_map(|shape| &mut shape.lanes) {
        *lane = index.get(*lane).copied().unwrap_or(0);
    }
}
