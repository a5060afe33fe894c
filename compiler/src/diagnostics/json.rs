//! Diagnostics -> JSON.
