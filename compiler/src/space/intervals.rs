//! Sorted sets of integers as intervals.
