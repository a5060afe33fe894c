//! Cases and conditions of a small policy in words.
