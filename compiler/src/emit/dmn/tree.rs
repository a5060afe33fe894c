//! XML text -> elements with their lines. Names lose their prefixes: other tools choose their own.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements within elements.
const DEPTH: usize = 100;

#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
    /// From 1.
    pub line: usize,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.0 == name).map(|a| a.1.as_str())
    }

    pub fn children(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of the child `name`, or of its own child `text`.
    pub fn text_of(&self, name: &str) -> &str {
        let Some(child) = self.children(name).next() else { return "" };
        child.children("text").next().unwrap_or(child).text.trim()
    }
}

/// The root element.
pub fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let (mut line, mut seen) = (1, 0);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len()).min(text.len());
        line += text.as_bytes()[seen..at].iter().filter(|b| **b == b'\n').count();
        seen = at;
        let event = reader.read_event().map_err(|e| format!("line {line}: it is not XML: {e}"))?;
        match event {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return Err(format!("line {line}: too many elements within elements"));
                }
                open.push(element(&start, line)?);
            }
            Event::Empty(start) => {
                let element = element(&start, line)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => {
                let (Some(done), Some(parent)) = (open.pop(), open.last_mut()) else {
                    return Err(format!("line {line}: an element ends that did not begin"));
                };
                parent.children.push(done);
            }
            Event::Text(said) => add(&mut open, &said.xml10_content()),
            Event::CData(said) => add(&mut open, &said.xml10_content()),
            Event::GeneralRef(reference) => {
                let sign = match reference.resolve_char_ref() {
                    Ok(Some(sign)) => sign.to_string(),
                    _ => quick_xml::escape::resolve_predefined_entity(&reference.xml10_content())
                        .ok_or_else(|| format!("line {line}: `&{};` is not known", reference.xml10_content()))?
                        .to_string(),
                };
                add(&mut open, &sign);
            }
            Event::Eof if open.len() > 1 => {
                let name = open.pop().unwrap_or_default().name;
                return Err(format!("line {line}: the element `{name}` does not end"));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
        }
    }
    let roots = open.into_iter().next().map(|all| all.children).unwrap_or_default();
    roots.into_iter().next().ok_or_else(|| "it holds no XML element".to_string())
}

fn add(open: &mut [Element], text: &str) {
    if let Some(last) = open.last_mut() {
        last.text.push_str(text);
    }
}

fn element(start: &BytesStart<'_>, line: usize) -> Result<Element, String> {
    let mut element = Element { name: start.local_name().into_inner().to_string(), line, ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| format!("line {line}: {e}"))?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|e| format!("line {line}: {e}"))?;
        element.attributes.push((attribute.key.local_name().into_inner().to_string(), value.into_owned()));
    }
    Ok(element)
}
