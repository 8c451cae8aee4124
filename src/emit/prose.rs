//! The inline Markdown of titles, tasks and notes, written for each format.
//!
//! Authors may use emphasis, code and links. Everything else is text: raw HTML, block markup (a `#`
//! or `-` at the start of a line) and images, which would be fetched from a network. A link is
//! followed only where [`safe_url`] lets it through. Three underscores and more are a line to write
//! on, [`BLANK`]; an empty line parts paragraphs.

#[cfg(feature = "pdf")]
mod runs;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};
#[cfg(feature = "pdf")]
pub use runs::{Run, runs};

/// A line to write on, as it stands in a text.
pub use crate::model::BLANK;

/// Stands for [`BLANK`] while the Markdown is read: underscores would be taken for emphasis.
const BLANK_MARK: char = '\u{E000}';

/// The text as the inside of an HTML element; paragraphs are parted by `<br>`.
pub fn html(text: &str) -> String {
    let paragraphs = paragraphs(text);
    let mut out = String::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            out.push_str("<br class=\"paragraph\">");
        }
        let events = inline(paragraph).into_iter().flat_map(with_blanks);
        html::push_html(&mut out, events);
    }
    out
}

/// The text as inline Markdown on one line, safe wherever inline Markdown may stand.
pub fn markdown(text: &str) -> String {
    match is_markup_free(text) {
        true => text.to_string(),
        false => markdown_paragraphs(text).join(" "),
    }
}

/// Whether a text has nothing that Markdown could read otherwise, as most titles: it need not be read as Markdown.
fn is_markup_free(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '?');
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && !text.contains("  ")
        && text.chars().all(is_plain)
}

/// As [`markdown`], for a table's cell, which any pipe would end: in code too.
pub fn cell(text: &str) -> String {
    let written = paragraphs(text);
    written.iter().map(|one| write_markdown(one, true)).collect::<Vec<_>>().join(" ")
}

/// The paragraphs of a text, each as [`markdown`] writes it.
pub fn markdown_paragraphs(text: &str) -> Vec<String> {
    paragraphs(text).iter().map(|paragraph| write_markdown(paragraph, false)).collect()
}

/// The text without any markup, on one line.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for paragraph in paragraphs(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        for event in inline(&paragraph) {
            if let Event::Text(text) | Event::Code(text) = event {
                out.push_str(&text);
            }
        }
    }
    out.replace(BLANK_MARK, BLANK)
}

/// The text without markup, escaped: for where it stands inside emphasis of the document's own.
pub fn plain_words(text: &str) -> String {
    escape(&plain(text))
}

/// Plain words as a text on one line: what would be markup is escaped.
pub fn escape(plain: &str) -> String {
    let mut out = String::new();
    push_escaped(&mut out, plain);
    finish(&out)
}

/// The address, if a reader may be sent there: the web, mail, the telephone, or a relative one.
pub fn safe_url(url: &str) -> Option<&str> {
    let scheme: String = url
        .chars()
        .take_while(|c| !matches!(c, ':' | '/' | '?' | '#'))
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let has_scheme = url.find([':', '/', '?', '#']).is_some_and(|at| url[at..].starts_with(':'));
    let known = ["http", "https", "mailto", "tel"].contains(&scheme.as_str());
    (known || !has_scheme).then_some(url)
}

/// Cuts at empty lines and before list items, puts each paragraph on one line, and shields its start.
fn paragraphs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        match found.last_mut() {
            Some(paragraph) if open && !line.is_empty() && !is_list_item(line) => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            _ if !line.is_empty() => found.push(line.to_string()),
            _ => {}
        }
        open = !line.is_empty();
    }
    found.iter().map(|paragraph| shield_start(&mark_blanks(paragraph))).collect()
}

fn is_list_item(line: &str) -> bool {
    line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")
}

