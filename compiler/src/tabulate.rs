//! Diagram -> decision table with few rows.
