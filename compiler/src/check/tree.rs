//! Declarations of roles and channels -> two hierarchies, closed: a parent is exactly its children.

use super::context::Cx;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Bits;
use crate::resolve::names::{NodeDecl, Wanted};
use crate::resolve::{graph, similar};
use crate::source::Span;
use crate::syntax::ast::Text;

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub name: Text,
    pub title: Option<Text>,
    pub span: Span,
    pub parent: Option<u32>,
    pub children: Vec<u32>,
}

/// All roles, or all channels.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hierarchy {
    pub nodes: Vec<Node>,
    /// Parents before their children, in the order declared.
    pub order: Vec<u32>,
    /// The nodes without children, in that order.
    pub leaves: Vec<u32>,
    /// For each node the leaves at or below it, as positions in `leaves`.
    pub below: Vec<Bits>,
    /// The sets of leaves that one person may have together: first the single ones. For channels only these.
    pub profiles: Vec<Bits>,
}

/// More profiles than this are not counted one by one.
const MOST_PROFILES: usize = 4096;

impl Cx<'_> {
    pub fn trees(&mut self) {
        self.channels = self.hierarchy(&self.decls.channels, Wanted::CHANNEL);
        self.roles = self.hierarchy(&self.decls.roles, Wanted::ROLE);
        self.roles.profiles = self.profiles();
    }

    fn hierarchy(&self, decls: &[NodeDecl], wanted: Wanted) -> Hierarchy {
        let mut nodes: Vec<Node> = decls
            .iter()
            .map(|d| Node {
                name: d.name.text.clone(),
                title: d.title.map(|t| t.text.clone()),
                span: d.name.span,
                parent: d.parent,
                children: Vec::new(),
            })
            .collect();
        let mut edges = vec![Vec::new(); nodes.len()];
        for (i, d) in decls.iter().enumerate() {
            // Naming the parent is no use of it: what stands below it may be unused as well.
            if let Some(under) = d.under {
                // Several nodes of one item share the name: what is wrong with it is said for the first.
                let again =
                    decls[..i].iter().rev().take_while(|o| o.item.span == d.item.span).any(|o| o.under.is_some());
                let (symbol, why) = self.names.find(&self.missed, self.project, &under.text, under.span, wanted);
                why.filter(|_| !again).into_iter().for_each(|d| self.report(*d));
                nodes[i].parent = symbol.map(|s| self.names.known.symbols[s].index);
            }
            edges[i].extend(nodes[i].parent.map(|p| p as usize));
        }
        let shape = graph::shape(&edges);
        for circle in &shape.circles {
            let names: Vec<&str> = circle.iter().map(|&i| nodes[i].name.as_str()).collect();
            let Some((&first, node)) = names.first().zip(circle.first().map(|&i| &nodes[i])) else { continue };
            let message = if names.len() == 1 {
                format!("`{first}` stands under itself")
            } else {
                format!("`{first}` stands under itself: {} are under one another", similar::list(&names, "and"))
            };
            self.report(Diagnostic::new(&codes::CYCLE, node.span, message).help("take one of the `under` away"));
        }
        for (node, _) in nodes.iter_mut().zip(&shape.cut).filter(|n| *n.1) {
            node.parent = None;
        }
        for i in 0..nodes.len() {
            if let Some(parent) = nodes[i].parent {
                nodes[parent as usize].children.push(i as u32);
            }
        }
        Hierarchy::new(nodes)
    }

    /// All sets of leaves that pairwise may come together, by size.
    fn profiles(&self) -> Vec<Bits> {
        let n = self.roles.leaves.len();
        let mut together = vec![Bits::new(); n];
        let mut first: Option<Span> = None;
        for (who, also) in &self.decls.maybes {
            let a = self.find(who, Wanted::ROLE);
            for other in *also {
                let b = self.find(other, Wanted::ROLE);
                let (Some(a), Some(b)) = (a, b) else { continue };
                first = first.or(Some(who.span));
                let (a, b) = (&self.roles.below[a.index as usize], &self.roles.below[b.index as usize]);
                for x in a.iter() {
                    for y in b.iter().filter(|&y| y != x) {
                        together[x].insert(y);
                        together[y].insert(x);
                    }
                }
            }
        }
        let mut profiles: Vec<Bits> = (0..n).map(Bits::one).collect();
        // Each profile of one size grows by each later leaf that may come together with all of it.
        let mut grown: Vec<(Bits, Bits)> =
            (0..n).map(|i| (Bits::one(i), together[i].iter().filter(|&j| j > i).collect())).collect();
        while !grown.is_empty() {
            let mut next = Vec::new();
            for (profile, rest) in &grown {
                for leaf in rest.iter() {
                    let mut wider = profile.clone();
                    wider.insert(leaf);
                    if profiles.len() >= MOST_PROFILES && n < MOST_PROFILES {
                        let message = format!("roles may come together in more than {MOST_PROFILES} ways");
                        self.report(
                            Diagnostic::new(&codes::TOO_MANY_VALUES, first.unwrap_or_default(), message)
                                .help("let only those roles come together that one person can really have")
                                .help("or ask for a `set of role`, which may have any elements"),
                        );
                        return profiles;
                    }
                    profiles.push(wider.clone());
                    let rest = rest.intersection(&together[leaf]).iter().filter(|&j| j > leaf).collect();
                    next.push((wider, rest));
                }
            }
            grown = next;
        }
        profiles
    }
}

impl Hierarchy {
    fn new(nodes: Vec<Node>) -> Self {
        let mut order = Vec::with_capacity(nodes.len());
        let mut open: Vec<u32> =
            (0..nodes.len() as u32).rev().filter(|&i| nodes[i as usize].parent.is_none()).collect();
        while let Some(i) = open.pop() {
            order.push(i);
            open.extend(nodes[i as usize].children.iter().rev());
        }
        let leaves: Vec<u32> = order.iter().copied().filter(|&i| nodes[i as usize].children.is_empty()).collect();
        let mut below = vec![Bits::new(); nodes.len()];
        for (position, &leaf) in leaves.iter().enumerate() {
            below[leaf as usize].insert(position);
        }
        for &i in order.iter().rev() {
            if let Some(parent) = nodes[i as usize].parent {
                below[parent as usize] = below[parent as usize].union(&below[i as usize]);
            }
        }
        let profiles = (0..leaves.len()).map(Bits::one).collect();
        Self { nodes, order, leaves, below, profiles }
    }
}
