//! Expectations of small policies.
