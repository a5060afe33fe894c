"""One set of rules, the same cases -> how long one decision takes in each engine, the answers compared.

Rules are permissions and prohibitions, and prohibitions go before permissions, which is how every one of these engines
can say it. Requests are built before the clock starts where an engine allows it. Ordain and ZEN are measured in Rust;
regorus and Cedar through their Python packages, which costs them some microseconds. The best of five rounds counts.
"""

import json
import os
import random
import subprocess
import time

import table as tables

CASES = 2000


def compare(run, table, home):
    made = random.Random(1)
    cases = [{c.name: pick(c, made) for c in table.columns} for _ in range(CASES)]
    truth = [verdict(table, case) for case in cases]
    ordered = tables.Table(table.columns, sorted(table.rows, key=lambda r: r.outcome != "forbid"))
    for name, decide in [("Ordain, compiled", ordain), ("ZEN, compiled, from Rust", zen), ("ZEN, from Python", zen_python),
                         ("regorus", regorus), ("Cedar", cedar), ("Drools, over HTTP", drools)]:
        try:
            ns, answers, note = decide(run, ordered, cases, home)
        except ImportError as error:
            run.report.decision(name, None, None, CASES, f"NOT INSTALLED: {error}")
            continue
        except Exception as error:  # Whatever an engine does, the others are still compared.
            run.report.decision(name, None, None, CASES, f"failed: {str(error)[:90]}")
            continue
        # Cedar knows no undecided case: it denies.
        expected = [("forbid" if t == "undecided" else t) if name == "Cedar" else t for t in truth][:len(answers)]
        right = sum(a == t for a, t in zip(answers, expected))
        run.report.decision(name, ns, right, len(answers), note)
        if name.startswith("Ordain") and right != CASES:
            run.report.fault(f"Ordain decides {CASES - right} cases wrong")


def pick(column, made):
    return made.randint(*column.values) if column.kind == "int" else made.choice(column.values)


def verdict(table, case):
    says = {r.outcome for r in table.rows if all(fits(case[n], c) for n, c in r.cells.items())}
    return "forbid" if "forbid" in says else "permit" if says else "undecided"


def fits(value, cell):
    return cell[0] <= value <= cell[1] if isinstance(cell, tuple) else value in cell


def best(decide, cases):
    least = float("inf")
    for _ in range(5):
        start = time.perf_counter_ns()
        answers = [decide(case) for case in cases]
        least = min(least, (time.perf_counter_ns() - start) / len(cases))
    return least, answers


def ordain(run, table, cases, home):
    """`grants` yields to `bans`, so a prohibition goes before a permission."""
    facts = [l for l in tables.ordain(table, "given").splitlines() if l.startswith("fact")]
    rules = [l for l in tables.ordain(table, "given").splitlines() if l.startswith("rule")]
    folder = run.file("decide.marker", "").parent / "policy"
    folder.mkdir(exist_ok=True)
    (folder / "bans.ordain").write_text("\n".join(["policy bans { }", *facts, *(r for r in rules if "{ forbid" in r)]) + "\n")
    grants = ["use bans", "policy grants { yields to bans }", *(r for r in rules if "{ permit" in r)]
    (folder / "grants.ordain").write_text("\n".join(grants) + "\n")
    path = run.file("cases.json", json.dumps(cases))
    command = ["cargo", "bench", "--quiet", "--package", "ordain", "--", "--decide", str(folder), "--cases", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no answer"])[-1])
    answer = json.loads(done.stdout)
    return answer["ns"], answer["answers"], ""


def zen(run, table, cases, home):
    if not os.environ["ZEN_ANALYSIS"]:
        raise ImportError("its crate is not built")
    graph = run.file("decide.json", json.dumps(tables.jdm(table)))
    path = run.file("cases.json", json.dumps(cases))
    answer, why = run.process([os.environ["ZEN_ANALYSIS"], "decide", graph, path])
    if not answer:
        raise RuntimeError(why)
    return answer["ns"], [a or "undecided" for a in answer["answers"]], ""


def zen_python(run, table, cases, home):
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(tables.jdm(table)))
    ns, answers = best(lambda case: decision.evaluate(case)["result"], cases)
    return ns, [(a or {}).get("out") or "undecided" for a in answers], "through its Python package"


def regorus(run, table, cases, home):
    import regorus

    engine = regorus.Engine()
    engine.add_policy("t.rego", tables.rego(table))
    texts = [json.dumps(case) for case in cases]

    def decide(text):
        engine.set_input_json(text)
        return engine.eval_rule("data.t.verdict")

    ns, answers = best(decide, texts)
    return ns, answers, "through its Python package, input as JSON"


def cedar(run, table, cases, home):
    import cedarpy

    policies = cedarpy.PolicySet.from_str(tables.cedar(table))
    entities = cedarpy.Entities.from_json_str("[]")
    requests = [{"principal": 'U::"u"', "action": 'Action::"a"', "resource": 'R::"r"', "context": c} for c in cases]
    ns, answers = best(lambda r: cedarpy.is_authorized(r, policies, entities).allowed, requests)
    return ns, ["permit" if a else "forbid" for a in answers], "through its Python package"


def drools(run, table, cases, home):
    xml = tables.dmn(table, "FIRST")
    few = cases[:100]
    run.drools.decide(xml, few[0], run.limit)
    ns, answers = best(lambda case: run.drools.decide(xml, case, run.limit), few)
    return ns, [a or "undecided" for a in answers], "model and case in each request"
