//! Axes and sets of their cells in words, for tables.
