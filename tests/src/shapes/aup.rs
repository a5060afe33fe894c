//! A policy on acceptable use as a district or a company would own it: 12 facts, people and services in hierarchies,
//! rules by service, direction and purpose, exceptions in about a third of them, provisos with notice and hours, a few
//! requirements and duties, facts that exist only on some channels, and `default forbid`.
//!
//! It grows by services: eight or nine rules speak of each, and some speak of a whole group of eight services. Rules of
//! one service keep to directions and purposes of their own, so the policy is clean except for about one planted cause
//! in a hundred rules: a conflict, a repetition, an exception that takes all or never meets its rule, a part that is
//! always true, a condition that nothing meets.

use super::{is_any, list};
use fastrand::Rng;
use std::fmt::Write;

/// One file.
pub fn aup(rules: usize, seed: u64) -> String {
    let mut text = String::new();
    for (_, part) in aup_files(rules, seed) {
        text.push_str(part.trim_start_matches(USES));
    }
    text
}

/// The same in files: the words, then one file for each group of services.
pub fn aup_files(rules: usize, seed: u64) -> Vec<(String, String)> {
    let mut rng = Rng::with_seed(seed);
    let services = (rules as f64 / 9.2).ceil() as usize;
    let mut left = rules;
    let mut groups = Vec::new();
    let mut kinds: Vec<Vec<(usize, Vec<usize>)>> = vec![Vec::new(); KINDS.len()];
    for group in 0..services.div_ceil(GROUP).max(1) {
        let kind = group % KINDS.len();
        let members: Vec<usize> = (group * GROUP..services.min((group + 1) * GROUP)).collect();
        let mut part = Part { text: USES.to_string(), left, rng: &mut rng };
        part.group(group, KINDS[kind]);
        for &service in &members {
            part.service(&format!("s{service}"), KINDS[kind]);
        }
        left = part.left;
        groups.push((format!("g{group}.ordain"), part.text));
        kinds[kind].push((group, members));
    }
    let mut files = vec![("words.ordain".to_string(), words(&kinds))];
    files.append(&mut groups);
    files
}

const USES: &str = "use words\n";
const GROUP: usize = 8;
const KINDS: [Kind; 5] = [Kind::Messages, Kind::Video, Kind::Classroom, Kind::Storage, Kind::Social];
const PURPOSES: [&str; 10] =
    ["lesson", "homework", "field_trip", "club", "sport", "counselling", "exam", "announcement", "safety", "meeting"];
const DATA: [&str; 5] = ["nothing", "directory", "work", "grades", "health"];
/// Who speaks to whom; no two directions meet.
const DIRECTIONS: [(&str, &str); 12] = [
    ("student", "student"),
    ("student", "teacher"),
    ("student", "coach, counselor"),
    ("student", "administrator"),
    ("teacher", "student"),
    ("coach, counselor", "student"),
    ("administrator", "student"),
    ("staff", "staff"),
    ("staff", "guardian"),
    ("guardian", "staff"),
    ("guardian", "student"),
    ("student", "guardian"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Messages,
    Video,
    Classroom,
    Storage,
    Social,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Messages => "messages",
            Kind::Video => "video",
            Kind::Classroom => "classroom",
            Kind::Storage => "storage",
            Kind::Social => "social",
        }
    }

    fn has_account(self) -> bool {
        matches!(self, Kind::Messages | Kind::Classroom)
    }

    fn has_data(self) -> bool {
        matches!(self, Kind::Classroom | Kind::Storage | Kind::Social)
    }
}

