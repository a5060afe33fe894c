//! Files -> the `use` statements that make their names visible, for texts that the command writes or asks.

use crate::source::FileId;
use crate::workspace::is_policy;
use crate::{parse, resolve, stdlib};

/// `use shared.roles`, with a line break; `None` for texts without rules and where the path has parts that are no names.
pub fn statement(path: &str) -> Option<String> {
    if !is_policy(path) && !stdlib::is_std(path) {
        return None;
    }
    let statement = format!("use {}\n", resolve::module_of(path)?);
    parse::parse(FileId::default(), &statement).1.is_empty().then_some(statement)
}
