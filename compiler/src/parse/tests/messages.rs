//! What people read about slips: the texts of `tests/data/slips.txt`, each with all that is reported about it.

use super::errors;

const SLIPS: &str = include_str!("../../../tests/data/slips.txt");

#[test]
fn slips() {
    let mut out = String::new();
    for slip in SLIPS.split("\n----\n") {
        out.push_str(&format!("{slip}\n\n{}{}\n", errors(slip), "-".repeat(80)));
    }
    insta::with_settings!({ snapshot_path => "../../../tests/data", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("slips", out);
    });
}
