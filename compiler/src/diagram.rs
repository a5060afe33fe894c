//! Multi-valued decision diagrams over the cells of a space.
//!
//! A diagram is a function from an assignment (one cell for each axis) to a terminal: `FALSE` and `TRUE` for sets of
//! cases, any number for functions (`terminal`). Diagrams are ordered (level 0 at the root), reduced and shared: two
//! diagrams are the same function exactly if their `Node`s are equal.
//!
//! A node's children are stored as runs of cells with the same child, so an axis of thousands of cells costs only its
//! distinct runs. Work is bounded: past the node limit every operation returns `FALSE` and `exhausted()` turns true; what
//! was computed since is worthless and the caller says so (code O9001).

use crate::model::Bits;

/// A diagram; only meaningful with the [`Diagrams`] that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(u32);

/// One cell for each level.
pub type Assignment = Vec<u32>;

pub struct Diagrams {
    // private
}

impl Diagrams {
    pub const FALSE: Node = Node(0);
    pub const TRUE: Node = Node(1);

    /// `cells[level]` is the number of cells of that level, at least 1. `limit` is the most nodes it may hold.
    pub fn new(cells: Vec<u32>, limit: usize) -> Self {
        todo!()
    }
    pub fn cells(&self) -> &[u32] {
        todo!()
    }
    pub fn exhausted(&self) -> bool {
        todo!()
    }
    /// Nodes made so far, a measure of work that does not depend on the machine.
    pub fn steps(&self) -> u64 {
        todo!()
    }

    /// The terminal with this value; `terminal(0)` is `FALSE`, `terminal(1)` is `TRUE`.
    pub fn terminal(&mut self, value: u32) -> Node {
        todo!()
    }
    /// The value of a terminal, or `None` for an inner node.
    pub fn value(&self, node: Node) -> Option<u32> {
        todo!()
    }
    /// Level of an inner node.
    pub fn level(&self, node: Node) -> Option<usize> {
        todo!()
    }
    /// Children of an inner node as (first cell, last cell, child), in order, covering all cells.
    pub fn runs(&self, node: Node) -> Vec<(u32, u32, Node)> {
        todo!()
    }

    /// TRUE where the level's cell is in the set.
    pub fn literal(&mut self, level: usize, cells: &Bits) -> Node {
        todo!()
    }
    /// At this level, `children[cell]`; children lie at deeper levels.
    pub fn node(&mut self, level: usize, children: &[Node]) -> Node {
        todo!()
    }

    pub fn and(&mut self, a: Node, b: Node) -> Node {
        todo!()
    }
    pub fn or(&mut self, a: Node, b: Node) -> Node {
        todo!()
    }
    /// a and not b
    pub fn diff(&mut self, a: Node, b: Node) -> Node {
        todo!()
    }
    pub fn not(&mut self, a: Node) -> Node {
        todo!()
    }
    /// where `cond` then `a` else `b`; `a` and `b` may have any terminals
    pub fn ite(&mut self, cond: Node, a: Node, b: Node) -> Node {
        todo!()
    }
    /// Balanced, so that many small sets stay small for long.
    pub fn or_all(&mut self, nodes: &[Node]) -> Node {
        todo!()
    }
    pub fn and_all(&mut self, nodes: &[Node]) -> Node {
        todo!()
    }
    /// Combines two functions terminal by terminal. `key` names the operation for the cache: one key, one function.
    pub fn combine(&mut self, key: u32, a: Node, b: Node, f: &mut dyn FnMut(u32, u32) -> u32) -> Node {
        todo!()
    }
    /// The set where the function has one of these values.
    pub fn preimage(&mut self, f: Node, values: &dyn Fn(u32) -> bool) -> Node {
        todo!()
    }
    /// TRUE where some choice of these levels makes `f` true.
    pub fn exists(&mut self, f: Node, levels: &[usize]) -> Node {
        todo!()
    }
    /// `f` with the level fixed to a cell.
    pub fn cofactor(&mut self, f: Node, level: usize, cell: u32) -> Node {
        todo!()
    }
    /// A function that equals `f` wherever `care` holds, and is chosen to be small elsewhere.
    pub fn simplify(&mut self, f: Node, care: Node) -> Node {
        todo!()
    }

    /// No common assignment; builds nothing.
    pub fn disjoint(&mut self, a: Node, b: Node) -> bool {
        todo!()
    }
    pub fn implies(&mut self, a: Node, b: Node) -> bool {
        todo!()
    }
    /// How many assignments are TRUE; `u128::MAX` for that many or more.
    pub fn count(&mut self, f: Node) -> u128 {
        todo!()
    }
    /// The terminal of one assignment.
    pub fn eval(&self, f: Node, assignment: &[u32]) -> u32 {
        todo!()
    }
    /// Some assignment that is TRUE, the first by `prefer(level, cell)` (smaller is better) level by level.
    pub fn pick(&self, f: Node, prefer: &dyn Fn(usize, u32) -> u64) -> Option<Assignment> {
        todo!()
    }
    /// The levels that the function depends on, ascending.
    pub fn support(&self, f: Node) -> Vec<usize> {
        todo!()
    }
    /// Inner nodes of one diagram.
    pub fn size(&self, f: Node) -> usize {
        todo!()
    }
}
