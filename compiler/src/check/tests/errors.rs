//! Mistakes in names and types, each with its message.

use super::*;
