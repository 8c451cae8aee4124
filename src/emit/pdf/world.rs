//! All that typst gets to see: our templates, the data, our fonts.

use crate::emit::fonts;
use crate::emit::letterhead::Logo;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The first is the document, which imports the others.
const TEMPLATES: [(&str, &str); 7] = [
    ("/checklist.typ", include_str!("../templates/pdf/checklist.typ")),
    ("/front.typ", include_str!("../templates/pdf/front.typ")),
    ("/stages.typ", include_str!("../templates/pdf/stages.typ")),
    ("/step.typ", include_str!("../templates/pdf/step.typ")),
    ("/tables.typ", include_str!("../templates/pdf/tables.typ")),
    ("/parts.typ", include_str!("../templates/pdf/parts.typ")),
    ("/look.typ", include_str!("../templates/pdf/look.typ")),
];
const DATA: &str = "/checklist.json";
const LOGO: &str = "/logo";

/// What is the same for each checklist.
struct Stock {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    templates: Vec<Source>,
    data: FileId,
    logo: FileId,
}

static STOCK: LazyLock<Stock> = LazyLock::new(|| {
    let fonts: Vec<Font> =
        fonts::ALL.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    let templates = TEMPLATES.map(|(name, text)| Source::new(id(name), text.into()));
    Stock {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        templates: templates.into(),
        data: id(DATA),
        logo: id(LOGO),
    }
});

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names above are paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// Whether any font here has the sign.
pub fn has(sign: char) -> bool {
    STOCK.fonts.iter().any(|font| font.info().coverage.contains(u32::from(sign)))
}

/// Where one checklist is set.
pub struct Desk {
    data: Bytes,
    logo: Option<Bytes>,
}

impl Desk {
    pub fn new(data: Vec<u8>, logo: Option<&Logo>) -> Desk {
        let logo = logo.map(|logo| Bytes::new(logo.bytes().to_vec()));
        Desk { data: Bytes::new(data), logo }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &STOCK.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &STOCK.book
    }

    fn main(&self) -> FileId {
        id(TEMPLATES[0].0)
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = STOCK.templates.iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match &self.logo {
            _ if id == STOCK.data => Ok(self.data.clone()),
            Some(logo) if id == STOCK.logo => Ok(logo.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        STOCK.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
