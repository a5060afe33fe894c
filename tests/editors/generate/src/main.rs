//! A `grammar.js` -> the parser in C: `generate FOLDER TO` reads the grammar in FOLDER and writes what is generated into TO.
//!
//! Why it exists: the generator's own command brings much besides; this is built in a quarter of the time. The parser
//! is of the version that Neovim, Emacs and Helix have read since 2022.

use std::path::PathBuf;
use std::process::ExitCode;
use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

const VERSION: usize = 14;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [folder, to] = arguments.as_slice() else {
        eprintln!("usage: generate FOLDER TO");
        return ExitCode::from(2);
    };
    let grammar = folder.join("grammar.js");
    let mut notes = Vec::new();
    let made = generate_parser_in_directory(
        folder,
        Some(to),
        Some(grammar),
        VERSION,
        None,
        Some("node"),
        true,
        OptLevel::default(),
        &mut notes,
    );
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
