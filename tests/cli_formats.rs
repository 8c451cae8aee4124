//! The formats of `check`: each is what its readers take, and says the same of the same findings.
//! `INSTA_UPDATE=always cargo test --test cli_formats` rewrites the snapshots.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup, vup_told};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// A process with twelve findings, no two of one rule.
const TWELVE: &str = include_str!("formats/twelve.vup");

const SARIF: &str = include_str!("formats/schemas/sarif-schema-2.1.0.json");
const GITLAB: &str = include_str!("formats/schemas/gitlab-code-quality.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

fn assert_valid(schema: &Value, document: &Value) {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{document:#}");
}

/// The same process, its second finding allowed and its first in a baseline.
fn suppressed() -> tempfile::TempDir {
    let allow =
        "// vup: allow(unused-environment) it is kept for the old archive\n  environment shed";
    let folder = folder(&[("twelve.vup", TWELVE)]);
    let baseline = vup(folder.path(), &["check", "--baseline", "base.json", "--update-baseline"]);
    assert_eq!(code(&baseline), 0, "{}", err(&baseline));
    let text = std::fs::read_to_string(folder.path().join("base.json")).expect("written");
    let mut base = json(&text);
    let entries = base["findings"].as_array_mut().expect("a list");
    entries.retain(|entry| entry["rule"] == "unused-role");
    std::fs::write(folder.path().join("base.json"), base.to_string()).expect("written");
    let allowed = TWELVE.replace("environment shed", allow);
    std::fs::write(folder.path().join("twelve.vup"), allowed).expect("written");
    folder
}

#[test]
fn the_formats_of_twelve_findings() {
    let folder = folder(&[("twelve.vup", TWELVE)]);
    for format in ["human", "plain", "json", "sarif", "github", "gitlab", "junit"] {
        let output = vup(folder.path(), &["check", "--format", format]);
        assert_eq!(code(&output), 1, "{format}: {}", err(&output));
        let again = vup(folder.path(), &["check", "--format", format]);
        assert_eq!(out(&output), out(&again), "{format}: the same input gives the same bytes");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("formats");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format, out(&output)));
    }
}

#[test]
fn sarif_is_as_its_schema_says() {
    let folder = suppressed();
    let args = ["check", "--format", "sarif", "--baseline", "base.json"];
    let document = json(&out(&vup(folder.path(), &args)));
    assert_valid(&json(SARIF), &document);
    let run = &document["runs"][0];
    let results = run["results"].as_array().expect("a list");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    assert_eq!((results.len(), rules.len()), (12, 12));
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let suppressions: Vec<&Value> =
        results.iter().filter_map(|result| result.get("suppressions")).collect();
    let inside = |kind: &str| suppressions.iter().filter(|it| it[0]["kind"] == kind).count();
    assert_eq!((inside("inSource"), inside("external")), (1, 1));
    assert!(results.iter().any(|result| result.get("codeFlows").is_some()));
    assert!(results.iter().any(|result| result.get("fixes").is_some()));
}

#[test]
fn gitlab_s_report_is_as_documented() {
    let folder = folder(&[("twelve.vup", TWELVE)]);
    let document = json(&out(&vup(folder.path(), &["check", "--format", "gitlab"])));
    assert_valid(&json(GITLAB), &document);
    let issues = document.as_array().expect("a list");
    let prints: BTreeSet<&str> =
        issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!((issues.len(), prints.len()), (12, 12), "each is known by its own fingerprint");
}

#[test]
fn json_is_as_vup_schema_says() {
    let folder = suppressed();
    let schema = json(&out(&vup(folder.path(), &["schema"])));
    let args = ["check", "--format", "json", "--baseline", "base.json"];
    let document = json(&out(&vup(folder.path(), &args)));
    assert_valid(&schema, &document);
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(10));
    let by: Vec<&Value> =
        document["suppressed"].as_array().expect("a list").iter().map(|it| &it["by"]).collect();
    assert_eq!(by, ["baseline", "comment"]);
    assert_eq!(document["suppressed"][1]["reason"], "it is kept for the old archive");
    let other = json(r#"{ "schema": "vup-check/1", "findings": [ { "rule": 1 } ] }"#);
    assert!(!jsonschema::is_valid(&schema, &other), "the schema asks for something");

    let schema = json(&out(&vup(folder.path(), &["schema", "baseline"])));
    let text = std::fs::read_to_string(folder.path().join("base.json")).expect("it is there");
    assert_valid(&schema, &json(&text));
}

