//! tokens -> ast
