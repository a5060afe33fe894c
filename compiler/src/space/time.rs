//! Time constraints: which combinations of cells can one pair (or group) of moments have?
