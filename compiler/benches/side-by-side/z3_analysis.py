"""A table as JSON -> what Z3 finds, as JSON. Runs as a process of its own, so that it can be stopped.

`dead`: rows inside the union of all earlier rows, and the gap; one solver, each row's negation added in turn.
`covered`: from the last row to the first, those inside the union of the others that are left: all of them could be deleted
together. `overlaps`: pairs with a case in common.
"""

import json
import sys
import time

import z3

import table as tables


def main(what, path):
    with open(path) as file:
        table = tables.read(file.read())
    start = time.perf_counter()
    found = {"dead": dead, "covered": covered, "overlaps": overlaps}[what](table)
    found["ms"] = (time.perf_counter() - start) * 1e3
    print(json.dumps(found))


def encode(table):
    variables, domain = {}, []
    for c in table.columns:
        if c.kind == "bool":
            variables[c.name] = z3.Bool(c.name)
        else:
            variables[c.name] = z3.Int(c.name)
            last = len(c.values) - 1 if c.kind == "enum" else c.values[-1]
            first = 0 if c.kind == "enum" else c.values[0]
            domain += [variables[c.name] >= first, variables[c.name] <= last]
    rows = []
    for r in table.rows:
        parts = []
        for name, cell in r.cells.items():
            x = variables[name]
            if isinstance(cell, tuple):
                parts += [x >= cell[0], x <= cell[1]]
            elif table.column(name).kind == "bool":
                parts.append(x if cell[0] else z3.Not(x))
            else:
                values = table.column(name).values
                parts.append(z3.Or([x == values.index(v) for v in cell]))
        rows.append(z3.And(parts))
    return domain, rows


def dead(table):
    domain, rows = encode(table)
    solver = z3.Solver()
    solver.add(domain)
    found = []
    for r, row in zip(table.rows, rows):
        solver.push()
        solver.add(row)
        if solver.check() == z3.unsat:
            found.append(r.name)
        solver.pop()
        solver.add(z3.Not(row))
    return {"dead": found, "gap": solver.check() == z3.sat}


def covered(table):
    domain, rows = encode(table)
    solver = z3.Solver()
    solver.add(domain)
    outside = [z3.Bool(f"outside_{i}") for i in range(len(rows))]
    for guard, row in zip(outside, rows):
        solver.add(z3.Implies(guard, z3.Not(row)))
    found = []
    for i, r in reversed(list(enumerate(table.rows))):
        here = outside.pop(i)
        solver.push()
        solver.add(rows[i])
        if solver.check(outside) == z3.unsat:
            found.append(r.name)
        else:
            outside.insert(i, here)
        solver.pop()
    return {"dead": found}


def overlaps(table):
    domain, rows = encode(table)
    solver = z3.Solver()
    solver.add(domain)
    count = 0
    for i, a in enumerate(rows):
        solver.push()
        solver.add(a)
        for b in rows[i + 1:]:
            solver.push()
            solver.add(b)
            count += solver.check() == z3.sat
            solver.pop()
        solver.pop()
    return {"pairs": count}


main(*sys.argv[1:])
