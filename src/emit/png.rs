//! A picture in pixels, of one of ours in SVG, with the fonts that are built in.
//!
//! In: an SVG document. Out: the bytes of a PNG, the same for the same picture wherever it is made.

use crate::emit::fonts;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;

/// More pixels take more than half a gigabyte while they are drawn.
const MOST_PIXELS: f64 = 67_108_864.0;

/// The picture, `scale` times as large as its SVG says; where that cannot be, why.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, String> {
    let failed = |reason: &dyn std::fmt::Display| format!("this cannot be drawn as PNG: {reason}");
    let tree = Tree::from_str(svg, &options()).map_err(|error| failed(&error))?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    let pixels = f64::from(width.ceil()) * f64::from(height.ceil());
    if pixels > MOST_PIXELS {
        return Err(too_large(tree.size().width(), tree.size().height(), scale));
    }
    let drawn = Pixmap::new((width.ceil() as u32).max(1), (height.ceil() as u32).max(1));
    let mut drawn = drawn.ok_or_else(|| failed(&"it has no size"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut drawn.as_mut());
    drawn.encode_png().map_err(|error| failed(&error))
}

fn options() -> Options<'static> {
    let mut known = fontdb::Database::new();
    for font in fonts::ALL {
        known.load_font_data(font.to_vec());
    }
    known.set_sans_serif_family(fonts::SANS);
    known.set_serif_family(fonts::SANS);
    Options { fontdb: Arc::new(known), font_family: fonts::SANS.into(), ..Options::default() }
}

fn too_large(width: f32, height: f32, scale: f32) -> String {
    let most = (MOST_PIXELS / (f64::from(width) * f64::from(height))).sqrt();
    // Rounded down, so that what is named does fit.
    let most = (most * 10.0).floor() / 10.0;
    let smaller = match most >= 0.1 {
        true => format!("--scale {most} is the most for it; or "),
        false => String::new(),
    };
    format!(
        "the picture would be {:.0} by {:.0} pixels, which is too large for a PNG: {smaller}draw a part of \
         the process with --view, or write SVG, which has no pixels",
        width * scale,
        height * scale
    )
}

#[cfg(test)]
mod tests {
    use super::{options, png};
    use crate::emit::checklist::tests::{resolved, sample};
    use crate::emit::diagram::{View, diagram};
    use crate::emit::svg::svg;
    use resvg::usvg::{Node, Tree};

    fn picture() -> String {
        let model = sample();
        let flow = crate::flow::lower(&model);
        svg(&diagram(&model, &flow, View::Whole))
    }

    /// Width and height, as the head of a PNG says them.
    fn size(png: &[u8]) -> (u32, u32) {
        let number =
            |at: usize| png[at..at + 4].iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
        (number(16), number(20))
    }

    #[test]
    fn a_picture_has_the_pixels_that_are_asked_for_and_the_same_each_time() {
        let svg = picture();
        let (once, twice) = (png(&svg, 1.0).expect("drawn"), png(&svg, 2.0).expect("drawn"));
        assert!(once.starts_with(b"\x89PNG"));
        let (width, height) = size(&once);
        assert!(svg.contains(&format!("width=\"{width}\" height=\"{height}\"")));
        assert_eq!(size(&twice), (2 * width, 2 * height));
        assert_eq!(once, png(&svg, 1.0).expect("drawn"));
    }

    #[test]
    fn hostile_words_stay_words() {
        let bad = r##"<script>alert(1)</script> =HYPERLINK('x') [a](javascript:alert(1)) שלום 🦄 #let $x$ *b @c <l> \\ // &amp; ]]>"##;
        let long = "x".repeat(10_000);
        let model = resolved(&format!(
            "process p \"{bad}\" {{\n  version 1.0.0\n  role r \"{bad}\"\n  owner r\n  step s \"{bad}\" by r {{\n    do \"{bad}\"\n  }}\n  step t \"{long}\" by r\n}}\n"
        ));
        let flow = crate::flow::lower(&model);
        let svg = svg(&diagram(&model, &flow, View::Whole));
        let tree = Tree::from_str(&svg, &options()).expect("it is read");
        let (mut words, mut groups) = (String::new(), vec![tree.root()]);
        while let Some(group) = groups.pop() {
            for node in group.children() {
                match node {
                    Node::Group(group) => groups.push(group),
                    Node::Text(text) => {
                        words.extend(text.chunks().iter().map(|chunk| chunk.text()));
                        // What is drawn of it stands in the picture.
                        let (place, size) = (text.abs_bounding_box(), tree.size());
                        assert!(place.left() >= 0.0 && place.right() <= size.width(), "{place:?}");
                    }
                    Node::Image(_) => panic!("there are no pictures in it"),
                    Node::Path(_) => {}
                }
            }
        }
        for part in [
            "<script>alert(1)</script>",
            "=HYPERLINK",
            "שלום",
            "🦄",
            "#let",
            "$x$",
            "@c",
            "<l>",
            "//",
            "]]>",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let once = png(&svg, 0.5).expect("drawn");
        assert_eq!(once, png(&svg, 0.5).expect("drawn"));
    }

    #[test]
    fn texts_are_drawn_with_the_font_that_is_built_in() {
        let bare = r#"<svg xmlns="http://www.w3.org/2000/svg" width="99" height="30" font-family="Helvetica, sans-serif"><text x="5" y="20">WORD</text></svg>"#;
        let empty = bare.replace("WORD", "");
        assert_ne!(png(bare, 1.0), png(&empty, 1.0));
        let unknown = bare.replace("WORD", "漢\u{1f984}");
        assert!(png(&unknown, 1.0).is_ok());
    }

    #[test]
    fn what_is_too_large_says_what_fits() {
        let huge = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="90000"/>"#;
        let told = png(huge, 2.0).expect_err("1.8 gigapixels");
        assert!(told.contains("18000 by 180000") && told.contains("--scale 0.2 is"), "{told}");
        assert!(png(&huge.replace("90000", "9"), 2.0).is_ok());
    }
}