/// Puts a backslash where the start of a line would open a block.
fn shield_start(line: &str) -> String {
    let first = line.chars().next().unwrap_or_default();
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (before, rest) = line.split_at(digits);
    let numbered = rest
        .strip_prefix(['.', ')'])
        .is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace));
    if digits > 0 && numbered {
        return format!("{before}\\{rest}");
    }
    let lone = |c: char| {
        line.trim_start_matches(c).starts_with([' ', '\t']) || line.chars().all(|x| x == c)
    };
    let rule = |c: char| line.chars().all(|x| x == c || x.is_whitespace());
    let opens = match first {
        '#' => lone('#'),
        '>' | '|' => true,
        '-' | '+' | '*' => line.chars().nth(1).is_none_or(char::is_whitespace) || rule(first),
        '_' | '=' => rule(first),
        '~' => line.starts_with("~~~"),
        '`' => line.starts_with("```") && !line.trim_start_matches('`').contains('`'),
        '[' => {
            line.contains("]:")
                || ["[ ] ", "[x] ", "[X] "].iter().any(|task| line.starts_with(task))
        }
        _ => false,
    };
    if opens { format!("\\{line}") } else { line.to_string() }
}

/// Replaces each run of three underscores and more.
fn mark_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars().map(Some).chain([None]) {
        if c == Some('_') {
            run += 1;
            continue;
        }
        match run {
            0 => {}
            1 => out.push('_'),
            2 => out.push_str("__"),
            _ => out.push(BLANK_MARK),
        }
        run = 0;
        out.extend(c);
    }
    out
}

/// The inline events of a paragraph: emphasis, code, links that may be followed, and text.
fn inline(paragraph: &str) -> Vec<Event<'_>> {
    let mut links: Vec<bool> = Vec::new();
    Parser::new(paragraph)
        .filter_map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::SoftBreak | Event::HardBreak => Some(Event::Text(CowStr::Borrowed(" "))),
            Event::Text(_) | Event::Code(_) => Some(event),
            Event::Start(Tag::Emphasis | Tag::Strong) => Some(event),
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => Some(event),
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let kept = safe_url(dest_url).is_some();
                links.push(kept);
                kept.then_some(event)
            }
            Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(event),
            _ => None,
        })
        .collect()
}

