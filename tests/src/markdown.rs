//! Markdown text -> its fenced blocks, each with the words behind the fence and its line.
//!
//! Knows nothing of the language: a block is a tag, some words, some `key=value` options and a text.

use std::path::Path;

/// One Markdown page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Relative to the repository, `/`-separated.
    pub path: String,
    pub text: String,
    pub blocks: Vec<Block>,
}

/// One fenced block.
#[derive(Debug, Clone)]
pub struct Block {
    /// The first word behind the fence: `ordain`, `decide`, `markdown`.
    pub tag: String,
    /// The other words: `fails`, `also`.
    pub words: Vec<String>,
    /// The words of the shape `key=value`.
    pub options: Vec<(String, String)>,
    /// What stands between the fences, each line with its line break.
    pub text: String,
    /// The line of the page, from 1, on which the text begins.
    pub line: usize,
}

impl Page {
    pub fn read(root: &Path, path: &str) -> Self {
        let text = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        Self { path: path.to_string(), blocks: blocks(&text), text }
    }

    /// The first line without its `#`.
    pub fn title(&self) -> &str {
        self.text.lines().next().unwrap_or("").trim_start_matches('#').trim()
    }
}

impl Block {
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }

    pub fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}

/// The blocks of a text. A fence is closed by one at least as long; an unclosed one ends with the text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for (index, line) in text.lines().enumerate() {
        let fence = line.len() - line.trim_start_matches('`').len();
        match &mut open {
            Some((length, _)) if fence >= *length && line.trim_start_matches('`').trim().is_empty() => {
                found.extend(open.take().map(|(_, block)| block));
            }
            Some((_, block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            None if fence >= 3 => open = Some((fence, opened(&line[fence..], index + 2))),
            None => {}
        }
    }
    found.extend(open.map(|(_, block)| block));
    found
}

fn opened(info: &str, line: usize) -> Block {
    let mut parts = info.split_whitespace();
    let tag = parts.next().unwrap_or("").to_string();
    let (options, words): (Vec<&str>, Vec<&str>) = parts.partition(|p| p.contains('='));
    let options =
        options.iter().filter_map(|o| o.split_once('=')).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    Block { tag, words: words.into_iter().map(str::to_string).collect(), options, text: String::new(), line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_nest_by_length() {
        let found = blocks("a\n````text\n```ordain\n````\n```ordain fails file=a.ordain\nrule\n```\n");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].tag.as_str(), found[0].text.as_str()), ("text", "```ordain\n"));
        assert_eq!((found[1].tag.as_str(), found[1].line, found[1].text.as_str()), ("ordain", 6, "rule\n"));
        assert!(found[1].has("fails"));
        assert_eq!(found[1].option("file"), Some("a.ordain"));
    }
}
