//! The command `ordain`.
