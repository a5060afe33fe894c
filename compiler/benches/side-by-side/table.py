"""A policy of simple rules, as Ordain text -> a table that can be given to every engine.

Reads what `ordain_tests::shapes` writes: facts that are yes/no, enumerations or whole numbers, and rules that join
conditions on them with `and`. A cell is the set of its values, as a tuple, or None for all.
"""

import json
import re
from dataclasses import dataclass, field


@dataclass
class Column:
    name: str
    kind: str  # "bool", "enum" or "int"
    values: list  # of an int column: first and last


@dataclass
class Row:
    name: str
    outcome: str
    cells: dict = field(default_factory=dict)  # name -> list of values, or (first, last)


@dataclass
class Table:
    columns: list
    rows: list

    def column(self, name):
        return next(c for c in self.columns if c.name == name)


def read(text):
    columns, rows = [], []
    for line in text.splitlines():
        if found := re.match(r"fact (\w+(?:, \w+)*): (.*)$", line):
            for name in found[1].split(", "):
                columns.append(column(name, found[2]))
        elif found := re.match(r"rule (\w+)\s*\{ (\w+(?: is \w+)?)(?: when (.*))? \}$", line):
            rows.append(row(found[1], found[2], found[3] or "", {c.name: c for c in columns}))
        elif line.startswith(("rule", "decision")) and not line.startswith("decision "):
            raise ValueError(f"this line is not simple enough: {line}")
    return Table(columns, rows)


def column(name, kind):
    if kind == "yes/no":
        return Column(name, "bool", [False, True])
    if kind.startswith("one of "):
        return Column(name, "enum", kind[len("one of "):].split(", "))
    found = re.match(r"number (\d+) to (\d+)$", kind)
    return Column(name, "int", [int(found[1]), int(found[2])])


def row(name, outcome, condition, columns):
    made = Row(name, outcome)
    # `between a and b` has an `and` of its own.
    text = re.sub(r"between (\d+) and (\d+)", r"between \1..\2", condition)
    for part in filter(None, text.split(" and ")):
        fact, cell = atom(part, columns)
        made.cells[fact] = cell
    return made


def atom(part, columns):
    if found := re.match(r"(not )?(\w+)$", part):
        return found[2], [not found[1]]
    if found := re.match(r"(\w+) is (?:any of )?(.*)$", part):
        return found[1], found[2].split(", ")
    if found := re.match(r"(\w+) between (\d+)\.\.(\d+)$", part):
        return found[1], (int(found[2]), int(found[3]))
    found = re.match(r"(\w+) (=|<=|>=|<|>) (\d+)$", part)
    if not found:
        raise ValueError(f"this condition is not simple enough: {part}")
    low, high = columns[found[1]].values
    n = int(found[3])
    return found[1], {"=": (n, n), "<=": (low, n), ">=": (n, high), "<": (low, n - 1), ">": (n + 1, high)}[found[2]]


def meet(a, b):
    """Whether two rows have a case in common."""
    for name, cell in a.cells.items():
        other = b.cells.get(name)
        if other is None:
            continue
        if isinstance(cell, tuple):
            if cell[0] > other[1] or other[0] > cell[1]:
                return False
        elif not set(cell) & set(other):
            return False
    return True


def ordain(table, outcomes):
    """The table as Ordain text. `outcomes`: "same", so that rows only cover each other, or "own", so that every overlap
    is a conflict, or "given", with prohibitions that go before permissions by name."""
    lines = ["policy side_by_side { }"]
    if outcomes == "own":
        lines.append("decision hit: one of " + ", ".join(f"o{i}" for i in range(len(table.rows))))
    for c in table.columns:
        kind = {"bool": "yes/no", "enum": "one of " + ", ".join(map(str, c.values))}
        lines.append(f"fact {c.name}: " + kind.get(c.kind, f"number {c.values[0]} to {c.values[-1]}"))
    for i, r in enumerate(table.rows):
        says = {"same": "permit", "own": f"hit is o{i}"}.get(outcomes, r.outcome)
        when = " and ".join(condition(n, c) for n, c in r.cells.items())
        lines.append(f"rule {r.name} {{ {says}" + (f" when {when}" if when else "") + " }")
    return "\n".join(lines) + "\n"


def condition(name, cell):
    if isinstance(cell, tuple):
        return f"{name} between {cell[0]} and {cell[1]}"
    if cell in ([True], [False]):
        return name if cell[0] else f"not {name}"
    return f"{name} is any of {', '.join(cell)}"


