//! Names -> what they refer to.
