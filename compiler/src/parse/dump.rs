//! ast -> text without spans, to compare trees and to show them in tests.