/// People, services, facts and periods, and the rules about whole kinds of service.
fn words(kinds: &[Vec<(usize, Vec<usize>)>]) -> String {
    let mut text = String::from(
        "policy acceptable_use \"Acceptable use\" {\n  timezone \"America/Chicago\"\n  default forbid\n}\n\n\
         role student { elementary, middle, high }, guardian, vendor\n\
         role staff { teacher, coach, counselor, nurse, administrator { principal, assistant_principal } }\n",
    );
    for (kind, groups) in KINDS.iter().zip(kinds) {
        let groups = groups
            .iter()
            .map(|(group, members)| format!("  g{group} {{ {} }}", list(members.iter().map(|m| format!("s{m}")))));
        let groups: Vec<String> = groups.collect();
        let name = kind.name();
        let _ = match groups.as_slice() {
            [] => writeln!(text, "channel {name} {{ {name}_other }}"),
            groups => writeln!(text, "channel {name} {{\n{}\n}}", groups.join(",\n")),
        };
    }
    let _ = write!(
        text,
        "\nfact purpose: one of {}\n\
         fact approved: yes/no \"approved by the school beforehand\"\n\
         fact consent: yes/no \"a guardian has agreed\"\n\
         fact grade: number 0 to 12\n\
         fact account: one of district, personal, guest if channel is any of messages, classroom\n\
         fact data: one of {} if channel is any of classroom, storage, social\n\
         fact recorded: yes/no if channel is video\n\
         fact invited, starts: datetime if channel is video\n\n\
         period school_year  = 2026-08-17 to 2027-06-11 except winter_break\n\
         period winter_break = 2026-12-21 to 2027-01-04\n\
         period school_hours = weekdays 08:00 to 15:30 during school_year\n\
         period evenings     = every day 16:00 to 20:00 during school_year\n\n\
         duty log \"Enter it in the log\"\nduty report \"Tell an administrator\"\n\n\
         rule vendors_apart {{ forbid from vendor to vendor }}\n\
         rule families {{ forbid social from guardian to guardian }}\n\
         rule safety_first {{ oblige report when purpose is safety and sender is student }}\n\
         rule recordings {{ require consent when recorded and recipient is student }}\n\n",
        list(PURPOSES),
        list(DATA)
    );
    text
}

/// A file in the making.
struct Part<'a> {
    text: String,
    /// How many rules may still be written.
    left: usize,
    rng: &'a mut Rng,
}

