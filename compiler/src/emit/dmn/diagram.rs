//! The plan's elements -> places on paper, from left to right: what a case gives, what is worked out from it, the decisions,
//! the adopted texts.
//!
//! What is worked out stands beside what it is worked out from; lines bend behind it only. So no line runs over a box.

use crate::xml::Xml;

pub struct Shape {
    pub id: String,
    pub layer: Layer,
    width: i64,
    height: i64,
    x: i64,
    y: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    Input,
    Helper,
    Decision,
    Source,
}

/// A requirement: its id, what is required, by whom.
pub struct Edge {
    pub id: String,
    pub from: String,
    pub to: String,
}

/// Left and above of everything.
const MARGIN: (i64, i64) = (160, 100);
/// From one input to the next.
const PITCH: i64 = 60;
/// Of inputs and helpers.
const HEIGHT: i64 = 40;
/// Between columns.
const GAP: i64 = 60;
/// In which lines go up and down.
const FAN: i64 = 180;
/// Between lines that arrive at a decision.
const PORT: i64 = 18;

impl Shape {
    pub fn new(id: &str, name: &str, layer: Layer) -> Self {
        let text = name.chars().count() as i64 * 8 + 40;
        let (least, most) = match layer {
            Layer::Decision => (180, 320),
            Layer::Source => (120, 240),
            Layer::Helper => (160, 420),
            Layer::Input => (125, 320),
        };
        Self { id: id.to_string(), layer, width: text.clamp(least, most), height: HEIGHT, x: 0, y: 0 }
    }

    fn middle(&self) -> i64 {
        self.y + self.height / 2
    }
}

/// Gives every shape its place.
pub fn place(shapes: &mut [Shape], edges: &[Edge]) {
    let of = |layer: Layer, shapes: &[Shape]| -> Vec<usize> {
        (0..shapes.len()).filter(|i| shapes[*i].layer == layer).collect()
    };
    let widest = |all: &[usize], shapes: &[Shape]| all.iter().map(|i| shapes[*i].width + GAP).max().unwrap_or(0);
    let (inputs, helpers) = (of(Layer::Input, shapes), of(Layer::Helper, shapes));
    let mut x = MARGIN.0;
    for (row, &i) in inputs.iter().enumerate() {
        (shapes[i].x, shapes[i].y) = (x, MARGIN.1 + row as i64 * PITCH);
    }
    x += widest(&inputs, shapes);
    // Beside its input; those without one below all inputs.
    let mut rows = inputs.len();
    for &i in &helpers {
        let input = edges.iter().find(|e| e.to == shapes[i].id);
        let row = input.and_then(|e| inputs.iter().position(|n| shapes[*n].id == e.from));
        let row = row.unwrap_or_else(|| {
            rows += 1;
            rows - 1
        });
        (shapes[i].x, shapes[i].y) = (x, MARGIN.1 + row as i64 * PITCH);
    }
    x += widest(&helpers, shapes) + FAN;
    let decisions = of(Layer::Decision, shapes);
    for &i in &decisions {
        let lines = edges.iter().filter(|e| e.to == shapes[i].id && !is_source(&e.from, shapes)).count();
        shapes[i].height = 80.max((lines as i64 + 1) * PORT);
    }
    let sources = of(Layer::Source, shapes);
    for (column, gap) in [(&decisions, 2 * GAP), (&sources, GAP)] {
        let height = column.iter().map(|i| shapes[*i].height + gap).sum::<i64>() - gap;
        let mut y = MARGIN.1 + ((rows as i64 * PITCH - height) / 2).max(0);
        for &i in column {
            (shapes[i].x, shapes[i].y) = (x, y);
            y += shapes[i].height + gap;
        }
        x += widest(column, shapes) + GAP;
    }
}

fn is_source(id: &str, shapes: &[Shape]) -> bool {
    shapes.iter().any(|s| s.id == id && s.layer == Layer::Source)
}

pub fn write(xml: &mut Xml, shapes: &[Shape], edges: &[Edge]) {
    xml.open("dmndi:DMNDI", &[]);
    xml.open("dmndi:DMNDiagram", &[("id", "diagram")]);
    for shape in shapes {
        let id = format!("shape_{}", shape.id);
        xml.open("dmndi:DMNShape", &[("id", &id), ("dmnElementRef", &shape.id)]);
        let [height, width, x, y] = [shape.height, shape.width, shape.x, shape.y].map(|n| n.to_string());
        xml.empty("dc:Bounds", &[("height", &height), ("width", &width), ("x", &x), ("y", &y)]);
        xml.close("dmndi:DMNShape");
    }
    for edge in edges {
        let find = |id: &str| shapes.iter().find(|s| s.id == id);
        let (Some(from), Some(to)) = (find(&edge.from), find(&edge.to)) else { continue };
        let id = format!("edge_{}", edge.id);
        xml.open("dmndi:DMNEdge", &[("id", &id), ("dmnElementRef", &edge.id)]);
        for (x, y) in line(from, to, shapes, edges) {
            xml.empty("di:waypoint", &[("x", &x.to_string()), ("y", &y.to_string())]);
        }
        xml.close("dmndi:DMNEdge");
    }
    xml.close("dmndi:DMNDiagram");
    xml.close("dmndi:DMNDI");
}

/// From the right edge of what is required to the requirer's left edge, where lines arrive in the order of their origins.
fn line(from: &Shape, to: &Shape, shapes: &[Shape], edges: &[Edge]) -> Vec<(i64, i64)> {
    if from.layer == Layer::Source {
        return vec![(from.x, from.middle()), (to.x + to.width, to.middle())];
    }
    let start = (from.x + from.width, from.middle());
    if to.layer == Layer::Helper {
        return vec![start, (to.x, to.middle())];
    }
    let mut arriving: Vec<&Shape> = edges
        .iter()
        .filter(|e| e.to == to.id)
        .filter_map(|e| shapes.iter().find(|s| s.id == e.from && s.layer != Layer::Source))
        .collect();
    arriving.sort_by_key(|s| (s.y, s.layer == Layer::Helper));
    let place = arriving.iter().position(|s| s.id == from.id).unwrap_or(0) as i64 + 1;
    let end = (to.x, to.y + to.height * place / (arriving.len() as i64 + 1));
    let fan = to.x - FAN;
    let beside = shapes.iter().any(|s| s.layer == Layer::Helper && s.y == from.y);
    match from.layer {
        Layer::Input if beside => {
            // Above the helper, between two rows.
            let above = from.y - (PITCH - HEIGHT) / 2;
            let turn = from.x.max(start.0) + GAP / 3;
            vec![(start.0, start.1 - HEIGHT / 4), (turn, above), (fan, above), end]
        }
        _ => vec![start, (fan, start.1), end],
    }
}