/// Parts a text where a line to write on stands.
fn with_blanks(event: Event<'_>) -> Vec<Event<'_>> {
    match event {
        Event::Text(text) if text.contains(BLANK_MARK) => {
            let mut parts = Vec::new();
            for (index, part) in text.split(BLANK_MARK).enumerate() {
                if index > 0 {
                    parts
                        .push(Event::InlineHtml(CowStr::Borrowed("<span class=\"blank\"></span>")));
                }
                parts.push(Event::Text(CowStr::from(part.to_string())));
            }
            parts
        }
        Event::Code(text) => vec![Event::Code(CowStr::from(text.replace(BLANK_MARK, BLANK)))],
        other => vec![other],
    }
}

fn write_markdown(paragraph: &str, in_table: bool) -> String {
    let mut out = String::new();
    let mut ends: Vec<String> = Vec::new();
    for event in inline(paragraph) {
        match event {
            Event::Text(text) => push_escaped(&mut out, &text),
            Event::Code(text) => push_code(&mut out, &text, in_table),
            Event::Start(Tag::Emphasis) => open(&mut out, &mut ends, "*", "*"),
            Event::Start(Tag::Strong) => open(&mut out, &mut ends, "**", "**"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                // With this before it, a link would be an image.
                if out.ends_with('!') {
                    out.insert(out.len() - 1, '\\');
                }
                open(&mut out, &mut ends, "[", &format!("]({})", link_target(&dest_url)));
            }
            Event::End(_) => out.push_str(&ends.pop().unwrap_or_default()),
            _ => {}
        }
    }
    finish(&out)
}

/// Puts escaped text on one line, and makes it safe at the start of one.
///
/// A blank among words is no emphasis, and easier to read without backslashes.
fn finish(escaped: &str) -> String {
    let words: Vec<&str> = escaped.split_whitespace().collect();
    let blank = "\\_".repeat(BLANK.len());
    let alone = words.iter().all(|word| *word == blank);
    let readable = |word| if word == blank && !alone { BLANK } else { word };
    let words: Vec<&str> = words.into_iter().map(readable).collect();
    shield_start(&words.join(" "))
}

fn open(out: &mut String, ends: &mut Vec<String>, start: &str, end: &str) {
    out.push_str(start);
    ends.push(end.to_string());
}

/// An address for the parentheses of a Markdown link. No sign in it can be written by its name, which the
/// address was not tried with.
fn link_target(url: &str) -> String {
    address(url).replace('&', "&amp;")
}

/// A link of its own, in Markdown; the text is Markdown already.
pub fn link(text: &str, url: &str) -> String {
    format!("[{text}]({})", link_target(url))
}

/// An address without signs that could end it.
pub fn address(url: &str) -> String {
    url.chars()
        .map(|c| match c {
            '(' => "%28".to_string(),
            ')' => "%29".to_string(),
            '<' => "%3C".to_string(),
            '>' => "%3E".to_string(),
            '|' => "%7C".to_string(),
            '\\' => "%5C".to_string(),
            c if c.is_whitespace() || c.is_control() => {
                c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
            }
            c => c.to_string(),
        })
        .collect()
}

/// Code between backticks that it does not hold itself. Only in a table is a backslash before a pipe
/// no part of the code.
fn push_code(out: &mut String, code: &str, in_table: bool) {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    let code = code.replace(BLANK_MARK, BLANK);
    let code = if in_table { code.replace('|', "\\|") } else { code };
    out.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
}

/// Text with a backslash before what would be read as markup. An underscore inside a word is none.
fn push_escaped(out: &mut String, text: &str) {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' => true,
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '~' => after == '~' || before == '~',
            '&' => after.is_alphanumeric() || after == '#',
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        match c {
            BLANK_MARK => out.push_str(&"\\_".repeat(BLANK.len())),
            c => out.push(c),
        }
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::{
        cell, escape, html, is_markup_free, markdown, markdown_paragraphs, plain, safe_url,
    };

    #[test]
    fn keeps_inline_markup() {
        let text = "*one* **two** `a|b` [three](https://example.org/x)";
        assert_eq!(
            html(text),
            "<em>one</em> <strong>two</strong> <code>a|b</code> \
             <a href=\"https://example.org/x\">three</a>"
        );
        assert_eq!(markdown(text), text);
        assert_eq!(cell(text), "*one* **two** `a\\|b` [three](https://example.org/x)");
        assert_eq!(cell("a | b"), "a \\| b");
        assert_eq!(plain(text), "one two a|b three");
    }

    #[test]
    fn what_has_no_markup_is_written_as_it_is() {
        for (text, free) in [
            ("Send the offer, then wait 2 days?", true),
            ("a", true),
            ("1 step", false),
            ("a  b", false),
            ("a ", false),
            ("a *b*", false),
            ("a_b", false),
            ("a <b", false),
            ("", false),
        ] {
            assert_eq!(is_markup_free(text), free, "{text}");
            if free {
                assert_eq!(markdown_paragraphs(text).join(" "), text);
            }
        }
    }

    #[test]
    fn raw_html_is_text() {
        for text in ["<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<!-- x"] {
            assert!(!html(text).contains('<'), "{}", html(text));
            let again = html(&markdown(text));
            assert!(!again.contains('<'), "{again}");
        }
    }

    #[test]
    fn bad_links_lose_their_address() {
        for text in [
            "[x](javascript:alert(1))",
            "[x](JaVa&#10;Script:alert(1))",
            "<javascript:alert(1)>",
            "[x](data:text/html,hello)",
            "![x](https://example.org/pixel.png)",
        ] {
            assert!(!html(text).contains("<a") && !html(text).contains("<img"), "{}", html(text));
            assert!(!markdown(text).contains("]("), "{}", markdown(text));
        }
        assert_eq!(safe_url("help/page:2"), Some("help/page:2"));
        assert_eq!(safe_url(" javascript:1"), None);
    }

    #[test]
    fn the_start_of_a_line_opens_no_block() {
        let starts = [
            "# a", "> a", "- a", "1. a", "2) a", "---", "    a", "```x", "~~~", "[a]: b", "===",
            "* * *", "| a",
        ];
        for text in starts {
            let visible = plain(text);
            assert_eq!(visible, text.trim(), "{text}");
            assert_eq!(plain(&markdown(text)), visible);
            assert_eq!(plain(&escape(text.trim())), visible);
            assert!(!html(&markdown(text)).contains('<'), "{}", html(&markdown(text)));
        }
    }

    #[test]
    fn blanks_are_lines_to_write_on() {
        assert_eq!(html("(________)x(________)").matches("class=\"blank\"").count(), 2);
        assert_eq!(plain("from ________"), "from ________");
        assert_eq!(plain(&markdown("________")), "________");
    }
}
