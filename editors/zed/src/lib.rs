//! Zed's question for the language server -> the command that starts it: `ordain-lsp` as the project's shell finds it.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Ordain;

impl zed::Extension for Ordain {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree
            .which("ordain-lsp")
            .ok_or("`ordain-lsp` is not in the path; build it with `cargo build --release -p ordain-lsp`")?;
        Ok(Command { command, args: Vec::new(), env: worktree.shell_env() })
    }
}

zed::register_extension!(Ordain);
