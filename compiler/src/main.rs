//! The `ordain` command: hands its arguments to `ordain::cli`.

/// Small pieces by the thousand are made and given back; this allocator is 5 to 17 percent faster at that than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    ordain::cli::main()
}
