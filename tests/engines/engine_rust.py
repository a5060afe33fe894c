"""Rust modules, compiled together with warnings as errors, and run."""

import datetime
import decimal
import json
import re
import sys

import lib

MAIN = """
fn take(token: Option<&str>) -> Option<i64> {
    token.filter(|t| *t != "-").map(|t| t.parse().expect("a whole number"))
}
fn quoted(items: &[&str]) -> String {
    format!("[{}]", items.iter().map(|i| format!("{i:?}")).collect::<Vec<_>>().join(","))
}
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&arguments[2]).expect("cases");
    let run: fn(&str) -> String = match arguments[1].as_str() {
        ARMS
        _ => panic!("no such policy"),
    };
    let mut out = String::new();
    text.lines().for_each(|line| out.push_str(&run(line)));
    print!("{out}");
}
"""


class Rust(lib.Engine):
    name = "Rust"

    def install(self):
        lib.run(["rustc", "--version"], "there is no Rust compiler")
        self.folder = lib.ENGINES / "rust"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.program = None

    def artefact(self, project):
        return project.artefact("rust", ending="rs")

    def fields(self, text):
        """The case's fields in order: fact, name in Rust, type, decimals."""
        body = re.search(r"pub struct Case \{\n(.*?)\n?\}", text, re.S)[1]
        found, scale = [], 0
        for line in body.splitlines():
            if "///" in line:
                step = re.search(r"in steps of (0\.0*1)\b", line)
                scale = len(step[1]) - 2 if step else 0
            else:
                name, kind = re.match(r"\s+pub (\w+): (.*),$", line).groups()
                found.append((name, kind, scale))
                scale = 0
        return found

    def harness(self, module, artefact):
        text = artefact.read_text()
        parts = []
        for name, kind, _ in self.fields(text):
            optional = kind.startswith("Option<")
            inner = kind[7:-1] if optional else kind
            if inner.startswith("Vec<"):
                element = inner[4:-1]
                read = f"t.split(',').filter(|e| !e.is_empty()).map(|e| {module}::{element}::ALL[e.parse::<usize>().unwrap()].0).collect::<Vec<_>>()"
                value = f"tokens.next().filter(|t| *t != \"-\").map(|t| {read})"
            elif inner == "i64":
                value = "take(tokens.next())"
            elif inner == "bool":
                value = "take(tokens.next()).map(|v| v == 1)"
            else:
                value = f"take(tokens.next()).map(|v| {module}::{inner}::ALL[v as usize].0)"
            parts.append(f"{name}: {value}" + ("" if optional else ".expect(\"a value\")"))
        decisions = re.search(r"pub struct Decision \{\n(.*?)\n\}", text, re.S)[1]
        names = [n for n in re.findall(r"pub (\w+): &'static str", decisions)]
        results = ", ".join(f'\\"{n}\\":{{:?}}' for n in names)
        values = ", ".join(f"d.{n}" for n in names)
        tokens = "let mut tokens = line.split('\\t');" if parts else "let _ = line;"
        return f"""
mod {module} {{ include!({json.dumps(str(artefact))}); }}
fn run_{module}(line: &str) -> String {{
    {tokens}
    let case = {module}::Case {{ {", ".join(parts)} }};
    let d = {module}::decide(&case).expect("a decision");
    format!("{{{{{results}, \\"duties\\":{{}}, \\"advice\\":{{}}, \\"rules\\":{{}}}}}}\\n", {values}, quoted(&d.duties), quoted(&d.advice), quoted(&d.rules))
}}
"""

    def compile(self, artefacts, name):
        source = "".join(self.harness(module, artefact) for module, artefact in artefacts)
        arms = "\n        ".join(f'"{m}" => run_{m},' for m, _ in artefacts)
        main = self.folder / f"{name}.rs"
        main.write_text("#![deny(warnings)]\n#![allow(dead_code)]\n" + source + MAIN.replace("ARMS", arms))
        program = self.folder / name
        lib.run(["rustc", "--edition", "2021", "-o", program, main], "rustc fails")
        return program

    def module(self, project):
        return "p_" + re.sub(r"\W", "_", project.name)

    def decide(self, project, artefact):
        if self.program is None:
            # All of them at once: the compiler starts slowly.
            all = [(self.module(p), self.artefact(p)) for p in lib.projects()]
            self.program = self.compile(all, "policies")
        module, program = self.module(project), self.program
        if "altered" in artefact.name:
            program = self.compile([(module, artefact)], "altered")
        text = artefact.read_text()
        fields = self.fields(text)
        enums = {
            name: re.findall(r'\(\w+::\w+, "(.*?)"\)', body)
            for name, body in re.findall(r"pub const ALL: &'static \[\((\w+), .*?= &\[\n(.*?)\];", text, re.S)
        }

        def token(value, kind, scale):
            kind = kind[7:-1] if kind.startswith("Option<") else kind
            if value is None:
                return "-"
            if isinstance(value, bool):
                return str(int(value))
            if isinstance(value, list):
                return ",".join(str(enums[kind[4:-1]].index(v)) for v in value)
            if kind in enums:
                return str(enums[kind].index(value))
            if isinstance(value, (int, float)):
                return str(int(decimal.Decimal(str(value)).scaleb(scale)))
            if "T" in value:
                return str(int(datetime.datetime.fromisoformat(value).timestamp() // 60))
            if ":" in value:
                hour, minute = value.split(":")[:2]
                return str(int(hour) * 60 + int(minute))
            return str((datetime.date.fromisoformat(value) - datetime.date(1970, 1, 1)).days)

        cases = project.folder / "cases.tsv"
        facts = list(project.cases[0])
        with cases.open("w") as file:
            for case in project.cases:
                tokens = []
                for name, kind, scale in fields:
                    fact = next(f for f in facts if f == name or f + "_" == name)
                    tokens.append(token(case[fact], kind, scale))
                file.write("\t".join(tokens) + "\n")
        out = lib.run([program, module, cases], "the program fails")
        return [json.loads(line) for line in out.splitlines()]

    def alter(self, artefact):
        return lib.altered(artefact, 'result: "permit"', 'result: "forbid"')


sys.exit(lib.main(Rust()))
