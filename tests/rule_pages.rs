//! `docs/rules/` is what the code says of its rules. `UPDATE=1 cargo test --test rule_pages` rewrites it.

use std::collections::BTreeMap;
use vup::emit::rule_page::{list, markdown};

#[test]
fn the_pages_of_the_rules_are_up_to_date() {
    let folder = std::path::Path::new("docs/rules");
    let rules = vup::rules();
    let mut pages: BTreeMap<String, String> =
        rules.iter().map(|rule| (format!("{}.md", rule.name), markdown(rule))).collect();
    pages.insert("README.md".into(), list(&rules));
    if std::env::var_os("UPDATE").is_some() {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).expect("the folder can be made");
        for (name, page) in &pages {
            std::fs::write(folder.join(name), page).expect("the page can be written");
        }
    }
    let kept: BTreeMap<String, String> = std::fs::read_dir(folder)
        .expect("docs/rules is there")
        .map(|entry| entry.expect("readable"))
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    let stale: Vec<&String> = pages
        .keys()
        .chain(kept.keys())
        .filter(|name| pages.get(*name) != kept.get(*name))
        .collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; UPDATE=1 cargo test --test rule_pages rewrites them"
    );
}
