//! Measured rows -> the cost curves as an SVG: rules against time and against memory, both axes logarithmic.
//!
//! It carries its colours for light and for dark pages. A row that was stopped is a cross at the top edge, where its line
//! ends.

use crate::report::Line;
use std::fmt::Write;

/// A pair of panels, time and memory, with the lines in them.
struct Panel {
    title: &'static str,
    /// Title, work and shape.
    lines: &'static [(&'static str, &'static str, &'static str)],
}

const PANELS: [Panel; 6] = [
    Panel {
        title: "From text to all findings",
        lines: &[
            ("district policy", "findings", "aup"),
            ("table, 5 columns", "findings", "bpm5"),
            ("table, 13 columns", "findings", "bpm13"),
            ("20 facts, wide", "findings", "hard20"),
            ("40 facts", "findings", "wide40"),
            ("one selective fact", "findings", "sel8"),
        ],
    },
    Panel {
        title: "The district policy, by work",
        lines: &[
            ("all findings", "findings", "aup"),
            ("parse and type-check", "understand", "aup"),
            ("one rule changed", "change", "aup"),
            ("unique table", "table", "aup"),
        ],
    },
    Panel {
        title: "The district policy, by question of the analysis",
        lines: &[
            ("lowering", "lowering", "aup"),
            ("never applies", "never-applies", "aup"),
            ("exceptions", "exceptions", "aup"),
            ("conflicts", "conflicts", "aup"),
            ("requirements", "requirements", "aup"),
            ("unreachable", "unreachable", "aup"),
            ("redundant", "redundant", "aup"),
            ("parts always true", "parts", "aup"),
        ],
    },
    Panel {
        title: "A table of 5 columns, by question",
        lines: &[
            ("lowering", "lowering", "bpm5"),
            ("conflicts", "conflicts", "bpm5"),
            ("gaps", "gaps", "bpm5"),
            ("unreachable", "unreachable", "bpm5"),
            ("redundant", "redundant", "bpm5"),
        ],
    },
    Panel { title: "One decision, compiled", lines: &[("district policy", "decide", "aup")] },
    Panel {
        title: "Shapes that are hard for one method",
        lines: &[
            ("8 facts, dense", "findings", "dense8"),
            ("20 facts, dense", "findings", "dense20"),
            ("few conditions", "findings", "wildcards"),
            ("products", "findings", "products"),
            ("staircase", "findings", "staircase"),
            ("diagonal", "findings", "diagonal"),
        ],
    },
];

const COLOURS: [&str; 8] = ["#2f7ed8", "#d9622b", "#3a9a50", "#a05ac8", "#b8860b", "#c8406e", "#1f9e9e", "#7a7f87"];
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 330.0;
/// One panel's plot: its left edge from the panel's, width, top and height.
const LEFT: f64 = 62.0;
const PLOT: f64 = 270.0;
const TOP: f64 = 58.0;
const TALL: f64 = 220.0;

const STYLE: &str = "
  .paper { fill: #ffffff } .ink { fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d8dee4; stroke-width: 1 }
  .edge { stroke: #8c959f; stroke-width: 1; fill: none } text { font: 12px system-ui, sans-serif } .title { font-size: 14px; font-weight: 600 }
  .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d } .edge { stroke: #6e7681 }
  }";

/// A logarithmic axis over whole powers of ten.
struct Axis {
    low: i32,
    high: i32,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>) -> Axis {
        let (mut low, mut high) = (f64::MAX, f64::MIN);
        for value in values.filter(|v| *v > 0.0).map(f64::log10) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            return Axis { low: 0, high: 1 };
        }
        let (low, high) = ((low + 1e-9).floor() as i32, (high - 1e-9).ceil() as i32);
        Axis { low, high: high.max(low + 1) }
    }

    /// From 0 to 1.
    fn place(&self, value: f64) -> f64 {
        (value.max(1e-9).log10() - f64::from(self.low)) / f64::from(self.high - self.low)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|power| 10f64.powi(power))
    }
}

