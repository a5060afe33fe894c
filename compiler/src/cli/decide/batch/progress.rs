//! How far a batch is, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// `length` are the bytes that will be read, if that is known.
    pub fn new(length: Option<u64>) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: None };
        }
        Self::drawn(length, ProgressDrawTarget::stderr_with_hz(10))
    }

    fn drawn(length: Option<u64>, target: ProgressDrawTarget) -> Self {
        let (bar, template) = match length {
            Some(length) => (ProgressBar::new(length), "{bar:30} {percent:>3} %  {msg}  {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
        };
        bar.set_draw_target(target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar: Some(bar) }
    }

    pub fn at(&self, bytes: u64, lines: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
            bar.set_message(format!("{} lines", crate::diagnostics::thousands(u128::from(lines))));
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Also where the work ends early.
impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a file say how far it is, lines how much that was; of standard input the length is not known.
    #[test]
    fn bytes_and_lines_are_told() {
        for length in [Some(1_000), None] {
            let progress = Progress::drawn(length, ProgressDrawTarget::hidden());
            let bar = progress.bar.clone().expect("a bar");
            assert_eq!((bar.length(), bar.position(), bar.message().as_str()), (length, 0, ""));
            progress.at(400, 8_192);
            assert_eq!((bar.position(), bar.message().as_str()), (400, "8,192 lines"));
            progress.at(1_000, 20_000);
            assert_eq!((bar.position(), bar.message().as_str()), (1_000, "20,000 lines"));
            assert!(!bar.is_finished());
            drop(progress);
            assert!(bar.is_finished(), "it is gone however the work ends");
        }
    }
}
