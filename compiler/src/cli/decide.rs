//! later
use super::ui::{Done, Ui};
#[derive(Debug, clap::Args)]
pub struct Args {}
pub fn run(_: &Args, _: &Ui) -> Done {
    Ok(super::ui::Exit::Fine)
}
