//! Diagram -> decision table with few rows.

mod boxes;
mod cover;
mod partition;
