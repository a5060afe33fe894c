//! `ordain-lsp`: the language server of Ordain, over standard input and output, or over TCP for who looks for a fault.
//!
//! It translates the protocol to `ordain::ide` and back and knows nothing of policies. One thread owns all state
//! (`worker`); the protocol's handlers (`server`) only send it events, so what arrives in order stays in order.

mod answers;
mod aside;
mod capabilities;
mod convert;
mod desk;
mod documents;
mod event;
mod pages;
mod project;
mod prover;
mod reports;
mod server;
mod snapshot;
mod status;
mod worker;

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match given.as_slice() {
        [] | ["--stdio"] => server::run(None),
        ["--tcp", address] => match tcp(address) {
            Some(address) => server::run(Some(&address)),
            None => {
                wrong(&format!("`{address}` is no address: write `PORT` or `ADDRESS:PORT`, such as `127.0.0.1:9257`"))
            }
        },
        ["--tcp"] => wrong("`--tcp` needs a port to listen on, such as `--tcp 9257`"),
        ["--version" | "-V"] => {
            println!("ordain-lsp {}", env!("CARGO_PKG_VERSION"));
            std::process::ExitCode::SUCCESS
        }
        ["--help" | "-h"] => {
            println!("{HELP}");
            std::process::ExitCode::SUCCESS
        }
        // What makes no sense is the first word that is none of these, or the one behind it.
        ["--stdio" | "--version" | "-V" | "--help" | "-h", other, ..] | ["--tcp", _, other, ..] | [other, ..] => {
            wrong(&format!("`{other}` means nothing here"))
        }
    }
}

const HELP: &str = "usage: ordain-lsp [--stdio | --tcp [ADDRESS:]PORT | --version]
A language server; an editor starts it and talks to it over standard input and output.
With --tcp it serves one client that connects, for those who look for a fault; without an address only from this machine.";

fn wrong(what: &str) -> std::process::ExitCode {
    eprintln!("error: {what}\n{HELP}");
    std::process::ExitCode::from(2)
}

/// An address to listen on, of this machine alone where only a port is given.
fn tcp(text: &str) -> Option<String> {
    let (address, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
    port.parse::<u16>().ok().filter(|_| !address.is_empty()).map(|port| format!("{address}:{port}"))
}
