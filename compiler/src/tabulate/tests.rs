//! Tables of small policies.
