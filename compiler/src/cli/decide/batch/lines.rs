//! A file -> lines, each with its fields as text, a stretch at a time.
//!
//! CSV has a header and may have line breaks within quotes; NDJSON has an object on each line. Empty lines are no lines.
//! No line is longer than `LONGEST`, as a quote that is never closed would hold the whole file.

use super::Syntax;
use crate::cli::load;
use crate::cli::ui::Failure;
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// Bytes of a line.
const LONGEST: usize = 16 << 20;
/// Bytes of a stretch.
const STRETCH: usize = 64 << 20;

pub struct Input {
    file: Box<dyn Read>,
    /// Its name in messages.
    shown: String,
    length: Option<u64>,
}

impl Input {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Ok(Self { file: Box::new(std::io::stdin()), shown: "standard input".into(), length: None });
        }
        let shown = format!("`{}`", load::shown(path));
        let unreadable =
            |error: std::io::Error| Failure::unreadable(format!("{shown} cannot be read: {}", load::reason(&error)));
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let data = file.metadata().map_err(unreadable)?;
        if data.is_dir() {
            return Err(Failure::unreadable(format!("{shown} is a folder")));
        }
        let length = Some(data.len()).filter(|_| data.is_file());
        Ok(Self { file: Box::new(file), shown, length })
    }
}

pub struct Line {
    /// From 1.
    pub number: u64,
    pub fields: Fields,
}

pub enum Fields {
    Csv(csv::ByteRecord),
    /// The line as it is written, without its end.
    Json(Vec<u8>),
}

pub struct Lines<'a> {
    source: Source<'a>,
    header: Option<csv::StringRecord>,
    shown: String,
    length: Option<u64>,
    read: Rc<Cell<u64>>,
    left: Rc<Cell<usize>>,
}

enum Source<'a> {
    Csv(Box<csv::Reader<BufReader<Guard<'a>>>>),
    Json(BufReader<Guard<'a>>, u64),
}

impl<'a> Lines<'a> {
    pub fn new(syntax: Syntax, input: &'a mut Input) -> Result<Self, Failure> {
        let (read, left) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(LONGEST)));
        let guard = Guard { inner: &mut *input.file, read: Rc::clone(&read), left: Rc::clone(&left) };
        let mut buffer = BufReader::with_capacity(1 << 16, guard);
        let shown = input.shown.clone();
        let start = buffer.fill_buf().map_err(|error| unreadable(&shown, &error))?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(
                Failure::unreadable(format!("{shown} is UTF-16, not UTF-8")).help("save it with the encoding UTF-8")
            );
        }
        if start.starts_with("\u{feff}".as_bytes()) {
            buffer.consume(3);
        }
        let length = input.length;
        let mut lines = match syntax {
            Syntax::Csv => {
                let reader = csv::ReaderBuilder::new().flexible(true).from_reader(buffer);
                let source = Source::Csv(Box::new(reader));
                Self { source, header: None, shown, length, read, left }
            }
            Syntax::Ndjson => Self { source: Source::Json(buffer, 0), header: None, shown, length, read, left },
        };
        if let Source::Csv(reader) = &mut lines.source {
            let header = reader.headers().cloned().map_err(|error| broken(&lines.shown, error))?;
            if header.is_empty() {
                return Err(Failure::usage(format!("{} is empty", lines.shown))
                    .help("its first line names the facts of its columns"));
            }
            lines.header = Some(header);
        }
        Ok(lines)
    }

    pub fn header(&self) -> Option<&csv::StringRecord> {
        self.header.as_ref()
    }

    /// The name of the file in messages.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The bytes there are, if that is known.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.read.get()
    }

    /// The next lines, at most `most`; none at the end.
    pub fn read(&mut self, into: &mut Vec<Line>, most: usize) -> Result<(), Failure> {
        into.clear();
        let mut bytes = 0;
        while into.len() < most && bytes < STRETCH {
            self.left.set(LONGEST);
            let line = match &mut self.source {
                Source::Csv(reader) => {
                    let mut record = csv::ByteRecord::new();
                    if !reader.read_byte_record(&mut record).map_err(|error| broken(&self.shown, error))? {
                        return Ok(());
                    }
                    bytes += record.as_slice().len();
                    let number = record.position().map_or(0, csv::Position::line);
                    Line { number, fields: Fields::Csv(record) }
                }
                Source::Json(reader, number) => {
                    let mut text = Vec::new();
                    if reader.read_until(b'\n', &mut text).map_err(|error| unreadable(&self.shown, &error))? == 0 {
                        return Ok(());
                    }
                    *number += 1;
                    bytes += text.len();
                    let text = text.trim_ascii();
                    if text.is_empty() {
                        continue;
                    }
                    Line { number: *number, fields: Fields::Json(text.to_vec()) }
                }
            };
            into.push(line);
        }
        Ok(())
    }
}

fn broken(shown: &str, error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => unreadable(shown, &error),
        csv::ErrorKind::Utf8 { .. } => Failure::unreadable(format!("the header of {shown} is not UTF-8 text")),
        _ => Failure::unreadable(format!("{shown} is no CSV")),
    }
}

fn unreadable(shown: &str, error: &std::io::Error) -> Failure {
    Failure::unreadable(format!("{shown} cannot be read: {}", load::reason(error)))
}

/// Counts what is read, and ends a line that has no end.
struct Guard<'a> {
    inner: &'a mut dyn Read,
    read: Rc<Cell<u64>>,
    left: Rc<Cell<usize>>,
}

impl Read for Guard<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left.get() == 0 {
            return Err(std::io::Error::other(format!(
                "a line of it is longer than {} MB; a quote may not be closed",
                LONGEST >> 20
            )));
        }
        let n = self.inner.read(buffer)?;
        self.read.set(self.read.get() + n as u64);
        self.left.set(self.left.get().saturating_sub(n));
        Ok(n)
    }
}
