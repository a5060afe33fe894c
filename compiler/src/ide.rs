//! What an editor asks, as plain data.
