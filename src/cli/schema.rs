//! `vup schema`: the JSON Schemas of what `vup` prints and keeps as JSON.

use super::json::{self, pretty};
use super::output::print;
use super::{Exit, SchemaArgs, SchemaOf, Stop, baseline};

pub fn run(args: &SchemaArgs) -> Result<Exit, Stop> {
    // What is printed is described, as it is written.
    let generator = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let generator = generator.into_generator();
    let schema = match args.of {
        SchemaOf::Check => generator.into_root_schema_for::<json::Document<'static>>(),
        SchemaOf::Baseline => generator.into_root_schema_for::<baseline::Document>(),
    };
    print(pretty(&schema))?;
    Ok(Exit::Clean)
}
