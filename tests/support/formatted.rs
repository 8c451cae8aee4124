//! What formatting must do to any text without syntax errors.

use vup::format::{Refusal, format};
use vup::source::FileId;
use vup::syntax::parse;

/// Formats a text, and holds that nothing is lost, added or moved, and that once is enough.
pub fn formatted(text: &str) -> String {
    let formatted = must_format(text);
    assert_eq!(must_format(&formatted), formatted, "twice is not once:\n{text}");
    assert_eq!(signs(&formatted), signs(text), "something else is said:\n{text}");
    assert_eq!(comments(&formatted), comments(text), "comments are lost:\n{text}");
    formatted
}

fn must_format(text: &str) -> String {
    match format(text) {
        Ok(formatted) => formatted,
        Err(Refusal::Errors(errors)) => panic!("{:?} in:\n{text}", errors[0].message),
        Err(Refusal::WouldChange) => panic!("formatting would change:\n{text}"),
    }
}

/// All that is written but space, and what may be left out: parentheses, `not not`, and the `s` of
/// units.
fn signs(text: &str) -> String {
    let signs = text.trim_start_matches('\u{feff}').chars();
    let kept: String =
        signs.filter(|sign| !sign.is_whitespace() && !"()s".contains(*sign)).collect();
    kept.replace("notnot", "")
}

pub fn comments(text: &str) -> Vec<String> {
    let comments = parse(text, FileId(0)).tree.comments;
    comments.iter().map(|comment| comment.of(text).to_string()).collect()
}
