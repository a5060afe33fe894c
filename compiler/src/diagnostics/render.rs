//! Diagnostics -> text for a terminal (ariadne).
