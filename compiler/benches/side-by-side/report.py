"""Rows of results -> tables for a terminal, and each row at once on standard error."""

import sys


def time(ms):
    if ms is None:
        return ""
    if ms >= 1000:
        return f"{ms / 1000:.1f} s"
    return f"{ms:.0f} ms" if ms >= 10 else f"{ms:.1f} ms"


def data(size):
    if size is None:
        return ""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"


class Report:
    def __init__(self):
        self.rows = {"dead": [], "overlaps": [], "decisions": []}
        self.faults = []

    def add(self, kind, row):
        self.rows[kind].append(row)
        print(kind, *filter(None, row), sep="  ", file=sys.stderr, flush=True)

    def fault(self, text):
        self.faults.append(text)

    def dead(self, table, engine, ms, found, truth, gap, true_gap, messages, size, note):
        """`found` and `truth` are sets of rows, of a definition that the engine and the truth share."""
        if found is None:
            shown = false = ""
        elif truth is None:
            shown, false = f"{len(found)} of ?", ""
        else:
            shown, false = f"{len(found & truth)} of {len(truth)}", str(len(found - truth))
        if gap is None:
            says = ""
        elif true_gap is None:
            says = "gap" if gap else "none"
        else:
            says = {(True, True): "right", (False, False): "right", (True, False): "FALSE GAP", (False, True): "MISSED"}[
                (gap, true_gap)]
        self.add("dead", [table, engine, time(ms), shown, false, says, text(messages), data(size), note or ""])

    def overlap(self, table, engine, ms, found, truth, messages, size, note):
        shown = "" if found is None else f"{found} of {truth}"
        self.add("overlaps", [table, engine, time(ms), shown, text(messages), data(size), note])

    def decision(self, engine, ns, right, cases, note):
        shown = "" if ns is None else f"{ns:.0f} ns" if ns < 1000 else f"{ns / 1000:.1f} µs"
        self.add("decisions", [engine, shown, "" if right is None else f"{right} of {cases}", note])

    def text(self):
        out = []
        for title, head, rows in [
            ("Rows that never matter, and gaps",
             ["table", "engine", "time", "dead rows", "false", "gap", "messages", "output", ""], self.rows["dead"]),
            ("Overlaps, where a case may be in one row only",
             ["table", "engine", "time", "pairs", "messages", "output", ""], self.rows["overlaps"]),
            ("One decision, 20 rules over 8 facts, one thread",
             ["engine", "time", "answers equal", ""], self.rows["decisions"]),
        ]:
            if rows:
                out += ["", title, ""] + lines(head, rows)
        out += [""] + [f"FAULT: {f}" for f in self.faults]
        return "\n".join(out)


def text(number):
    return "" if number is None else str(number)


def lines(head, rows):
    widths = [max(len(r[c]) for r in [head] + rows) for c in range(len(head))]
    out, last = [], None
    for row in [head] + rows:
        if last not in (None, row[0]) and len(head) > 4:
            out.append("")
        out.append("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip())
        last = row[0]
    return out
