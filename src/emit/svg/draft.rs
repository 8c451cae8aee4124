//! From a diagram to what is to be placed.

use super::cards::{self, Card};
use super::changes;
use crate::emit::diagram::{Arrow, ArrowKind, Diagram, GroupKind, Shape, ShapeKind};
use crate::emit::layout::{ASIDE, Draft, Edge, Frame, Layout, Row, RowKind, Size};

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Shape(usize),
    Group(usize),
}

/// A tag beside a row.
#[derive(Clone, Debug)]
pub struct Tag {
    pub card: Card,
    pub kind: ShapeKind,
}

/// A draft, and what each part of it stands for.
pub struct Sheet {
    pub draft: Draft,
    pub contents: Vec<Content>,
    pub cards: Vec<Card>,
    /// The group of each frame.
    pub groups: Vec<usize>,
    /// For each edge: its arrow, its label, its tag.
    pub edges: Vec<(usize, Card, Tag)>,
}

/// The widths that a view goes by.
#[derive(Clone, Copy, Debug)]
pub struct Measures {
    pub width: i32,
    pub label: i32,
    pub tag: i32,
    pub page: Size,
    pub one_page: bool,
    /// When a path is chosen stands in its head.
    pub in_heads: bool,
}

/// A part of the order in which rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Open(usize),
    Row(usize),
    Close(usize),
}

pub fn sheet(diagram: &Diagram, measures: Measures) -> Sheet {
    let tokens = order(diagram);
    let mut sheet = rows(diagram, &tokens, measures);
    let rows_of = rows_of(diagram, &sheet);
    for (index, arrow) in diagram.arrows.iter().enumerate() {
        add_edge(&mut sheet, diagram, &rows_of, measures, index, arrow);
    }
    sheet
}

fn kind(diagram: &Diagram, shape: usize) -> ShapeKind {
    diagram.shapes.get(shape).map_or(ShapeKind::Nowhere, |shape| shape.kind)
}

/// Where a process ends or goes on: it stands beside what leads there.
pub fn is_outside(kind: ShapeKind) -> bool {
    matches!(kind, ShapeKind::From | ShapeKind::To | ShapeKind::End | ShapeKind::Nowhere)
}

/// Everything in the order in which it stands.
pub fn order(diagram: &Diagram) -> Vec<Token> {
    let mut tokens = inner_order(diagram);
    place_ends(diagram, &mut tokens);
    tokens
}

/// Shapes and groups in the order of the text; what is outside is left out.
fn inner_order(diagram: &Diagram) -> Vec<Token> {
    let groups = diagram.groups.len();
    // The last list is for what is in no group.
    let mut inside: Vec<Vec<(i64, Token)>> = vec![Vec::new(); groups + 1];
    let mut first: Vec<i64> = vec![i64::MAX; groups];
    let number = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    for (index, shape) in diagram.shapes.iter().enumerate() {
        let mut around = shape.group;
        while let Some(group) = around {
            let Some(slot) = first.get_mut(group) else { break };
            *slot = (*slot).min(number(index));
            around = diagram.groups.get(group).and_then(|group| group.group);
        }
    }
    let is_path =
        |group: &usize| diagram.groups.get(*group).is_some_and(|it| it.kind == GroupKind::Path);
    let paths = (0..groups).filter(is_path).filter_map(|group| first.get(group));
    let first_path = paths.copied().min().unwrap_or(i64::MAX);
    for (index, shape) in diagram.shapes.iter().enumerate().filter(|(_, it)| !is_outside(it.kind)) {
        let key = match (shape.kind, shape.group) {
            (ShapeKind::Join, _) => i64::MAX,
            (ShapeKind::Event, None) => -1,
            // Each path takes two places, so that there is one before it.
            (ShapeKind::PathChoice, _) => first_path.saturating_mul(2).saturating_sub(1),
            _ => number(index).saturating_mul(2),
        };
        let list = inside.get_mut(shape.group.unwrap_or(groups));
        list.into_iter().for_each(|list| list.push((key, Token::Row(index))));
    }
    for (index, group) in diagram.groups.iter().enumerate() {
        let key = first.get(index).copied().unwrap_or(i64::MAX).saturating_mul(2);
        let list = inside.get_mut(group.group.unwrap_or(groups));
        list.into_iter().for_each(|list| list.push((key, Token::Open(index))));
    }
    inside.iter_mut().for_each(|list| list.sort_by_key(|(key, _)| *key));
    let mut tokens = Vec::new();
    let mut open: Vec<Token> =
        inside.get(groups).into_iter().flatten().rev().map(|it| it.1).collect();
    while let Some(token) = open.pop() {
        tokens.push(token);
        if let Token::Open(group) = token {
            open.push(Token::Close(group));
            open.extend(inside.get(group).into_iter().flatten().rev().map(|it| it.1));
        }
    }
    tokens
}

