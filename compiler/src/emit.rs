//! Decision tables in other tools' formats: one file per format.