pub fn svg(measured: &[Line]) -> String {
    let height = HEIGHT * PANELS.len() as f64;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>Time and peak memory against the number of rules</title>\n<style>{STYLE}\n</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n"
    );
    for (i, panel) in PANELS.iter().enumerate() {
        let mut lines: Vec<(&str, &str, Vec<&Line>)> = Vec::new();
        for ((title, work, shape), colour) in panel.lines.iter().zip(COLOURS) {
            let points: Vec<&Line> = measured.iter().filter(|l| l.work == *work && l.shape == *shape).collect();
            if !points.is_empty() {
                lines.push((title, colour, points));
            }
        }
        let top = HEIGHT * i as f64;
        let _ = writeln!(text, "<text class=\"ink title\" x=\"16\" y=\"{}\">{}</text>", top + 24.0, panel.title);
        plot(&mut text, (LEFT, top + TOP), "time", &lines, |l| l.median, span);
        plot(
            &mut text,
            (LEFT + PLOT + 92.0, top + TOP),
            "peak memory",
            &lines,
            |l| l.peak.map(|k| k / 1024.0),
            |m| format!("{} MiB", rules(m.round())),
        );
        for (j, (title, colour, _)) in lines.iter().enumerate() {
            let (x, y) = (LEFT + 2.0 * PLOT + 116.0, top + TOP + 12.0 + 22.0 * j as f64);
            let _ = writeln!(
                text,
                "<line class=\"line\" stroke=\"{colour}\" x1=\"{x}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/><text class=\"ink\" x=\"{}\" y=\"{y}\">{title}</text>",
                x + 22.0,
                y - 4.0,
                y - 4.0,
                x + 30.0
            );
        }
    }
    text.push_str("</svg>\n");
    text
}

/// One plot with its frame, its axes and its lines.
fn plot(
    text: &mut String,
    (left, top): (f64, f64),
    title: &str,
    lines: &[(&str, &str, Vec<&Line>)],
    value: impl Fn(&Line) -> Option<f64>,
    shown: impl Fn(f64) -> String,
) {
    let all = || lines.iter().flat_map(|(_, _, points)| points.iter());
    let across = Axis::over(all().map(|l| l.rules));
    let up = Axis::over(all().filter_map(|l| value(l)));
    let x = |rules: f64| left + PLOT * across.place(rules);
    let y = |v: f64| top + TALL * (1.0 - up.place(v));
    let bottom = top + TALL;
    let _ = writeln!(text, "<text class=\"faint\" x=\"{left}\" y=\"{}\">{title}</text>", top - 10.0);
    for tick in across.ticks() {
        let at = x(tick);
        let _ = writeln!(
            text,
            "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{top}\" y2=\"{bottom}\"/><text class=\"faint\" text-anchor=\"middle\" x=\"{at:.1}\" y=\"{}\">{}</text>",
            bottom + 17.0,
            rules(tick)
        );
    }
    for tick in up.ticks() {
        let at = y(tick);
        let _ = writeln!(
            text,
            "<line class=\"grid\" x1=\"{left}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"faint\" text-anchor=\"end\" x=\"{}\" y=\"{:.1}\">{}</text>",
            left + PLOT,
            left - 7.0,
            at + 4.0,
            shown(tick)
        );
    }
    let _ = writeln!(
        text,
        "<text class=\"faint\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">rules</text>",
        left + PLOT / 2.0,
        bottom + 33.0
    );
    let _ = writeln!(text, "<rect class=\"edge\" x=\"{left}\" y=\"{top}\" width=\"{PLOT}\" height=\"{TALL}\"/>");
    for (name, colour, points) in lines {
        let path: Vec<String> = points
            .iter()
            .filter_map(|l| value(l).filter(|v| *v > 0.0).map(|v| format!("{:.1},{:.1}", x(l.rules), y(v))))
            .collect();
        let _ = writeln!(text, "<polyline class=\"line\" stroke=\"{colour}\" points=\"{}\"/>", path.join(" "));
        for line in points {
            let at = x(line.rules);
            let _ = match value(line).filter(|v| *v > 0.0) {
                Some(v) => writeln!(
                    text,
                    "<circle fill=\"{colour}\" cx=\"{at:.1}\" cy=\"{:.1}\" r=\"3.5\"><title>{name}, {} rules: {}</title></circle>",
                    y(v),
                    rules(line.rules),
                    shown(v)
                ),
                // Of what was stopped only the time is told.
                None if title != "time" => Ok(()),
                None => writeln!(
                    text,
                    "<path stroke=\"{colour}\" stroke-width=\"2\" d=\"M{:.1} {} l8 8 m0 -8 l-8 8\"><title>{name}, {} rules: {}</title></path>",
                    at - 4.0,
                    top - 4.0,
                    rules(line.rules),
                    line.note
                ),
            };
        }
    }
}

/// `12 ms`, of nanoseconds.
fn span(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    format!("{} {unit}", (value * 100.0).round() / 100.0)
}

/// `10,000`
fn rules(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut shown = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