impl Part<'_> {
    fn rule(&mut self, name: &str, body: &str) {
        if self.left > 0 {
            self.left -= 1;
            let _ = writeln!(self.text, "rule {name} {{ {body} }}");
        }
    }

    fn purposes(&mut self, from: &[&str], least: usize, most: usize) -> (String, Vec<String>) {
        let mut names: Vec<usize> = (0..from.len()).collect();
        self.rng.shuffle(&mut names);
        let count = self.rng.usize(least..=most.min(from.len()));
        let rest = names.split_off(count);
        names.sort_unstable();
        let names: Vec<String> = names.iter().map(|&n| from[n].to_string()).collect();
        (is_any("purpose", &names), rest.iter().map(|&n| from[n].to_string()).collect())
    }

    /// What is said about a group of services as a whole: vendors, and what comes with data and recordings.
    fn group(&mut self, group: usize, kind: Kind) {
        let g = format!("g{group}");
        let _ = writeln!(self.text, "// {} {g}", kind.name());
        self.rule(&format!("{g}_adverts"), &format!("forbid {g} from vendor to student, guardian"));
        let except = if self.rng.u32(..3) == 0 { "  except young { forbid when grade < 6 }" } else { "" };
        self.rule(&format!("{g}_support"), &format!("permit {g} from vendor to staff when approved{except}"));
        self.rule(&format!("{g}_orders"), &format!("permit {g} from administrator to vendor"));
        if kind.has_data() && self.rng.bool() {
            let what = ["health", "grades"][self.rng.usize(..2)];
            self.rule(&format!("{g}_guard"), &format!("require consent when channel is {g} and data is {what}"));
        } else if kind == Kind::Video {
            self.rule(&format!("{g}_log"), &format!("oblige log when channel is {g} and recorded"));
        }
    }

    fn service(&mut self, s: &str, kind: Kind) {
        let _ = writeln!(self.text, "\nsection \"{s}\" {{");
        let mut directions: Vec<usize> = (0..DIRECTIONS.len()).collect();
        self.rng.shuffle(&mut directions);
        let target = self.left.saturating_sub(self.rng.usize(8..=10));
        for direction in directions {
            if self.left > target {
                self.direction(s, direction, kind);
            }
        }
        if self.rng.u32(..100) < 9 {
            self.plant(s);
        }
        self.text.push_str("}\n");
    }

    /// One, two or three rules about who speaks to whom on a service.
    fn direction(&mut self, s: &str, direction: usize, kind: Kind) {
        let (from, to) = DIRECTIONS[direction];
        let head = format!("{s} from {from} to {to}");
        let n = format!("{s}_{direction}");
        match self.rng.u32(..8) {
            0 if kind.has_account() => {
                self.rule(&format!("{n}a"), &format!("permit {head} when account is district"));
                self.rule(&format!("{n}b"), &format!("forbid {head} when account is any of personal, guest"));
            }
            0 | 1 if kind.has_data() => {
                self.rule(&format!("{n}a"), &format!("permit {head} when data is any of nothing, directory, work"));
                let except = ["", "\n  except asked { permit when approved and consent }"][self.rng.usize(..2)];
                self.rule(&format!("{n}b"), &format!("forbid {head} when data is any of grades, health{except}"));
            }
            0..=3 if kind == Kind::Video => self.meeting(&head, &n),
            0 | 1 | 4 => {
                let (some, rest) = self.purposes(&PURPOSES, 2, 4);
                self.rule(&format!("{n}a"), &format!("permit {head} when {some}"));
                let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
                let (others, last) = self.purposes(&rest, 1, 3);
                let duty = ["", "  oblige log"][usize::from(self.rng.u32(..4) == 0)];
                self.rule(&format!("{n}b"), &format!("forbid {head} when {others}{duty}"));
                if self.rng.bool() {
                    self.rule(
                        &format!("{n}c"),
                        &format!("permit {head} when approved and {}", is_any("purpose", &last)),
                    );
                }
            }
            2 | 5 => {
                let (some, _) = self.purposes(&PURPOSES[..6], 2, 4);
                let exams = ["", "\n    except young { forbid when grade < 6 }"][usize::from(self.rng.u32(..3) == 0)];
                self.rule(&n, &format!("forbid {head}\n  except allowed {{ permit when approved and {some}{exams} }}"));
            }
            3 | 6 => {
                let grade = self.rng.u32(1..=8);
                let except = match self.rng.u32(..3) {
                    0 => format!("\n  except young {{ forbid when grade < {} and not consent }}", grade + 3),
                    _ => String::new(),
                };
                self.rule(&n, &format!("permit {head} when grade >= {grade}{except}"));
                if self.rng.u32(..4) == 0 {
                    let (some, _) = self.purposes(&PURPOSES[8..], 1, 1);
                    let _ = writeln!(self.text, "exception {n}_no to {n} {{ forbid when {some} and not approved }}");
                }
            }
            _ => {
                let (some, _) = self.purposes(&PURPOSES, 3, 6);
                let proviso = match self.rng.u32(..3) {
                    0 => " provided { agreed: consent }",
                    1 => " provided { asked: approved, grown: grade >= 5 }",
                    _ => "",
                };
                // The exception is about a purpose of the rule, so it meets it.
                let except = match self.rng.u32(..4) {
                    0 if some.contains("lesson") => "\n  except seniors { waive when purpose is lesson and grade > 9 }",
                    _ => "",
                };
                self.rule(&n, &format!("permit {head} when {some}{proviso}{except}"));
            }
        }
    }

    fn meeting(&mut self, head: &str, n: &str) {
        let (some, _) = self.purposes(&PURPOSES, 2, 5);
        let days = [1, 2, 3, 4, 5, 7, 14][self.rng.usize(..7)];
        let when = ["starts during school_hours", "starts on weekdays", "starts during evenings", "consent"]
            [self.rng.usize(..4)];
        let except = match self.rng.u32(..3) {
            0 => "\n  except urgent { permit when approved }",
            _ => "",
        };
        self.rule(
            n,
            &format!(
                "permit {head} when {some}\n  provided {{ notice: invited at least {days} days before starts, fit: {when} }}{except}"
            ),
        );
    }

    /// Something that its owner would want to hear about.
    fn plant(&mut self, s: &str) {
        let n = format!("{s}_x");
        // No other rule is about guardians who write to vendors.
        let head = format!("{s} from guardian to vendor");
        match self.rng.u32(..6) {
            0 => {
                self.rule(&format!("{n}a"), &format!("permit {head} when purpose is any of meeting, safety"));
                self.rule(&format!("{n}b"), &format!("forbid {head} when purpose is safety and grade < 7"));
            }
            1 => {
                self.rule(&format!("{n}a"), &format!("permit {head} when grade >= 4"));
                self.rule(&format!("{n}b"), &format!("permit {head} when grade between 6 and 9 and approved"));
            }
            2 => self.rule(
                &n,
                &format!(
                    "permit {head} when purpose is club\n  except never {{ forbid when purpose is any of club, sport }}"
                ),
            ),
            3 => self.rule(
                &n,
                &format!("permit {head} when purpose is club\n  except trips {{ forbid when purpose is field_trip }}"),
            ),
            4 => self.rule(&n, &format!("permit {head} when purpose is club and purpose is not exam")),
            _ => self.rule(&n, &format!("permit {head} when grade < 5 and grade > 8")),
        }
    }
}