/// Puts an end below what simply leads there, out of the stage that it ends; and where the process
/// comes from above what comes first.
fn place_ends(diagram: &Diagram, tokens: &mut Vec<Token>) {
    let mut placed: Vec<Token> = Vec::new();
    let mut outgoing: Vec<Vec<usize>> = vec![Vec::new(); diagram.shapes.len()];
    for (index, arrow) in diagram.arrows.iter().enumerate() {
        outgoing.get_mut(arrow.from).into_iter().for_each(|list| list.push(index));
    }
    let arrows_of = |shape: usize| {
        outgoing.get(shape).into_iter().flatten().filter_map(|index| diagram.arrows.get(*index))
    };
    let is_plain = |arrow: &&Arrow| matches!(arrow.kind, ArrowKind::Next | ArrowKind::Jump);
    let is_usual = |arrow: &&Arrow| is_plain(arrow) || arrow.kind == ArrowKind::Choice;
    let body = |rest: &[Token]| {
        rest.iter().find_map(|token| match token {
            Token::Row(shape) if kind(diagram, *shape) != ShapeKind::Event => Some(*shape),
            _ => None,
        })
    };
    if let Some(first) = body(tokens) {
        let from = diagram
            .arrows
            .iter()
            .filter(is_usual)
            .find(|arrow| arrow.to == first && kind(diagram, arrow.from) == ShapeKind::From);
        // What may happen at any time stands above, as it does above a start.
        let is_event = |token: &&Token| matches!(token, Token::Row(shape) if kind(diagram, *shape) == ShapeKind::Event);
        let events = tokens.iter().take_while(is_event).count();
        placed.extend(tokens.drain(..events));
        placed.extend(from.map(|arrow| Token::Row(arrow.from)));
    }
    let mut waiting: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate() {
        let stays = match token {
            Token::Close(group) => {
                diagram.groups.get(*group).is_none_or(|group| group.kind == GroupKind::Path)
            }
            _ => true,
        };
        if stays {
            placed.extend(waiting.take().map(Token::Row));
        }
        placed.push(*token);
        if let Token::Row(shape) = token {
            let next = body(tokens.get(at + 1..).unwrap_or_default());
            let goes_on = arrows_of(*shape).any(|arrow| Some(arrow.to) == next);
            let mut ends = arrows_of(*shape).filter(is_plain).filter(|arrow| {
                matches!(
                    kind(diagram, arrow.to),
                    ShapeKind::End | ShapeKind::To | ShapeKind::Nowhere
                )
            });
            waiting = if goes_on { None } else { ends.next().map(|arrow| arrow.to) };
        }
    }
    placed.extend(waiting.map(Token::Row));
    *tokens = placed;
}

fn rows(diagram: &Diagram, tokens: &[Token], measures: Measures) -> Sheet {
    let mut sheet = Sheet {
        draft: Draft {
            width: measures.width,
            page: measures.page,
            one_page: measures.one_page,
            ..Draft::default()
        },
        contents: Vec::new(),
        cards: Vec::new(),
        groups: Vec::new(),
        edges: Vec::new(),
    };
    let mut open: Vec<usize> = Vec::new();
    for token in tokens {
        let around = open.last().copied();
        match token {
            Token::Open(group) => open.extend(sheet.frame(diagram, *group, around, measures)),
            Token::Row(shape) => sheet.shape(diagram, *shape, around, measures),
            Token::Close(_) => {
                let end = sheet.contents.len();
                let frame = open.pop().and_then(|frame| sheet.draft.frames.get_mut(frame));
                frame.into_iter().for_each(|frame| frame.end = end);
            }
        }
    }
    sheet
}

