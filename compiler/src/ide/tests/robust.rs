//! Every feature at every place of whole and of broken texts: nothing panics, and spans lie within their files.

use super::{Index, View, workspace};
use crate::ide::{
    calls, colours, complete, fixes, folds, hints, hover, lenses, links, lookup, outline, reformat, rename,
};
use crate::source::Span;

const TEXT: &str = "use std.school\npolicy p \"é😀\" { default forbid source \"m.md\" }\r\nfact late, ill: yes/no\nfact at_, to_: datetime\nrole x under staff\nchannel email\nperiod q = weekdays 08:00 to 15:30\ndefine own = late or ill\nsection s \"S\" cite \"m.md#h\" {\n rule a { permit email from staff to student when own and at_ at least 2 days before to_ provided { n: late }\n except b { waive when at_ during q } }\n}\nexpect \"z\" { permit email when late by a.b }\n";

fn everything(view: &View, text: &str) {
    let file = view.checked.sources.find("p.ordain").expect("the file");
    let inside = |span: Span| {
        let whole = view.checked.sources.get(span.file).text.len() as u32;
        assert!(span.start <= span.end && span.end <= whole, "{span:?} of {whole}");
    };
    colours::colours(view, file).iter().for_each(|c| inside(c.span));
    folds::folds(view, file);
    links::links(view, file).iter().for_each(|l| inside(l.target));
    outline::outline(view, file).iter().for_each(|e| inside(e.span));
    hints::hints(view, Span::new(file, 0..text.len())).iter().for_each(|h| inside(h.at));
    lenses::lenses(view, file).iter().for_each(|l| inside(l.span));
    reformat::reformat(view, file, None).iter().for_each(|e| inside(e.span));
    for (offset, _) in text.char_indices().step_by(2) {
        let offset = offset as u32;
        hover::hover(view, file, offset).iter().for_each(|h| inside(h.span));
        lookup::definition(view, file, offset).iter().for_each(|d| inside(d.item));
        lookup::references(view, file, offset, true).iter().for_each(|s| inside(*s));
        lookup::highlights(view, file, offset).iter().for_each(|s| inside(s.0));
        let _ = rename::rename(view, file, offset, "new_name");
        let _ = calls::entry_at(view, file, offset);
        complete::complete(view, file, offset).iter().for_each(|o| inside(o.span));
        folds::selections(view, file, offset).iter().for_each(|s| inside(*s));
        reformat::after_brace(view, file, offset).iter().for_each(|e| inside(e.span));
        fixes::actions(view, Span { file, start: offset, end: offset });
    }
}

#[test]
fn no_place_of_a_broken_text_panics() {
    let md = ("m.md".to_string(), "# M\n## H\nx\n".to_string());
    let mut cuts: Vec<usize> = TEXT.char_indices().map(|c| c.0).filter(|i| i % 23 == 0).collect();
    cuts.push(TEXT.len());
    for cut in cuts {
        let mut texts = vec![TEXT[..cut].to_string()];
        if let Some(rest) = TEXT.get(cut + 7..) {
            texts.push(format!("{}{rest}", &TEXT[..cut]));
        }
        for text in texts {
            let checked = workspace(&[("p.ordain".into(), text.clone()), md.clone()]).check();
            let index = Index::new(&checked);
            // What is read around a place is what is there among all places.
            let whole = Index::new(&checked);
            for (file, source) in checked.sources.iter() {
                whole.of_file(file);
                for at in 0..=source.text.len() as u32 {
                    assert_eq!(index.at(file, at), whole.at(file, at), "{} at {at}: {text}", source.path);
                }
            }
            let diagnostics = &checked.diagnostics;
            everything(&View { checked: &checked, diagnostics, index: &index, measured: None, current: false }, &text);
        }
    }
}
