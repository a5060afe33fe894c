//! Random policies -> files: `write-policies FOLDER COUNT [FIRST]` writes the policies FIRST, FIRST + 1, … (from 0 without
//! it), those that the property test makes of these numbers, each as a project in a subfolder with its number.

use ordain_tests::random::generate::generate;
use std::path::Path;
use std::process::ExitCode;

fn write(folder: &Path, seed: u64) -> std::io::Result<()> {
    let project = folder.join(seed.to_string());
    std::fs::create_dir_all(&project)?;
    // Settings make the subfolder a project of its own.
    std::fs::write(project.join("ordain.toml"), "")?;
    for (path, text) in generate(seed).files() {
        std::fs::write(project.join(path), text)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| arguments.get(i).and_then(|a| a.parse::<u64>().ok());
    let (Some(folder), Some(count)) = (arguments.first(), number(1)) else {
        eprintln!("usage: write-policies FOLDER COUNT [FIRST]");
        return ExitCode::from(2);
    };
    let first = number(2).unwrap_or(0);
    for seed in first..first.saturating_add(count) {
        if let Err(error) = write(Path::new(folder), seed) {
            eprintln!("policy {seed} cannot be written: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
