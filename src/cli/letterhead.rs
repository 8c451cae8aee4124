//! What `vup.toml` says that stands on documents.

use super::config::Config;
use super::{Exit, Stop};
use crate::emit::letterhead::{Letterhead, Logo};
use std::path::Path;

/// The colour and the logo of a house; a logo that cannot be used is an error.
pub fn letterhead(settings: &Config) -> Result<Letterhead, Stop> {
    let logo = settings.logo.as_deref().map(logo).transpose()?;
    Ok(Letterhead { accent: settings.accent.clone(), logo })
}

fn logo(path: &Path) -> Result<Logo, Stop> {
    let refused = |reason: String| {
        let shown = super::config::short(path);
        Stop::new(Exit::Files, format!("cannot use the logo {}: {reason}", shown.display()))
    };
    let bytes = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
    Logo::read(bytes).map_err(refused)
}
