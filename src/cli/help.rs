//! `vup completions` and `vup man`: help for shells and for `man`.

use super::output::print;
use super::{Cli, CompletionsArgs, Exit, ManArgs, Stop};
use crate::diagnostic::nearest;
use clap::CommandFactory;

pub fn completions(args: &CompletionsArgs) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "vup", &mut script);
    print(&script)?;
    Ok(Exit::Clean)
}

pub fn manual(args: &ManArgs) -> Result<Exit, Stop> {
    let mut vup = Cli::command();
    vup.build();
    let command = match &args.command {
        None => vup,
        Some(wanted) => {
            vup.find_subcommand(wanted).cloned().ok_or_else(|| unknown(&vup, wanted))?
        }
    };
    let mut page = Vec::new();
    let command = command.version(env!("CARGO_PKG_VERSION"));
    let written = clap_mangen::Man::new(command).render(&mut page);
    written.map_err(|error| Stop::new(Exit::Files, format!("cannot write the page: {error}")))?;
    print(&page)?;
    Ok(Exit::Clean)
}

fn unknown(vup: &clap::Command, wanted: &str) -> Stop {
    let names = vup.get_subcommands().map(clap::Command::get_name);
    let hint = nearest(wanted, names).map_or("`vup --help` lists them".to_string(), |near| {
        format!("did you mean {}?", near.word)
    });
    Stop::new(Exit::Usage, format!("there is no command {wanted}; {hint}"))
}
