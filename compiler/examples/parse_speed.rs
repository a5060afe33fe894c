//! A file of several megabytes -> how fast it is read: `cargo run --release --example parse_speed`.
//!
//! Why it exists: the parser is meant to read 15 MB of valid text in a second; this says whether it does.

use ordain::source::FileId;
use std::time::Instant;

const TEXT: &str = include_str!("../tests/data/whole_grammar.ordain");

fn main() {
    let text = TEXT.repeat(8_000_000 / TEXT.len());
    let megabytes = text.len() as f64 / 1e6;
    let rate = |start: Instant| megabytes / start.elapsed().as_secs_f64();
    for _ in 0..3 {
        let start = Instant::now();
        let tokens = ordain::lex::lex(FileId(0), &text).0.len();
        let lexed = rate(start);
        let start = Instant::now();
        let (file, errors) = ordain::parse::parse(FileId(0), &text);
        let parsed = rate(start);
        let start = Instant::now();
        let formatted = ordain::format::format(&text).map_or(0, |t| t.len());
        println!(
            "lex {lexed:.0} MB/s, lex and parse {parsed:.1} MB/s, format {:.1} MB/s \
             ({tokens} tokens, {} items, {} errors, {formatted} bytes formatted)",
            rate(start),
            file.items.len(),
            errors.len(),
        );
    }
}
