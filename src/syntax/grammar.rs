//! The parser that pest makes of `grammar/vup.pest`.

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../grammar/vup.pest"]
pub struct VupParser;