def unary(cell, sep=", "):
    """A cell of a decision table in FEEL or in ZEN's expressions, which agree on these."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return f"[{cell[0]}..{cell[1]}]"
    return sep.join("true" if v is True else "false" if v is False else f'"{v}"' for v in cell)


def jdm(table, outcome=lambda row: row.outcome):
    """The table as a ZEN graph: first row that fits, with a schema that says each column's values."""
    schema = {"type": "object", "properties": {}, "required": [c.name for c in table.columns]}
    for c in table.columns:
        schema["properties"][c.name] = {
            "bool": {"type": "boolean"},
            "enum": {"type": "string", "enum": c.values},
        }.get(c.kind, {"type": "integer", "minimum": c.values[0], "maximum": c.values[-1]})
    inputs = [{"id": c.name, "name": c.name, "field": c.name} for c in table.columns]
    rules = []
    for r in table.rows:
        rule = {"_id": r.name, "out": json.dumps(outcome(r))}
        rule.update({c.name: unary(r.cells.get(c.name)) for c in table.columns})
        rules.append(rule)
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "out", "name": "out", "field": "out"}],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "content": {"schema": json.dumps(schema)}},
            {"id": "dt", "name": "dt", "type": "decisionTableNode", "content": content},
            {"id": "out", "name": "out", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "dt", "type": "edge"},
            {"id": "e2", "sourceId": "dt", "targetId": "out", "type": "edge"},
        ],
    }


def dmn(table, hit, outcome=lambda row: row.outcome):
    """The table as DMN 1.3, each column's type with its values."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>',
           '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="table" '
           'namespace="side-by-side">']
    for c in table.columns:
        base = {"bool": "boolean", "enum": "string"}.get(c.kind, "number")
        allowed = unary(c.values if c.kind == "enum" else (c.values[0], c.values[-1])) if c.kind != "bool" else ""
        out.append(f'<itemDefinition id="t_{c.name}" name="t_{c.name}"><typeRef>{base}</typeRef>')
        if allowed:
            out.append(f"<allowedValues><text>{escape(allowed)}</text></allowedValues>")
        out.append("</itemDefinition>")
    for c in table.columns:
        out.append(f'<inputData id="i_{c.name}" name="{c.name}"><variable id="v_{c.name}" name="{c.name}" '
                   f'typeRef="{kind_name(c)}"/></inputData>')
    out.append('<decision id="result" name="result"><variable id="v_result" name="result" typeRef="string"/>')
    for c in table.columns:
        out.append(f'<informationRequirement id="r_{c.name}"><requiredInput href="#i_{c.name}"/></informationRequirement>')
    out.append(f'<decisionTable id="table" hitPolicy="{hit}" outputLabel="result">')
    for c in table.columns:
        out.append(f'<input id="in_{c.name}" label="{c.name}"><inputExpression id="e_{c.name}" typeRef="{kind_name(c)}">'
                   f"<text>{c.name}</text></inputExpression>")
        if c.kind != "bool":
            allowed = unary(c.values if c.kind == "enum" else (c.values[0], c.values[-1]))
            out.append(f'<inputValues id="a_{c.name}"><text>{escape(allowed)}</text></inputValues>')
        out.append("</input>")
    # The rows' order as the order of the outcomes: then the first row that fits has priority.
    ranks = ", ".join(dict.fromkeys(f'"{outcome(r)}"' for r in table.rows))
    values = f'<outputValues id="ov"><text>{escape(ranks)}</text></outputValues>' if hit == "PRIORITY" else ""
    out.append(f'<output id="o">{values}</output>')
    for r in table.rows:
        out.append(f'<rule id="{r.name}">')
        for c in table.columns:
            out.append(f'<inputEntry id="{r.name}_{c.name}"><text>{escape(unary(r.cells.get(c.name)) or "-")}</text></inputEntry>')
        out.append(f'<outputEntry id="{r.name}_o"><text>"{outcome(r)}"</text></outputEntry></rule>')
    out.append("</decisionTable></decision></definitions>")
    return "\n".join(out)


def kind_name(c):
    return "boolean" if c.kind == "bool" else f"t_{c.name}"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def rego(table):
    """Prohibitions first: two sets of the rows that fit."""
    lines = ["package t", "import rego.v1", "default verdict := \"undecided\""]
    for r in table.rows:
        parts = []
        for name, cell in r.cells.items():
            if isinstance(cell, tuple):
                parts += [f"input.{name} >= {cell[0]}", f"input.{name} <= {cell[1]}"]
            elif cell in ([True], [False]):
                parts.append(f"input.{name} == {'true' if cell[0] else 'false'}")
            else:
                parts.append(f"input.{name} in {{{unary(cell)}}}")
        lines.append(f"{r.outcome}s if {{ " + "; ".join(parts or ["true"]) + " }")
    lines += ['verdict := "forbid" if forbids', 'verdict := "permit" if { permits; not forbids }']
    return "\n".join(lines) + "\n"


def cedar(table):
    """Cedar's own order: a prohibition goes first, and what nothing permits is denied."""
    lines = []
    for r in table.rows:
        parts = []
        for name, cell in r.cells.items():
            fact = f"context.{name}"
            if isinstance(cell, tuple):
                parts += [f"{fact} >= {cell[0]}", f"{fact} <= {cell[1]}"]
            elif cell in ([True], [False]):
                parts.append(fact if cell[0] else f"!{fact}")
            else:
                parts.append("(" + " || ".join(f'{fact} == "{v}"' for v in cell) + ")")
        lines.append(f"@id(\"{r.name}\") {r.outcome}(principal, action, resource) when {{ "
                     + (" && ".join(parts) or "true") + " };")
    return "\n".join(lines) + "\n"
