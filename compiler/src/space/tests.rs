//! The space against brute force: every case of small models falls into a valid assignment, every valid assignment has a
//! case, and the case shown for it falls back into it.
