//! text -> tokens
