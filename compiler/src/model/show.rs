//! Values, sets of values and conditions in the words of the policy.
//!
//! What messages, tables and witnesses say about a fact is said here, once.

use super::*;
