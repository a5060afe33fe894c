"""HTML pages in a browser: filtered by cases, searched, used by the keyboard, read on a phone; without any request.

Filtered by a case whose facts all have a field, exactly one row must be left, and it must say what the policy decides; where
columns look at something that is measured, that row must be among those that are left.
"""

import json
import os
import random
import sys
import time

import lib
from engine_dmn_js import chromium

PACKAGES = ("playwright-core@1.65.1",)
PICTURES = {"examples-student-aup": {"desktop": "page-desktop.png", "phone": "page-phone.png"}}
RANDOM = 200
CASES = 40


def complaint(project, chosen, told):
    if told["errors"] or told["requests"]:
        return f"errors {told['errors']}, requests {told['requests']}"
    if told["wide"] > 390:
        return f"on a phone it is {told['wide']} pixels wide"
    if not told["opened"] or told["closed"]:
        return "a row does not open and close by the keyboard"
    decisions = [d for d in project.decisions]
    tables = json.loads(project.artefact("json").read_text())
    tables = tables if isinstance(tables, list) else [tables]
    if [len(t["rows"]) for t in tables] != [s["rows"] for s in told["sections"]]:
        return "it does not show all rows"
    exact = 0
    for table, section in zip(tables, told["sections"]):
        name = table["decision"]["name"]
        if name not in decisions:
            return f"it shows {name}, which is no decision"
        if section["searched"] != section["right"] or section["none"] or section["back"] != section["rows"]:
            return f"searching finds {section['searched']} rows of {section['right']}, {section['none']} for nothing"
        if section["unlabelled"]:
            return f"{section['unlabelled']} fields have no label"
        for at, left in zip(chosen, section["filtered"]):
            right = project.answers[at][name]
            if right not in left["says"]:
                return f"filtered by {json.dumps(project.cases[at])} it shows {left['says']}, not {right}"
            if not left["unknown"]:
                exact += 1
                if left["says"] != [right]:
                    return f"filtered by {json.dumps(project.cases[at])} it shows {left['says']}, not only {right}"
    return exact


def main():
    began = time.time()
    modules = lib.npm("page", *PACKAGES) / "node_modules"
    pictures = os.environ.get("PICTURES")
    projects = [p for p in lib.projects() if p.name.startswith("examples")]
    projects += [p for p in lib.projects() if p.name.startswith("random")][:RANDOM]
    jobs, chosen = [], []
    for project in projects:
        page = project.artefact("html")
        wanted = PICTURES.get(project.name, {}) if pictures else {}
        own = random.Random(1).sample(range(len(project.cases)), min(CASES, len(project.cases)))
        chosen.append(own)
        jobs.append({
            "page": str(page), "cases": [project.cases[i] for i in own],
            "pictures": {size: os.path.join(pictures, name) for size, name in wanted.items()},
        })
    (lib.ENGINES / "page.json").write_text(json.dumps(jobs))
    environment = {**os.environ, "CHROMIUM": chromium()}
    command = ["node", lib.ROOT / "tests/engines/page.mjs", modules, lib.ENGINES / "page.json"]
    told = [json.loads(line) for line in lib.run(command, "the browser fails", env=environment).splitlines()]
    if len(told) != len(projects):
        raise lib.Failed(f"it showed {len(told)} of {len(projects)} pages")
    failed = exact = 0
    for project, own, seen in zip(projects, chosen, told):
        fault = complaint(project, own, seen)
        if isinstance(fault, str):
            failed += 1
            print(f"FAILED: page: {project.name}: {fault}")
        else:
            exact += fault
    # It must be able to fail: what was seen of one page is held against another policy.
    if not isinstance(complaint(projects[1], chosen[1], told[0]), str):
        failed += 1
        print("FAILED: page: another policy's page is not noticed")
    if not exact:
        failed += 1
        print("FAILED: page: no case had a field for each fact")
    print(f"page: {len(projects) - failed} pages shown, {exact} cases led to exactly their row, {time.time() - began:.0f} s")
    print(f"{len(projects) + 2 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(lib.script("page", main))
