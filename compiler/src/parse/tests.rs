//! Parses of whole files: valid ones, broken ones, large ones.

use super::*;

const WHOLE: &str = include_str!("../../tests/data/whole_grammar.ordain");

#[test]
fn the_whole_grammar_parses() {
    let (file, errors) = parse(FileId(0), WHOLE);
    let shown: Vec<String> =
        errors.iter().map(|e| format!("{} {:?} {}", e.code.id, &WHOLE[e.span.range()], e.message)).collect();
    assert!(errors.is_empty(), "{shown:#?}");
    assert_eq!(file.items.len(), 56);
}
