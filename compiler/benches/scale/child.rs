//! The name of a row -> what a process of its own measured, or that it was stopped.

use crate::measured::Measured;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub fn measure(name: &str, limit: Duration) -> Measured {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return Measured::broken(format!("this program cannot be found: {error}")),
    };
    let started = Command::new(program).args(["--row", name]).stdout(Stdio::piped()).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return Measured::broken(format!("it cannot be started: {error}")),
    };
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                let mut text = String::new();
                if let Some(mut out) = child.stdout.take() {
                    // What cannot be read is no result, which is said below.
                    let _ = out.read_to_string(&mut text);
                }
                let last = text.lines().last().and_then(Measured::parse);
                return last.unwrap_or_else(|| Measured::broken(format!("it ended without a result: {status}")));
            }
            Ok(None) if start.elapsed() > limit => {
                // It may have ended in this moment, which is as good.
                let _ = child.kill();
                let _ = child.wait();
                return Measured { over: Some(limit.as_secs()), ..Measured::default() };
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => return Measured::broken(format!("it cannot be waited for: {error}")),
        }
    }
}
