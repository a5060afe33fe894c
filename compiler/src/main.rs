//! The `ordain` command: hands its arguments to `ordain::cli`.

fn main() -> std::process::ExitCode {
    ordain::cli::main()
}
