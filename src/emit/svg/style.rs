//! How things look.

use crate::emit::diagram::{Arrow, ArrowKind, GroupKind};

pub const FONT: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// The classes that the picture uses.
pub const CSS: &str = "\
.vup text{fill:#1d232a}\
.vup .b{font-weight:bold}.vup .i{font-style:italic}.vup .mid{text-anchor:middle}\
.vup .soft{fill:#4a545e}.vup .on-dark{fill:#fff}\
.vup .s9{font-size:9px}.vup .s10{font-size:10px}.vup .s11{font-size:11px}.vup .s12{font-size:12px}\
.vup .s13{font-size:13px}.vup .s20{font-size:20px}\
.vup .place{fill:#fff;stroke:#77828c}.vup .live{fill:#8a1c1c;stroke:#8a1c1c}\
.vup .line{fill:none;stroke-width:1.3}\
.vup .dim{opacity:.38}\
";

/// The colour and the dashes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    pub colour: &'static str,
    pub dashes: &'static str,
    /// A sign where it begins.
    pub start: Option<Sign>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Diamond,
    Circle,
}

pub fn stroke(arrow: &Arrow) -> Stroke {
    of_kind(arrow.kind, arrow.is_loop())
}

pub fn of_kind(kind: ArrowKind, back: bool) -> Stroke {
    let plain = Stroke { colour: "#39434d", dashes: "", start: None };
    match kind {
        _ if back => Stroke { colour: "#1f4f94", dashes: "6 3", ..plain },
        ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump => plain,
        ArrowKind::Event => Stroke { colour: "#a04600", dashes: "6 3", start: Some(Sign::Diamond) },
        ArrowKind::Wait => Stroke { dashes: "2 3", start: Some(Sign::Circle), ..plain },
        ArrowKind::Skip => Stroke { colour: "#68727c", dashes: "2 3", ..plain },
    }
}

/// The attributes of a frame.
pub fn frame(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Path => "fill=\"#ffffff\" stroke=\"#39434d\" stroke-width=\"1.6\"",
        GroupKind::Stage => "fill=\"#f3f5f7\" stroke=\"#8b96a1\" stroke-width=\"1.2\"",
        GroupKind::Repeat | GroupKind::ForEach => {
            "fill=\"#fbfcfd\" stroke=\"#4a545e\" stroke-dasharray=\"6 3\""
        }
        GroupKind::AnyOrder | GroupKind::Procedure => {
            "fill=\"#fbfcfd\" stroke=\"#4a545e\" stroke-dasharray=\"2 3\""
        }
    }
}
