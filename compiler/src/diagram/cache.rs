//! What was computed lately: a table that forgets.
//!
//! Each result has one place, and the next one for that place takes it. So looking up costs one read, the table never grows
//! past its bound, and what it forgets is only computed again. It grows with the diagrams.

use super::Node;

/// Results kept at the start and at most: 64 KiB to 64 MiB.
const LEAST: usize = 1 << 12;
const MOST: usize = 1 << 22;

#[derive(Debug, Clone, Copy)]
struct Entry {
    op: u32,
    a: Node,
    b: Node,
    result: Node,
}

const EMPTY: Entry = Entry { op: u32::MAX, a: Node(0), b: Node(0), result: Node(0) };

#[derive(Debug, Clone)]
pub(super) struct Cache {
    entries: Vec<Entry>,
    /// Results put in since it grew.
    filled: usize,
}

impl Cache {
    pub fn new() -> Self {
        Self { entries: vec![EMPTY; LEAST], filled: 0 }
    }

    fn place(&self, op: u32, a: Node, b: Node) -> usize {
        let key =
            (u64::from(a.0) << 32 | u64::from(b.0)).wrapping_add(u64::from(op).wrapping_mul(0xA24B_AED4_963E_E407));
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & (self.entries.len() - 1)
    }

    pub fn get(&self, op: u32, a: Node, b: Node) -> Option<Node> {
        let entry = self.entries[self.place(op, a, b)];
        (entry.op == op && entry.a == a && entry.b == b).then_some(entry.result)
    }

    pub fn put(&mut self, op: u32, a: Node, b: Node, result: Node) {
        if self.filled >= self.entries.len() && self.entries.len() < MOST {
            let larger = vec![EMPTY; self.entries.len() * 4];
            let old = std::mem::replace(&mut self.entries, larger);
            self.filled = 0;
            old.into_iter().filter(|e| e.op != u32::MAX).for_each(|e| self.put(e.op, e.a, e.b, e.result));
        }
        self.filled += 1;
        let place = self.place(op, a, b);
        self.entries[place] = Entry { op, a, b, result };
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }
}
