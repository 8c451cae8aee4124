//! How wide texts are, without a font at hand.
//!
//! The widths are those of DejaVu Sans, the widest of the common sans fonts, so that a text stays in
//! its box whichever of them a reader has.

/// Advance widths of the printable ASCII characters, in thousandths of the font size.
const REGULAR: [i32; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];

const BOLD: [i32; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 581, 1000, 774, 763, 734, 831, 684,
    684, 821, 837, 373, 373, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771,
    725, 726, 458, 366, 458, 838, 500, 500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666,
    343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
];

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Font {
    pub size: i32,
    pub bold: bool,
}

/// The width of a text, rounded up.
pub fn width(text: &str, font: Font) -> i32 {
    let thousandths: i64 = text.chars().map(|c| i64::from(advance(c, font.bold))).sum();
    let width = (thousandths * i64::from(font.size) + 999) / 1000;
    i32::try_from(width).unwrap_or(i32::MAX / 4)
}

/// Breaks a text at blanks into lines of at most a width; what does not fit into `most` lines ends in
/// an ellipsis.
pub fn wrap(text: &str, font: Font, width: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    let blank = self::width(" ", font);
    for word in text.split_whitespace() {
        let size = self::width(word, font);
        match lines.last_mut() {
            Some(line) if used + blank + size <= width => {
                line.push(' ');
                line.push_str(word);
                used += blank + size;
            }
            _ => {
                for piece in pieces(word, font, width) {
                    used = self::width(&piece, font);
                    lines.push(piece);
                }
            }
        }
        if lines.len() > most {
            break;
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            end_with_ellipsis(last, font, width);
        }
    }
    lines
}

fn end_with_ellipsis(line: &mut String, font: Font, width: i32) {
    while !line.is_empty() && self::width(line, font) + self::width("…", font) > width {
        line.pop();
    }
    line.truncate(line.trim_end_matches([' ', ',', ';', ':', '.']).len());
    line.push('…');
}

/// A word that no line can hold, in pieces.
fn pieces(word: &str, font: Font, width: i32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        // Rounded up, so that the sum is never less than the whole.
        let size = (advance(c, font.bold) * font.size + 999) / 1000;
        if used + size > width && used > 0 {
            pieces.push(String::new());
            used = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        used += size;
    }
    pieces
}

fn advance(c: char, bold: bool) -> i32 {
    let table = if bold { &BOLD } else { &REGULAR };
    if let Some(width) = (c as usize).checked_sub(32).and_then(|index| table.get(index)) {
        return *width;
    }
    match c {
        // Marks above or below the letter before, and what only says a direction.
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => 0,
        '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' => 0,
        '·' | '•' | '’' | '‘' => 400,
        'à'..='ÿ' => 730,
        '\u{A0}'..='\u{24F}' => 1000,
        '\u{370}'..='\u{6FF}' => 900,
        '\u{1F000}'..='\u{1FFFF}' => 1500,
        _ => 1100,
    }
}

#[cfg(test)]
mod tests {
    use super::{Font, width, wrap};

    const FONT: Font = Font { size: 10, bold: false };

    #[test]
    fn no_line_is_wider_than_allowed() {
        let texts = ["", "a bb ccc", "Donaudampfschifffahrt und mehr", "漢字漢字漢字漢字 🚒🚒🚒"];
        for text in texts {
            for most in [40, 75, 200] {
                for line in wrap(text, FONT, most, 99) {
                    assert!(width(&line, FONT) <= most, "{line} in {most}");
                }
            }
        }
    }

    #[test]
    fn all_is_kept_or_cut_with_an_ellipsis() {
        let text = "what is to be done next";
        assert_eq!(wrap(text, FONT, 60, 9).join(" "), text);
        let cut = wrap(text, FONT, 60, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && width(&cut[1], FONT) <= 60);
    }
}
