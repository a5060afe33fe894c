//! Policies that yield to one another over one vocabulary: a law, the district below it, its schools, their classes.
//!
//! A rule counts where no policy above it speaks, so whoever asks what it decides has to know them all. It grows by
//! services, with about eight rules each; those of one policy never conflict. In about one service of twelve a class forbids
//! what its district permits already, and is never heard.

use fastrand::Rng;
use std::fmt::Write;

/// Path and text, from the top.
pub fn layers(rules: usize, seed: u64) -> Vec<(String, String)> {
    let mut rng = Rng::with_seed(seed);
    let services = (rules / 8).max(2);
    let mut law = String::from("policy law { default forbid }\n\n");
    let names: Vec<String> = (0..services).map(|s| format!("s{s}")).collect();
    let _ = writeln!(law, "fact service: one of {}", super::list(&names));
    law.push_str(
        "fact purpose: one of lesson, project, contact, play, upload, survey\n\
         fact person: one of student, teacher, guardian\n\
         fact grade: number 0 to 12\n\
         fact hour: number 0 to 23\n\
         fact consent, supervised: yes/no\n\n\
         rule small_children { forbid when grade < 2 and not supervised and person is student }\n",
    );
    let mut district = String::from("use law\npolicy district { yields to law }\n\n");
    let mut school = String::from("use district\npolicy school { yields to district }\n\n");
    let mut class = String::from("use school\npolicy class { yields to school }\n\n");
    for s in 0..services {
        let (grade, from) = (rng.u32(3..11), rng.u32(7..11));
        let until = from + rng.u32(3..9);
        let here = format!("service is s{s}");
        let _ = writeln!(law, "rule law{s} {{ forbid when {here} and purpose is survey and not consent }}");
        let both = format!("{here} and purpose is any of lesson, project");
        let _ = writeln!(district, "rule open{s} {{ permit when {both} and grade >= {grade} }}");
        let _ = writeln!(district, "rule shut{s} {{ forbid when {both} and grade < {grade} and person is student }}");
        let _ = writeln!(
            school,
            "rule day{s} {{ permit when {here} and hour between {from} and {until}\n  \
             except play{s} {{ forbid when purpose is play and not supervised }}\n}}"
        );
        let _ = writeln!(school, "rule night{s} {{ forbid when {here} and hour > {until} }}");
        let early = format!("{here} and hour < {from}");
        let _ = writeln!(class, "rule staff{s} {{ permit when {early} and person is teacher }}");
        let _ = writeln!(class, "rule alone{s} {{ forbid when {early} and person is student and not consent }}");
        match rng.u32(0..12) {
            0 => writeln!(class, "rule never{s} {{ forbid when {both} and grade > {grade} and consent }}"),
            _ => writeln!(class, "rule home{s} {{ permit when {early} and person is guardian and consent }}"),
        }
        .unwrap_or_default();
    }
    let files = [("law", law), ("district", district), ("school", school), ("class", class)];
    files.map(|(name, text)| (format!("{name}.ordain"), text)).into()
}
