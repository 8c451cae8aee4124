//! Makes HTML pages of templates. Whatever a template is given is escaped; prose gets in as
//! [`prose::html`] alone.

use crate::emit::prose;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value};

/// The style that every page starts from.
pub const STYLE: &str = include_str!("templates/checklist.css");

/// Fills in a template of ours; its name ends in `.html`, which turns escaping on.
pub fn page(name: &'static str, template: &'static str, context: Value) -> String {
    let mut templates = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    templates.set_syntax(syntax.build().expect("the delimiters are the usual ones"));
    templates.add_filter("prose", |text: &str| Value::from_safe_string(prose::html(text)));
    templates.add_filter("plain", |text: &str| prose::plain(text));
    templates.add_filter("href", |url: &str| prose::safe_url(url).map(str::to_string));
    templates.add_filter("css_text", css_text);
    let page = templates
        .add_template(name, template)
        .and_then(|()| templates.get_template(name))
        .and_then(|template| template.render(context));
    page.expect("the template is ours, and its nesting does not depend on what it is given")
}

/// Text for a string in a style sheet: what could end the string is left out.
fn css_text(text: &str) -> Value {
    let kept =
        text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '+' | '_'));
    Value::from_safe_string(kept.collect())
}
