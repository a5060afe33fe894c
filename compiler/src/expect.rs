//! Expectations and their coverage.
