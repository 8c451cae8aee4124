//! The fonts of what is set and drawn here, so that it looks the same wherever it is made.
//!
//! DejaVu Sans: pictures are measured by it, browsers on Linux print with it, and it has the letters of most
//! of Europe and the Near East, arrows and many signs. Its licence stands beside the files.

/// The family of text, and that of code.
pub const SANS: &str = "DejaVu Sans";

pub const ALL: [&[u8]; 4] = [
    include_bytes!("fonts/DejaVuSans.ttf"),
    include_bytes!("fonts/DejaVuSans-Bold.ttf"),
    include_bytes!("fonts/DejaVuSans-Oblique.ttf"),
    include_bytes!("fonts/DejaVuSansMono.ttf"),
];
