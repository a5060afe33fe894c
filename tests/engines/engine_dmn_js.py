"""dmn-js: the DMN models of `--to dmn` in the editor of bpmn.io and Camunda, in a browser.

Every model must open without a warning, with all rows of its tables and all boxes and lines of its diagram; what the editor
saves must still be proved equal to the policy, and a model with one value altered must not.
"""

import json
import os
import re
import subprocess
import sys
import time

import lib

PACKAGES = ("dmn-js@17.10.2", "playwright-core@1.65.1")
PICTURES = {"examples-first-policy": {"decisionTable": "dmn-table.png"}, "examples-school-calendar": {"drd": "dmn-diagram.png"}}
RANDOM = 40


def chromium():
    return os.environ.get("CHROMIUM") or lib.apt("chromium", "chromium")


def verify(project, model):
    command = [lib.BIN / "ordain", "table", project.source, "--verify", model]
    return subprocess.run(command, capture_output=True, text=True)


def complaint(project, model, told):
    """What is wrong with how a model was shown and saved; nothing if nothing is."""
    text = model.read_text()
    if told["warnings"]:
        return f"it warns: {told['warnings'][0]}"
    shown = {v["name"]: v["rows"] for v in told["views"] if v["type"] == "decisionTable"}
    for name, table in re.findall(r'<decision id="[^"]*" name="([^"]*)">(.*?)</decision>', text, re.S):
        if "<decisionTable" in table and shown.get(name) != table.count("<rule "):
            return f"of `{name}` it shows {shown.get(name)} rows of {table.count('<rule ')}"
    drd = next(v for v in told["views"] if v["type"] == "drd")
    for what, element in (("shapes", "<dmndi:DMNShape "), ("edges", "<dmndi:DMNEdge ")):
        if drd[what] != text.count(element):
            return f"it shows {drd[what]} {what} of {text.count(element)}"
    saved = verify(project, model.with_name("saved.dmn"))
    if saved.returncode != 0:
        return f"what it saves is not the policy any more: {saved.stdout}{saved.stderr}"
    altered = model.with_name("altered.dmn")
    values = re.search(r"<outputValues[^>]*>\s*<text>([^<]*)", text)[1]
    head, said, rest = re.split(r'(?<=_result">)(\s*<text>"[^"]*")', text, maxsplit=1)
    altered.write_text(head + "<text>" + next(v for v in re.findall(r'"[^"]*"', values) if v not in said) + rest)
    if verify(project, altered).returncode != 1:
        return "an altered value is not noticed"
    return None


def main():
    began = time.time()
    modules = lib.npm("dmn-js", *PACKAGES) / "node_modules"
    pictures = os.environ.get("PICTURES")
    # It is about what models are made of: some random ones will do.
    projects = [p for p in lib.projects() if p.name.startswith("examples")]
    projects += [p for p in lib.projects() if p.name.startswith("random")][:RANDOM]
    models = [project.artefact("dmn") for project in projects]
    jobs = []
    for project, model in zip(projects, models):
        wanted = PICTURES.get(project.name, {}) if pictures else {}
        jobs.append({
            "model": str(model), "saved": str(model.with_name("saved.dmn")),
            "pictures": {view: os.path.join(pictures, name) for view, name in wanted.items()},
        })
    (lib.ENGINES / "dmn-js.json").write_text(json.dumps(jobs))
    script = lib.ROOT / "tests/engines/dmn-js.mjs"
    environment = {**os.environ, "CHROMIUM": chromium()}
    out = lib.run(["node", script, modules, lib.ENGINES / "dmn-js.json"], "the browser fails", env=environment)
    told = [json.loads(line) for line in out.splitlines()]
    if len(told) != len(projects):
        raise lib.Failed(f"it showed {len(told)} of {len(projects)} models")
    failed = 0
    for project, model, shown in zip(projects, models, told):
        fault = complaint(project, model, shown)
        if fault:
            failed += 1
            print(f"FAILED: dmn-js: {project.name}: {fault}")
    print(f"dmn-js: {len(projects) - failed} models shown, saved and proved again, {time.time() - began:.0f} s")
    print(f"{len(projects) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(lib.script("dmn-js", main))