impl Sheet {
    /// Opens a frame, which begins with its head.
    fn frame(
        &mut self,
        diagram: &Diagram,
        group: usize,
        parent: Option<usize>,
        measures: Measures,
    ) -> Option<usize> {
        let found = diagram.groups.get(group)?;
        let (frame, start) = (self.draft.frames.len(), self.contents.len());
        self.draft.frames.push(Frame {
            parent,
            start,
            end: start,
            own_column: found.kind == GroupKind::Path,
            keep: found.kind == GroupKind::AnyOrder,
        });
        self.groups.push(group);
        let when = if measures.in_heads { conditions(diagram, group) } else { Vec::new() };
        let notes = changes::notes_of_group(diagram, group);
        let card = cards::group(found, measures.width, &when, notes);
        let height = card.size.height + 10;
        self.row(RowKind::Header, height, Some(frame), Content::Group(group), card);
        Some(frame)
    }

    fn shape(&mut self, diagram: &Diagram, shape: usize, frame: Option<usize>, measures: Measures) {
        let Some(found) = diagram.shapes.get(shape) else { return };
        let notes = changes::notes_of_shape(diagram, shape);
        let aside = if found.kind == ShapeKind::Event && frame.is_some() { ASIDE } else { 0 };
        let card = cards::with_notes(found, measures.width - aside, notes);
        let (kind, height) = match found.kind {
            ShapeKind::Fork | ShapeKind::Join => (RowKind::Bar, 8),
            ShapeKind::Event => (RowKind::Event, card.size.height + 8),
            kind if cards::is_pointed(kind) => {
                (RowKind::Pointed(cards::POINT), card.size.height + 16)
            }
            _ => (RowKind::Box, card.size.height + 12),
        };
        self.row(kind, height, frame, Content::Shape(shape), card);
    }

    fn row(
        &mut self,
        kind: RowKind,
        height: i32,
        frame: Option<usize>,
        content: Content,
        card: Card,
    ) {
        self.draft.rows.push(Row { kind, height, frame });
        self.contents.push(content);
        self.cards.push(card);
    }

    /// The row by which a row is reached: the head of the outermost frame that begins with it and
    /// that the source is not in.
    fn entrance(&self, from: Option<usize>, to: usize) -> usize {
        let mut entrance = to;
        let mut around = self.draft.rows.get(to).and_then(|row| row.frame);
        while let Some(frame) = around.and_then(|frame| self.draft.frames.get(frame)) {
            let heads = self.draft.rows.get(frame.start..to).unwrap_or_default();
            let is_first =
                heads.iter().all(|row| matches!(row.kind, RowKind::Header | RowKind::Event));
            let comes_from_inside =
                from.is_some_and(|from| (frame.start..frame.end).contains(&from));
            if !is_first || comes_from_inside {
                break;
            }
            entrance = frame.start;
            around = frame.parent;
        }
        entrance
    }
}

fn rows_of(diagram: &Diagram, sheet: &Sheet) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); diagram.shapes.len()];
    for (row, content) in sheet.contents.iter().enumerate() {
        if let Content::Shape(shape) = content {
            rows.get_mut(*shape).into_iter().for_each(|list: &mut Vec<usize>| list.push(row));
        }
    }
    rows
}

fn add_edge(
    sheet: &mut Sheet,
    diagram: &Diagram,
    rows_of: &[Vec<usize>],
    measures: Measures,
    index: usize,
    arrow: &Arrow,
) {
    let rows = |shape: usize| rows_of.get(shape).map(Vec::as_slice).unwrap_or_default();
    let (Some(source), Some(target)) =
        (diagram.shapes.get(arrow.from), diagram.shapes.get(arrow.to))
    else {
        return;
    };
    let from = match is_outside(source.kind) {
        true => None,
        false => rows(arrow.from).first().copied(),
    };
    let own = |row: &&usize| from.is_some_and(|from| **row == from + 1);
    let (from, to) = match (is_outside(source.kind), is_outside(target.kind)) {
        // Outside of the picture both: it is not about them.
        (true, true) => return,
        (true, false) => {
            let to = rows(arrow.to).first().copied();
            let above = rows(arrow.from)
                .iter()
                .find(|row| Some(**row + 1) == to.map(|to| sheet.entrance(None, to)));
            (above.copied(), to)
        }
        (false, true) => (from, rows(arrow.to).iter().find(own).copied()),
        (false, false) => (from, rows(arrow.to).first().copied()),
    };
    let to = to.map(|to| sheet.entrance(from, to));
    let in_head = measures.in_heads
        && source.kind == ShapeKind::PathChoice
        && path_of(diagram, target).is_some();
    let labels = if in_head { &[] } else { arrow.labels.as_slice() };
    let card = cards::label(labels, measures.label);
    let tag_card = tag_card(sheet, diagram, (from, to), (source, target), measures.tag);
    let shown = match (from, is_outside(target.kind)) {
        (None, _) => ShapeKind::From,
        (_, true) => target.kind,
        _ => ShapeKind::To,
    };
    sheet.draft.edges.push(Edge {
        from,
        to,
        tag: padded(tag_card.size),
        label: card.size,
        style: style(arrow) + changes::style(diagram, index),
        straight: arrow.kind != ArrowKind::Event && source.kind != ShapeKind::PathChoice,
        fans_out: source.kind == ShapeKind::Fork,
        arrives: false,
    });
    sheet.edges.push((index, card, Tag { card: tag_card, kind: shown }));
}

