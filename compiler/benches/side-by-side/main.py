"""The same tables, in the same run, through Ordain and through other engines: time, exactness, messages.

Every engine works in a process of its own (Drools behind HTTP) and is given up after `--limit` seconds. Z3's answers are
the truth that the others are held against; Ordain's are compared with them row by row.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import decisions
import table as tables
from drools import Drools
from report import Report

HOME = Path(os.environ["ORDAIN_HOME"])
HERE = Path(__file__).parent
ORDAIN = HOME / "target/release/ordain"
SHAPE = HOME / "target/release/examples/shape"

# The smallest tables on which others fail; row 3 is dead in each. Whether something is left open stands behind.
ACCOUNT = "fact account: one of retail, professional\nfact consent: yes/no\n"
LEAD = "fact lead: number 0 to 30\nfact consent: yes/no\n"
MINIMAL = [
    ("both answers", ACCOUNT, ["consent", "not consent", "account is retail"]),
    ("all values", ACCOUNT, ["account is retail", "account is professional", "consent"]),
    ("adjoining integers", LEAD, ["lead between 0 and 9", "lead between 10 and 30", "consent"]),
    ("two intervals", "fact lead: number 0 to 30\n", ["lead between 0 and 9", "lead between 10 and 20", "lead between 5 and 15"]),
]
# Shape and rules. The first are small, since some engines end there.
SHAPES = [("dense8", 10), ("dense8", 20), ("dense8", 40), ("dense8", 100), ("dense8", 300), ("dense20", 100), ("sel8", 1000), ("bpm5", 500)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--limit", type=float, default=30, help="seconds for one engine on one table")
    arguments.add_argument("--only", default="", help="only tables whose name contains this, or `decisions`")
    arguments.add_argument("--save", help="write the rows as JSON to this file")
    arguments.add_argument("--docs", action="store_true", help="write the tables into docs/performance.md")
    given = arguments.parse_args()
    run = Run(given.limit)
    try:
        for name, table in inputs():
            if given.only in name:
                run.dead(name, table)
                run.overlaps(name, table)
        if given.only in "decisions":
            decisions.compare(run, table_of("dense8", 20), HOME)
    finally:
        run.drools.stop()
    print(run.report.text())
    if given.save:
        Path(given.save).write_text(json.dumps(run.report.rows, indent=1) + "\n")
    if given.docs:
        write_docs(run.report.text())
    # Ordain has to be right; that another engine is not, is what the report says.
    sys.exit(1 if run.report.faults else 0)


BEGIN, END = "<!-- written by `side-by-side/run --docs` from here -->", "<!-- to here: side by side -->"


def write_docs(text):
    page = HOME / "docs/performance.md"
    before, rest = page.read_text().split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n```text\n{text.strip()}\n```\n\n{END}{rest.split(END)[1]}")


def inputs():
    for name, facts, rows in MINIMAL:
        rules = "".join(f"rule row{i + 1} {{ permit when {r} }}\n" for i, r in enumerate(rows))
        yield f"minimal: {name}", tables.read(facts + rules)
    for shape, rules in SHAPES:
        yield f"{shape} {rules}", table_of(shape, rules)


def table_of(shape, rules):
    made = subprocess.run([SHAPE, shape, str(rules), "1"], capture_output=True, text=True, check=True)
    return tables.read(made.stdout)


class Run:
    def __init__(self, limit):
        self.limit = limit
        self.report = Report()
        self.drools = Drools()
        self.folder = tempfile.TemporaryDirectory()

    def file(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text)
        return path

    def process(self, command):
        """What it printed as JSON and the time of the whole process in ms, or (None, why)."""
        start = time.perf_counter()
        try:
            done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=self.limit)
        except subprocess.TimeoutExpired:
            return None, f"over {self.limit:.0f} s"
        ms = (time.perf_counter() - start) * 1e3
        try:
            return json.loads(done.stdout), ms
        except ValueError:
            return None, "failed: " + (done.stderr.strip().splitlines() or ["no answer"])[-1][:90]

    def z3(self, what, path):
        return self.process([sys.executable, "-B", HERE / "z3_analysis.py", what, path])

    def dead(self, name, table):
        """Rows that never matter, and whether a case is left open."""
        text = tables.ordain(table, "same")
        path = self.file("same.ordain", text)
        truth, why = self.z3("dead", path)
        others, _ = self.z3("covered", path)
        add = self.report.dead
        dead = set(truth["dead"]) if truth else None
        gap = truth["gap"] if truth else None
        covered = set(others["dead"]) if others else None

        answer, ms = self.process([ORDAIN, "check", path, "--format", "json"])
        if answer:
            found = names(answer, ["O3004", "O3005"])
            codes = [d["code"] for d in answer["diagnostics"]]
            unfinished = "O9001" in codes
            add(name, "Ordain", ms, found, covered, ("O3002" in codes) if not unfinished else None, gap, len(codes),
                size(answer), "not finished: says so" if unfinished else "")
            if unfinished:
                self.report.fault(f"{name}: Ordain did not finish")
            elif covered is not None and found != covered or gap is not None and ("O3002" in codes) != gap:
                self.report.fault(f"{name}: Ordain's dead rows or gap are not Z3's")
        else:
            add(name, "Ordain", None, None, covered, None, gap, None, None, ms)
            self.report.fault(f"{name}: Ordain gave no answer: {ms}")
        if truth:
            add(name, "Z3", truth["ms"], dead, dead, gap, gap, None, None, "dead: inside the earlier rows; for Ordain: inside the others that stay")
        else:
            add(name, "Z3", None, None, None, None, None, None, None, why)
        self.zen(name, table, dead, gap)
        for hit in ["FIRST", "PRIORITY"]:
            self.drools_dead(hit, name, table, dead, gap)

    def zen(self, name, table, dead, gap):
        add = self.report.dead
        if not os.environ["ZEN_ANALYSIS"]:
            return add(name, "ZEN", None, None, dead, None, gap, None, None, "NOT INSTALLED")
        path = self.file("zen.json", json.dumps(tables.jdm(table, lambda r: r.name)))
        answer, ms = self.process([os.environ["ZEN_ANALYSIS"], "analyse", path])
        if not answer:
            return add(name, "ZEN", None, None, dead, None, gap, None, None, ms)
        found, open_cases, notes = set(), False, []
        for d in answer["diagnostics"]:
            code = d["code"]
            if code in ("UNREACHABLE_RULE", "DUPLICATE_RULE"):
                found.add(row_of(d))
            elif code == "MISSING_CASES":
                open_cases = True
            elif code == "TABLE_CHECKS_INCOMPLETE":
                notes.append(d["message"].replace("this table", "says it"))
            elif d.get("severity") == "error":
                notes.append("error: " + d["message"])
        add(name, "ZEN", answer["ms"], found, dead, open_cases, gap, len(answer["diagnostics"]), size(answer), "; ".join(notes))

    def drools_dead(self, hit, name, table, dead, gap):
        add = self.report.dead
        try:
            ms, messages, length = self.drools.validate(tables.dmn(table, hit, lambda r: r.name), self.limit)
        except OSError:
            return add(name, f"Drools {hit}", None, None, dead, None, gap, None, None, f"over {self.limit:.0f} s")
        kinds = [m.get("messageType", "") for m in messages]
        masked = {n for m in messages if "MASKED" in m.get("messageType", "") for n in rows_in(m, table)}
        gaps = [m["message"] for m in messages if m.get("messageType") == "DECISION_TABLE_GAP"]
        skipped = any("skipped" in g for g in gaps)
        add(name, f"Drools {hit}", ms, masked, dead, bool(gaps) and not skipped, gap, len(kinds), length,
            "skips the gap" if skipped else "")

    def overlaps(self, name, table):
        """Pairs of rows with a case in common, where a case may be in one row only."""
        pairs = sum(tables.meet(a, b) for i, a in enumerate(table.rows) for b in table.rows[i + 1:])
        add = self.report.overlap
        path = self.file("own.ordain", tables.ordain(table, "own"))
        answer, ms = self.process([ORDAIN, "check", path, "--format", "json"])
        if answer:
            codes = [d["code"] for d in answer["diagnostics"]]
            found = conflicts(answer)
            unfinished = "O9001" in codes
            add(name, "Ordain", ms, found, pairs, len(codes), size(answer), "not finished: says so" if unfinished else "")
            if unfinished or found != pairs:
                self.report.fault(f"{name}: Ordain finds {found} of {pairs} overlaps")
        else:
            add(name, "Ordain", None, None, pairs, None, None, ms)
            self.report.fault(f"{name}: Ordain gave no answer about overlaps: {ms}")
        answer, ms = self.z3("overlaps", path)
        add(name, "Z3, pair by pair", answer and answer["ms"], answer and answer["pairs"], pairs, None, None, "" if answer else ms)
        try:
            ms, messages, length = self.drools.validate(tables.dmn(table, "UNIQUE", lambda r: r.name), self.limit)
        except OSError:
            return add(name, "Drools UNIQUE", None, None, pairs, None, None, f"over {self.limit:.0f} s")
        add(name, "Drools UNIQUE", ms, len(overlap_pairs(messages)), pairs, len(messages), length, "")


def names(answer, codes):
    """The rules that a finding of these codes is about."""
    found = set()
    for d in answer["diagnostics"]:
        if d["code"] in codes:
            found.add(re.match(r"`(\w+)`", d["message"])[1])
    return found


def conflicts(answer):
    """How many pairs Ordain finds in conflict: those it names, and those of which it tells only how many there are."""
    found, more = set(), 0
    for d in answer["diagnostics"]:
        if d["code"] == "O3001":
            if counted := re.match(r"([\d,]+) more pairs? of rules", d["message"]):
                more += int(counted[1].replace(",", ""))
            else:
                found.add(tuple(sorted(re.findall(r"`(r(?:ow)?\d+)`", d["message"]))[:2]))
    return len(found) + more


def row_of(diagnostic):
    """The row that one of ZEN's diagnostics stands at."""
    target = diagnostic.get("location", {}).get("target") or {}
    return target.get("row") or json.dumps(target)


def rows_in(message, table):
    """Drools counts rows from 1."""
    numbers = re.search(r"[Rr]ule (\d+) (?:is|will)", message["message"]) or re.search(r"rule (\d+)", message["message"])
    return [table.rows[int(numbers[1]) - 1].name] if numbers else []


def overlap_pairs(messages):
    found = set()
    for m in messages:
        for rules in re.findall(r"for rules: \[([\d, ]+)\]", m.get("message", "")):
            numbers = sorted(int(n) for n in rules.split(","))
            found |= {(a, b) for i, a in enumerate(numbers) for b in numbers[i + 1:]}
    return found


def size(answer):
    return len(json.dumps(answer))


if __name__ == "__main__":
    main()
