//! The plan's elements -> places on paper: decisions above, what they are worked out from below, what a case gives at the
//! bottom, the adopted texts beside the decisions.

use super::xml::Xml;

pub struct Shape {
    pub id: String,
    pub layer: Layer,
    width: i64,
    x: i64,
    y: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    Decision,
    Source,
    Helper,
    Input,
}

/// A requirement: its id, what is required, by whom.
pub struct Edge {
    pub id: String,
    pub from: String,
    pub to: String,
}

const GAP: i64 = 40;
const MARGIN: i64 = 160;
/// Room between layers, for the lines.
const BETWEEN: i64 = 100;
/// Inputs and helpers on one line.
const LINE: usize = 7;

impl Shape {
    pub fn new(id: &str, name: &str, layer: Layer) -> Self {
        let text = name.chars().count() as i64 * 8 + 30;
        let width = match layer {
            Layer::Decision | Layer::Helper => text.clamp(180, 320),
            Layer::Source => text.clamp(120, 220),
            Layer::Input => text.clamp(125, 260),
        };
        Self { id: id.to_string(), layer, width, x: 0, y: 0 }
    }

    fn height(&self) -> i64 {
        match self.layer {
            Layer::Decision => 80,
            Layer::Source | Layer::Helper => 60,
            Layer::Input => 45,
        }
    }
}

/// Gives every shape its place.
pub fn place(shapes: &mut [Shape]) {
    let of = |layers: &[Layer], shapes: &[Shape]| -> Vec<usize> {
        let fits = |i: &usize| layers.contains(&shapes[*i].layer);
        let mut all: Vec<usize> = (0..shapes.len()).filter(fits).collect();
        all.sort_by_key(|i| layers.iter().position(|l| *l == shapes[*i].layer));
        all
    };
    let mut lines: Vec<(Vec<usize>, i64)> = vec![(of(&[Layer::Decision, Layer::Source], shapes), BETWEEN)];
    for layer in [Layer::Helper, Layer::Input] {
        let all = of(&[layer], shapes);
        // As even as can be: 8 are two lines of 4.
        let per_line = all.len().div_ceil(all.len().div_ceil(LINE).max(1)).max(1);
        let count = all.len().div_ceil(per_line);
        lines.extend(all.chunks(per_line).enumerate().map(|(i, line)| {
            (line.to_vec(), if i + 1 == count { BETWEEN } else { GAP })
        }));
    }
    let width = |line: &[usize], shapes: &[Shape]| -> i64 {
        line.iter().map(|i| shapes[*i].width + GAP).sum::<i64>() - GAP
    };
    let widest = lines.iter().map(|l| width(&l.0, shapes)).max().unwrap_or(0);
    let mut y = 80;
    for (line, below) in lines.iter().filter(|l| !l.0.is_empty()) {
        let mut x = MARGIN + (widest - width(line, shapes)) / 2;
        let mut height = 0;
        for &i in line {
            let shape = &mut shapes[i];
            (shape.x, shape.y) = (x, y);
            x += shape.width + GAP;
            height = height.max(shape.height());
        }
        y += height + below;
    }
}

pub fn write(xml: &mut Xml, shapes: &[Shape], edges: &[Edge]) {
    xml.open("dmndi:DMNDI", &[]);
    xml.open("dmndi:DMNDiagram", &[("id", "diagram")]);
    for shape in shapes {
        let id = format!("shape_{}", shape.id);
        xml.open("dmndi:DMNShape", &[("id", &id), ("dmnElementRef", &shape.id)]);
        let [height, width, x, y] = [shape.height(), shape.width, shape.x, shape.y].map(|n| n.to_string());
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

/// From the middle of what is required to the requirer's lower edge, where the lines arrive from left to right.
fn line(from: &Shape, to: &Shape, shapes: &[Shape], edges: &[Edge]) -> [(i64, i64); 2] {
    if from.layer == Layer::Source {
        // Beside the decisions: below other decisions' boxes there would be no way.
        return [(from.x + from.width / 2, from.y), (to.x + to.width / 2, to.y)];
    }
    let arriving = edges.iter().filter(|e| e.to == to.id).filter_map(|e| shapes.iter().find(|s| s.id == e.from));
    let mut middles: Vec<(i64, &str)> =
        arriving.filter(|s| s.layer != Layer::Source).map(|s| (s.x + s.width / 2, s.id.as_str())).collect();
    middles.sort_unstable();
    let place = middles.iter().position(|m| m.1 == from.id).unwrap_or(0) as i64;
    let x = to.x + to.width * (place + 1) / (middles.len() as i64 + 1);
    [(from.x + from.width / 2, from.y), (x, to.y + to.height())]
}