#[test]
fn the_kept_schemas_are_up_to_date() {
    for (of, name) in [("check", "vup-check-1.json"), ("baseline", "vup-baseline-1.json")] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas").join(name);
        let printed = out(&vup(Path::new("."), &["schema", of]));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, &printed).expect("written");
        }
        let kept = std::fs::read_to_string(&path).expect("it is kept");
        assert_eq!(kept, printed, "UPDATE=1 cargo test --test cli_formats rewrites {name}");
    }
}

/// A process with so many errors and warnings.
fn many(errors: usize, warnings: usize) -> String {
    let roles: String =
        (0..warnings).map(|number| format!("  role idle-{number} \"Idler\"\n")).collect();
    let steps: String =
        (0..errors).map(|number| format!("  step s-{number} \"Step {number}\"\n")).collect();
    format!(
        "process p \"P\" {{\n  version 1.0.0\n  outcome done \"Done\"\n{roles}{steps}  end done\n}}\n"
    )
}

#[test]
fn github_s_limits_are_respected() {
    let folder = folder(&[("p, q:r.vup", &many(12, 30))]);
    let told = out(&vup(folder.path(), &["check", "--format", "github"]));
    let lines: Vec<&str> = told.lines().collect();
    let of = |kind: &str| lines.iter().filter(|line| line.starts_with(kind)).count();
    assert_eq!((of("::error "), of("::warning "), lines.len()), (10, 10, 21), "{told}");
    assert!(lines[..10].iter().all(|line| line.starts_with("::error ")), "errors come first");
    assert!(lines[0].starts_with("::error file=p%2C q%3Ar.vup,line="), "{}", lines[0]);
    assert_eq!(
        lines[20],
        "2 more errors and 20 more warnings: GitHub shows 10 of a kind in a step; `vup check` lists all"
    );
}

/// Hosts know files from the root of the repository alone, wherever in it `vup` is run.
#[test]
fn hosts_are_told_of_files_from_the_root_of_the_repository() {
    let uses =
        "use \"../lib/people.vup\"\nprocess p \"P\" {\n  version 1.0.0\n  step \"Work\"\n}\n";
    let files = [("a b/p.vup", uses), ("lib/people.vup", "role \"x\n"), ("lib/t.vup", TWELVE)];
    let folder = folder(&files);
    let told = |from: &str, format: &str, file: &str| {
        out(&vup(&folder.path().join(from), &["check", "--format", format, file]))
    };
    assert!(told("lib", "github", "../a b/p.vup").contains("file=../a b/p.vup,"));
    std::fs::create_dir(folder.path().join(".git")).expect("made");
    for (from, file) in [("lib", "../a b/p.vup"), ("a b", "p.vup"), (".", "a b/p.vup")] {
        let github = told(from, "github", file);
        assert!(github.contains("file=lib/people.vup,line=1,"), "{github}");
        let gitlab = told(from, "gitlab", file);
        assert!(gitlab.contains("\"path\": \"lib/people.vup\""), "{gitlab}");
        assert!(told(from, "junit", file).contains("<testsuite name=\"a b/p.vup\""));
        assert_eq!(told(from, "sarif", file), told(".", "sarif", "a b/p.vup"));
    }
    assert!(told("lib", "plain", "t.vup").starts_with("t.vup:"), "people type it as it is told");
    let absolute = folder.path().join("lib/t.vup");
    let sarif = told("a b", "sarif", absolute.to_str().expect("it is text"));
    let places = sarif.lines().filter(|line| line.contains("\"uri\": "));
    assert!(places.clone().all(|line| line.contains("\"lib/t.vup\"")) && places.count() > 12);
    let piped = vup_told(&folder.path().join("lib"), &["check", "--format", "github", "-"], TWELVE);
    assert!(out(&piped).contains("file=<stdin>,"), "{}", out(&piped));
}

