//! Programs and what their models say.

use super::*;

/// The program on the first page of the language's description.
const TASTE: &str = r#"
policy student_aup "Student acceptable use" {
  timezone "America/Chicago"
  in force from 2019-08-28
  default forbid
}

use std.school
use std.communication

fact account:   one of district, personal          if channel is email
fact purpose:   one of lesson, safety_meetup, field_trip, bulk_alert, oral_exam, required_service
fact approved:  yes/no   "approved by the school beforehand"
fact one_to_one, recorded, consent: yes/no         if channel is video
fact invited, starts: datetime                     if channel is video
fact attendees: set of role                        if channel is video
fact distressing: yes/no

section "Student e-mail" {
  rule district_mail { permit email from student to staff when account is district }
  rule personal_mail { forbid email from student to staff when account is personal }
}

section "Personal devices" {
  rule phone "No calls or texts to staff" {
    forbid call, text from student to staff

    except authorised_text {
      permit text when approved and purpose is any of safety_meetup, field_trip, bulk_alert
    }
  }
}

section "One-to-one meetings" {
  define private_meeting = one_to_one and channel is video

  rule only_on_meet { require channel is google_meet when private_meeting }

  rule meet {
    permit google_meet from staff to student when private_meeting
    provided {
      notice:   invited at least 4 days before starts
      guardian: attendees include guardian
      school:   attendees include any of principal, assistant_principal
    }
    advise recorded
  }

  rule consent_first {
    require not recorded when private_meeting and not consent
    except services { waive when purpose is required_service }
  }
}

duty report "Tell a teacher or another adult at the school promptly"
rule speak_up { oblige report when distressing }

expect "students never phone staff"            { forbid call from student to staff }
expect "three days' notice is too short"       { forbid google_meet from staff to student
                                                 when one_to_one and invited less than 4 days before starts }
expect "an approved field-trip text is fine"   { permit text from student to teacher
                                                 when approved and purpose is field_trip  by phone.authorised_text }
"#;

#[test]
fn the_taste_has_a_model() {
    assert_eq!(errors(TASTE), "");
    let model = model(TASTE);
    let paths: Vec<_> = model.clauses.iter().map(|c| c.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "district_mail",
            "personal_mail",
            "phone",
            "phone.authorised_text",
            "only_on_meet",
            "meet",
            "consent_first",
            "consent_first.services",
            "speak_up"
        ]
    );
    let facts: Vec<_> = model.facts.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(facts[..4], ["channel", "sender", "recipient", "on"]);
    assert_eq!(model.expectations.len(), 3);
}
