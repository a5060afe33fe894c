//! ast + names -> model.
