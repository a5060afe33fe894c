//! The command line: arguments -> one verb -> an exit code. With the language server the only edge to the world.
//!
//! Exit codes: 0 nothing at or above the fail level; 1 findings or failed expectations; 2 wrong usage or unreadable input;
//! 3 a fault of Ordain itself. Results go to standard output, everything else to standard error.

mod certify;
mod check;
mod codes;
pub mod compare;
mod decide;
mod expect;
mod explain;
mod fmt;
pub mod load;
mod new;
mod table;
pub mod ui;
mod uses;
mod write;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;
use ui::{Color, Exit, Ui};

pub use crate::beside::STACK;

#[derive(Debug, Parser)]
#[command(
    name = "ordain",
    version,
    about = "A policy language whose compiler proves what the rules decide",
    after_help = "Start with `ordain new my-policy`, then `ordain check my-policy`.\nExit codes: 0 fine, 1 findings, 2 wrong usage or unreadable input, 3 internal fault.",
    max_term_width = 100
)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
    /// Colours: auto means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Args),
    Table(table::Args),
    Decide(decide::Args),
    Expect(expect::Args),
    Compare(compare::Args),
    Fmt(fmt::Args),
    Explain(explain::Args),
    Codes(codes::Args),
    New(new::Args),
}

/// The command as it is defined here, for those who write its pages and completions from that.
pub fn definition() -> clap::Command {
    Command::command()
}

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    let command = match Command::try_parse() {
        Ok(command) => command,
        Err(error) => {
            // Help and version are results; anything else is wrong usage.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Usage } else { Exit::Fine } as u8);
        }
    };
    std::panic::set_hook(Box::new(|fault| ui::internal_fault(&fault.to_string())));
    let worker = std::thread::Builder::new().name("ordain".into()).stack_size(STACK);
    let exit = worker.spawn(move || run(command)).map(|thread| thread.join());
    ExitCode::from(match exit {
        Ok(Ok(exit)) => exit as u8,
        Ok(Err(_)) => Exit::Fault as u8,
        Err(error) => {
            ui::internal_fault(&format!("no thread can be started: {error}"));
            Exit::Fault as u8
        }
    })
}

fn run(command: Command) -> Exit {
    let ui = Ui::new(command.color);
    let done = match command.verb {
        Verb::Check(args) => check::run(&args, &ui),
        Verb::Table(args) => table::run(&args, &ui),
        Verb::Decide(args) => decide::run(&args, &ui),
        Verb::Expect(args) => expect::run(&args, &ui),
        Verb::Compare(args) => compare::run(&args, &ui),
        Verb::Fmt(args) => fmt::run(&args, &ui),
        Verb::Explain(args) => explain::run(&args, &ui),
        Verb::Codes(args) => codes::run(&args, &ui),
        Verb::New(args) => new::run(&args, &ui),
    };
    done.unwrap_or_else(|failure| {
        ui.fail(&failure);
        failure.exit
    })
}
