"""Runs `ordain check --format sarif` on many projects and holds each result against the schema; see `run`."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

ordain, schema, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
schema = json.loads(pathlib.Path(schema).read_text())
kind = jsonschema.validators.validator_for(schema)
validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
passed, failed = 0, 0


def fault(sarif):
    """Why this is not what it should be, or nothing."""
    error = next(validator.iter_errors(sarif), None)
    if error:
        return f"{error.json_path}: {error.message[:300]}"
    [run] = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            return f"{result['ruleId']} points at another rule"
        if not re.fullmatch("[0-9a-f]{16}", result["partialFingerprints"]["ordain/v1"]):
            return "a fingerprint is none"
    return None


def check(name, folder, *options):
    global passed, failed
    run = subprocess.run([ordain, "check", ".", "--format", "sarif", *options], cwd=folder, capture_output=True, text=True)
    try:
        why = fault(json.loads(run.stdout))
    except (ValueError, KeyError) as error:
        why = f"{error!r}\n{run.stdout[:300]}{run.stderr}"
    if why:
        failed += 1
        print(f"FAILED: {name}: {why}")
    else:
        passed += 1


for settings in sorted((root / "examples").rglob("*.ordain")):
    check(settings.relative_to(root), settings.parent)
for page in sorted((root / "docs/codes").glob("O*.md")):
    for number, (fence, text) in enumerate(re.findall(r"^```(ordain[^\n]*)\n(.*?)^```", page.read_text(), re.M | re.S)):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a b.ordain").write_text(text)
            check(f"{page.name} block {number + 1}", folder, "--as-of", "2030-01-01")
            if number == 0:
                subprocess.run([ordain, "check", ".", "--baseline", "b.json", "--write-baseline"], cwd=folder, capture_output=True)
                if (pathlib.Path(folder) / "b.json").exists():
                    check(f"{page.name} with a baseline", folder, "--baseline", "b.json")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
