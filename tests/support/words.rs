//! Words of a text that are no prose.

/// The words of a line outside of its strings, and where they stand.
pub fn words(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut quoted = false;
    for (at, char) in line.char_indices() {
        let inside = !quoted && (char.is_alphanumeric() || char == '-' && start.is_some());
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &line[from..at]));
                start = None;
            }
            _ => {}
        }
        quoted ^= char == '"';
    }
    found
}
