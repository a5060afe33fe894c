//! The text itself: what its words mean, and that laying it out anew changes nothing of that.

use super::{Outcome, compile, fail, tell};
use crate::random::meaning::{Meaning, Said};
use crate::random::tree::Program;
use crate::random::world::World;
use ordain::decide::{self, Decided, Verdict};
use ordain::model::Model;

/// The words of the program, read without the compiler, say the same as `decide`.
pub fn meaning(program: &Program, world: &World<'_>) -> Outcome {
    let model = world.model;
    let meaning = Meaning::new(program, model);
    for (i, case) in world.cases.iter().enumerate() {
        let (exists, assumed) = meaning.legal(case);
        if !exists {
            return fail("meaning: which facts exist", tell(model, case));
        }
        if assumed != world.legal.has(i) {
            return fail("meaning: an assumption", tell(model, case));
        }
        if !assumed {
            continue;
        }
        let (words, compiled) = (meaning.of(case), said(model, &world.decided[i]));
        if words != compiled {
            return fail("meaning", format!("{}: {words:?}, but decide: {compiled:?}", tell(model, case)));
        }
    }
    Ok(())
}

fn said(model: &Model, decided: &Decided) -> Said {
    let path = |id: &ordain::model::ClauseId| model.clause(*id).path.to_string();
    let answers = decided.answers.iter().zip(&model.decisions).map(|(answer, decision)| {
        let word = match answer.result {
            Verdict::Is(v) => decision.values[v as usize].name.to_string(),
            Verdict::Conflict => "conflict".into(),
            Verdict::Undecided => "undecided".into(),
        };
        let mut by: Vec<String> = answer.by.iter().map(path).collect();
        by.sort();
        (word, by)
    });
    let mut duties: Vec<String> = decided.duties.iter().map(|d| model.duty(*d).name.to_string()).collect();
    duties.sort();
    let mut advice: Vec<(String, usize)> = decided.advice.iter().map(|(c, i)| (path(c), *i)).collect();
    advice.sort();
    Said { answers: answers.collect(), duties, advice }
}

/// Laid out anew the text says the same, and laying it out once more changes nothing.
pub fn format(files: &[(String, String)], world: &World<'_>) -> Outcome {
    let mut laid_out = Vec::new();
    for (path, text) in files {
        let Some(formatted) = ordain::format::format(text) else { return fail("format: none", path.as_str()) };
        if ordain::format::format(&formatted).as_ref() != Some(&formatted) {
            return fail("format: not the same again", formatted);
        }
        laid_out.push((path.clone(), formatted));
    }
    let (_, model) = match compile(&laid_out) {
        Ok(compiled) => compiled,
        Err(failure) => return fail("format: does not check", failure.text),
    };
    for (i, case) in world.cases.iter().enumerate() {
        let legal = decide::check_case(&model, case).is_empty();
        if legal != world.legal.has(i) || (legal && decide::decide(&model, case) != world.decided[i]) {
            return fail("format: another meaning", tell(world.model, case));
        }
    }
    Ok(())
}
