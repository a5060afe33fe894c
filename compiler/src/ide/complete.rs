//! A place in a text -> what can be written there.
//!
//! The text before the place is read as tokens, so it may be as broken as text is while it is typed: `context` says what
//! is expected, `offers` lists it from the names of the project and of the standard library.

mod context;
mod offers;

use super::View;
use super::index::Target;
use crate::diagnostics::Edit;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use rustc_hash::FxHashSet;

/// What an offer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    Named(Kind),
    Value,
    Keyword,
    /// A whole statement with places to fill in.
    Template,
    Module,
    File,
    Heading,
    Text,
}

/// Something that can be written.
#[derive(Debug, Clone)]
pub struct Offer {
    pub label: String,
    pub kind: OfferKind,
    /// A few words behind the label.
    pub detail: String,
    /// What replaces `span`. Of a template `${1:name}` are places to fill in and `$0` is where one ends.
    pub insert: String,
    /// The word that is being typed.
    pub span: Span,
    /// What has to change elsewhere: the `use` that makes the name known.
    pub edits: Vec<Edit>,
    /// What fits best comes first.
    pub rank: u8,
    /// What it says about itself: for [`resolve`].
    pub target: Option<Target>,
    /// Its text about itself where it is no name.
    pub about: String,
}

/// What can be written at an offset.
pub fn complete(view: &View, file: FileId, offset: u32) -> Vec<Offer> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    let text = &view.checked.sources.get(file).text;
    let context = context::at(file, Some(tree), text, offset);
    let mut offers = offers::Offers::new(view, file, context.span);
    offers.expected(&context);
    let mut out = offers.out;
    // Those of one rank stay in the order in which they are declared.
    out.sort_by_key(|o| o.rank);
    let mut seen = FxHashSet::default();
    out.retain(|o| seen.insert(o.label.clone()));
    out
}

/// What there is to know about an offer, as Markdown.
pub fn resolve(view: &View, offer: &Offer) -> String {
    match offer.target {
        Some(target) => super::hover::about(view, target).join("\n\n"),
        None => offer.about.clone(),
    }
}