/// Says at what is reached from far away where from; whether there is any of it. `layout` is how the sheet
/// is placed without.
pub fn add_arrivals(
    sheet: &mut Sheet,
    diagram: &Diagram,
    layout: &Layout,
    measures: Measures,
) -> bool {
    let before = sheet.edges.len();
    let mut known: Vec<(usize, usize)> = Vec::new();
    let cut = layout.routes.iter().filter(|route| route.tag.is_some());
    for index in cut.filter_map(|route| route.edge) {
        let (Some(edge), Some((arrow, ..))) =
            (sheet.draft.edges.get(index).copied(), sheet.edges.get(index))
        else {
            continue;
        };
        let arrow = *arrow;
        let source = diagram.arrows.get(arrow).map(|it| it.from);
        let (Some(_), Some(to), Some(from)) = (edge.from, edge.to, source) else { continue };
        let Some(source) = diagram.shapes.get(from).filter(|_| !known.contains(&(from, to))) else {
            continue;
        };
        known.push((from, to));
        let card = cards::tag(source, "from", measures.tag);
        sheet.draft.edges.push(Edge {
            from: None,
            tag: padded(card.size),
            label: Size::default(),
            straight: false,
            fans_out: false,
            arrives: true,
            ..edge
        });
        let tag = Tag { card, kind: ShapeKind::From };
        sheet.edges.push((arrow, cards::label(&[], measures.label), tag));
    }
    sheet.edges.len() > before
}

/// A tag around its text.
fn padded(text: Size) -> Size {
    Size { width: text.width + 24, height: text.height + 8 }
}

/// The outermost group around a shape, if it is a path.
pub fn path_of(diagram: &Diagram, shape: &Shape) -> Option<usize> {
    let mut outermost = shape.group?;
    while let Some(around) = diagram.groups.get(outermost).and_then(|group| group.group) {
        outermost = around;
    }
    let found = diagram.groups.get(outermost)?;
    (found.kind == GroupKind::Path).then_some(outermost)
}

/// When a path is chosen: that stands in its head, where there is more room than at a line.
fn conditions(diagram: &Diagram, path: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for arrow in &diagram.arrows {
        let target = diagram.shapes.get(arrow.to);
        let leads_in = kind(diagram, arrow.from) == ShapeKind::PathChoice
            && target.and_then(|target| path_of(diagram, target)) == Some(path);
        let new = arrow.labels.iter().filter(|_| leads_in);
        let new: Vec<String> = new.filter(|label| !found.contains(label)).cloned().collect();
        found.extend(new);
    }
    found
}

/// What a tag says: the missing end of an arrow, or the one that stands far away.
fn tag_card(
    sheet: &Sheet,
    diagram: &Diagram,
    (from, to): (Option<usize>, Option<usize>),
    (source, target): (&Shape, &Shape),
    width: i32,
) -> Card {
    let (tag, word) = match (from, target.kind) {
        (None, _) => (source, "from"),
        (_, ShapeKind::End | ShapeKind::Nowhere) => (target, ""),
        _ => (target, "to"),
    };
    let block = to.filter(|_| from.is_some()).and_then(|to| match sheet.contents.get(to) {
        Some(Content::Group(group)) => diagram.groups.get(*group),
        _ => None,
    });
    match block {
        Some(group) => cards::tag_of_group(group, width),
        None => cards::tag(tag, word, width),
    }
}

/// Lines that look the same may run together.
pub fn style(arrow: &Arrow) -> u8 {
    match arrow.kind {
        _ if arrow.is_loop() => 1,
        ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump => 0,
        ArrowKind::Event => 2,
        ArrowKind::Wait => 3,
        ArrowKind::Skip => 4,
    }
}
