//! Formats of a small table.