/// What findings are known by, in their order.
fn prints(folder: &Path, from: &str) -> Vec<(String, String)> {
    let args = ["check", "--format", "json", from];
    let document = json(&out(&vup(folder, &args)));
    let findings = document["findings"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    findings.iter().map(|it| (text(&it["rule"]), text(&it["fingerprint"]))).collect()
}

#[test]
fn fingerprints_survive_moved_lines_and_other_folders() {
    let twice = TWELVE.replace("idler \"Idler\"", "idler \"Idler\"\n  role idler2 \"Idler\"");
    let folder = folder(&[("a/twelve.vup", TWELVE), (".git/HEAD", "")]);
    let before = prints(folder.path(), "a/twelve.vup");
    assert_eq!(before.len(), 12);
    assert_eq!(before, prints(&folder.path().join("a"), "twelve.vup"), "from another folder");
    let moved = format!("// one\n\n// two\n{}", TWELVE.replace("\n  step", "\n\n\n  step"));
    std::fs::write(folder.path().join("a/twelve.vup"), moved).expect("written");
    assert_eq!(before, prints(folder.path(), "a/twelve.vup"), "with moved lines");
    std::fs::write(folder.path().join("a/twelve.vup"), twice).expect("written");
    let after = prints(folder.path(), "a/twelve.vup");
    assert!(before.iter().all(|print| after.contains(print)), "with one more finding");
    let all: BTreeSet<_> = after.iter().collect();
    assert_eq!(all.len(), after.len());
}

#[test]
fn equal_findings_get_a_number() {
    let condition = "when urgent or not urgent";
    let text = TWELVE.replace(condition, &format!("{condition}\n    {condition}"));
    let folder = folder(&[("twelve.vup", &text)]);
    let all = prints(folder.path(), "twelve.vup");
    let same: Vec<&String> =
        all.iter().filter(|(rule, _)| rule == "constant-condition").map(|(_, it)| it).collect();
    assert_eq!(same.len(), 2, "{all:?}");
    assert_eq!(*same[1], format!("{}-2", same[0]));
}

#[test]
fn plain_is_one_line_each_without_pictures() {
    let folder = folder(&[("twelve.vup", TWELVE)]);
    let told = out(&vup(folder.path(), &["check", "--format", "plain"]));
    assert!(told.is_ascii() || !told.contains(['│', '─', '╭', '\u{1b}']), "{told}");
    let heads = told.lines().filter(|line| line.starts_with("twelve.vup:")).count();
    assert_eq!(heads, 12);
}

/// Runs a script of a pipeline as its host would, `vup` on the PATH.
#[cfg(unix)]
fn script(folder: &Path, script: &str, settings: &[(&str, &str)]) -> std::process::Output {
    let program = Path::new(env!("CARGO_BIN_EXE_vup")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    std::process::Command::new("bash")
        .args(["-eo", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .envs(settings.iter().copied())
        .output()
        .expect("bash runs")
}

/// A text without the indentation of its first line.
#[cfg(unix)]
fn unindented(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    text.lines().map(|line| line.get(indent..).unwrap_or_default().to_string() + "\n").collect()
}

#[test]
#[cfg(unix)]
fn the_check_of_the_action_annotates_and_fails() {
    let run = script_of_action("Check");
    let folder = folder(&[("a b/twelve.vup", TWELVE), ("c.vup", &many(0, 1))]);
    let settings = [("FILES", ""), ("FAIL_ON", ""), ("SARIF", "out.sarif")];
    let output = script(folder.path(), &run, &settings);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).starts_with("::error file=a b/twelve.vup,"), "{}", out(&output));
    let sarif = std::fs::read_to_string(folder.path().join("out.sarif")).expect("written");
    assert_valid(&json(SARIF), &json(&sarif));
    let settings = [("FILES", "c.vup"), ("FAIL_ON", ""), ("SARIF", "")];
    assert_eq!(code(&script(folder.path(), &run, &settings)), 0);
    let settings = [("FILES", "c.vup"), ("FAIL_ON", "warning"), ("SARIF", "")];
    assert_eq!(code(&script(folder.path(), &run, &settings)), 1);
}

/// What a step of the action runs.
fn script_of_action(step: &str) -> String {
    let action = include_str!("../action.yml");
    let (_, step) = action.split_once(&format!("- name: {step}\n")).expect("the step");
    let (_, run) = step.split_once("run: |\n").expect("its script");
    unindented(run.split_once("    - name:").map_or(run, |(run, _)| run))
}

/// A revision that no repository has.
#[cfg(unix)]
const NOWHERE: &str = "1234567890123456789012345678901234567890";

#[test]
#[cfg(unix)]
fn the_action_asks_for_the_bump_that_is_owed_and_sums_up_what_changed() {
    let text = "process tea \"Tea\" {\n  version 1.0.0\n  role cook \"Cook\"\n  step pour \"Pour\" by cook\n}\n";
    let folder = folder(&[("tea.vup", text)]);
    let write = |text: &str| std::fs::write(folder.path().join("tea.vup"), text).expect("written");
    let commit = "git init -q && git add . && \
                  git -c user.name=Nobody -c user.email=nobody@example.org commit -qm one";
    assert_eq!(code(&script(folder.path(), commit, &[])), 0);
    let run = script_of_action("Version bump");
    let summary = folder.path().join("summary.md");
    let summary = summary.to_str().expect("it is text");
    let settings = [("FILES", ""), ("BASE", "HEAD"), ("GITHUB_STEP_SUMMARY", summary)];
    let more = text.replace("by cook\n", "by cook\n  step drink \"Drink\" by cook\n");
    write(&more);
    let output = script(folder.path(), &run, &settings);
    assert_eq!(code(&output), 1, "{}", err(&output));
    let told = std::fs::read_to_string(summary).expect("written");
    assert!(told.contains("**The version should be 1.1.0: minor is owed"), "{told}");
    write(&more.replace("1.0.0", "1.1.0"));
    assert_eq!(code(&script(folder.path(), &run, &settings)), 0);
    // Where there is no page to write to, what is owed counts all the same.
    write(&more);
    let settings = [("FILES", "tea.vup"), ("BASE", "HEAD"), ("GITHUB_STEP_SUMMARY", "")];
    assert_eq!(code(&script(folder.path(), &run, &settings)), 1);
    // A base that nobody has is told with the way out.
    let settings = [("FILES", ""), ("BASE", NOWHERE), ("GITHUB_STEP_SUMMARY", summary)];
    let output = script(folder.path(), &run, &settings);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(out(&output).starts_with("::error::there is no revision 1234"), "{}", out(&output));
    assert!(out(&output).contains("fetch-depth: 0"), "{}", out(&output));

    let (_, job) = include_str!("../ci/gitlab.yml").split_once("vup-bump:\n").expect("the job");
    let (_, run) = job.split_once("    - |\n").expect("its script");
    let run = run.split_once("    - ").map_or(run, |(run, _)| run);
    let settings = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", NOWHERE)];
    let output = script(folder.path(), &unindented(run), &settings);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(out(&output).contains("GIT_DEPTH"), "{}", out(&output));
}

#[test]
#[cfg(unix)]
fn the_check_of_the_template_reports_and_fails() {
    let template = include_str!("../ci/gitlab.yml");
    let (_, job) = template.split_once("vup-check:\n").expect("the job");
    let (_, lines) = job.split_once("  script:\n").expect("its script");
    let (lines, _) = lines.split_once("  artifacts:").expect("what comes then");
    let lines = lines.lines().filter_map(|line| line.strip_prefix("    - "));
    let run: String = lines.map(|line| format!("{line}\n")).collect();
    let folder = folder(&[("twelve.vup", TWELVE), ("c.vup", &many(0, 1))]);
    let settings = [("VUP_FILES", ""), ("VUP_FAIL_ON", "error")];
    let output = script(folder.path(), &run, &settings);
    assert_eq!(code(&output), 1, "{}", err(&output));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("written");
    assert_valid(&json(GITLAB), &json(&read("gl-code-quality-report.json")));
    assert!(read("vup-junit.xml").contains("failures=\"8\""), "{}", read("vup-junit.xml"));
    let settings = [("VUP_FILES", "c.vup"), ("VUP_FAIL_ON", "error")];
    assert_eq!(code(&script(folder.path(), &run, &settings)), 0);
}
