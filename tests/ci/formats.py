"""Every format of every verb, on every example: two runs give the same bytes, and what is JSON fits its schema in docs/schema.
`formats.py ORDAIN ROOT`; the last line sums up. A verb that prints JSON without a schema, or a schema of nothing, is a failure.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

import commits

ordain, root = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
passed, failed, used = 0, 0, set()
schemas = {}
# What the language server answers, and its own tests hold against the schema (lsp/tests/commands.rs).
OF_THE_SERVER = {"editor"}
for path in (root / "docs/schema").glob("*.schema.json"):
    schema = json.loads(path.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    schemas[path.name.removesuffix(".schema.json")] = kind(schema)
CHECK = ["text", "json", "sarif", "github", "gitlab", "junit", "checkstyle"]
TABLE = {"markdown": "md", "list": "txt", "html": "html", "csv": "csv", "xlsx": "xlsx", "json": "json", "rego": "rego", "cedar": "cedar",
         "dmn": "dmn", "jdm": "jdm", "typescript": "ts", "python": "py", "rust": "rs", "sql": "sql", "odrl": "jsonld"}
COMPARE = ["text", "markdown", "html", "json"]
EXPECT = ["text", "json", "junit"]


def result(name, why):
    global passed, failed
    passed, failed = passed + (not why), failed + bool(why)
    if why:
        print(f"FAILED: {name}: {why}")


def run(arguments, folder):
    done = subprocess.run([ordain, *arguments], cwd=folder, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def fits(name, text, lines=False):
    used.add(name)
    for value in (json.loads(line) for line in (text.splitlines() if lines else [text])):
        error = next(schemas[name].iter_errors(value), None)
        if error:
            return f"{error.json_path}: {error.message[:300]}"
    return ""


def twice(arguments, folder, schema=None, writes=None, lines=False):
    """Runs it two times: standard output, or the file that it writes, must be the same, and fit the schema if it has one."""
    name = f"{folder.name}: ordain {' '.join(map(str, arguments))}"
    seen = []
    for _ in range(2):
        code, out, remarks = run(arguments, folder)
        if code > 1:
            # A format may be unable to carry a policy; it says so the same way each time.
            out += remarks
        if writes and code <= 1 and writes.exists():
            out += writes.read_bytes()
            writes.unlink()
        seen.append((code, out))
    code, out = seen[0]
    why = "" if seen[0] == seen[1] else "two runs differ"
    # A workflow's commands are for findings; where there are none, nothing is said.
    if not out and "github" not in arguments:
        why = f"nothing is written (exit code {code})"
    if schema and not why:
        why = fits(schema, out.decode(), lines)
    result(name, why)


def project(folder, scratch):
    for format in CHECK:
        twice(["check", ".", "--format", format], folder, "check" if format == "json" else None)
    baseline = scratch / "baseline.json"
    twice(["check", ".", "--baseline", baseline, "--write-baseline"], folder, writes=baseline)
    run(["check", ".", "--baseline", baseline, "--write-baseline"], folder)
    result(f"{folder.name}: the baseline", fits("baseline", baseline.read_text()))
    for format in EXPECT:
        twice(["expect", ".", "--format", format], folder, "expect" if format == "json" else None)
    for format in ["text", "html", "lcov"]:
        twice(["expect", ".", "--coverage", format], folder)
    for to, ending in TABLE.items():
        out = scratch / f"table.{ending}"
        twice(["table", ".", "--to", to, "--out", out], folder, writes=out)
    twice(["table", ".", "--to", "json"], folder, "table")
    # Asked about nothing, it names facts with their values: the first of a few is asked about.
    fact, one = re.search(r"`(\w+)` can be (\w+),", run(["decide", "."], folder)[2].decode()).groups()
    twice(["decide", ".", f"{fact}={one}"], folder)
    twice(["decide", ".", f"{fact}={one}", "--format", "json"], folder, "decide")
    cases = scratch / "cases.ndjson"
    cases.write_text("{}\n" * 3)
    twice(["decide", ".", "--batch", cases, "--bad-lines", "skip"], folder, "batch", lines=True)


def main():
    help_of = lambda verb: run([verb, "--help"], root)[1].decode()
    for verb in re.findall(r"^  (\w+)  ", run(["--help"], root)[1].decode(), re.M):
        if verb != "help" and re.search(r"--format.*?json|- json", help_of(verb), re.S):
            result(f"a schema for {verb}", "" if verb in schemas else "there is none")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        broken = scratch / "as-in-readme"
        broken.mkdir()
        text = (root / "README.md").read_text().split("```ordain finds=O3001\n")[1].split("```")[0]
        (broken / "policy.ordain").write_text(text)
        for folder in [*sorted(p for p in (root / "examples").iterdir() if p.is_dir()), broken]:
            project(folder, scratch)
        for format in EXPECT[:2]:
            twice(["expect", "examples/first-policy", "--mutants", "--format", format], root, "expect" if format == "json" else None)
        origin = scratch / "origin"
        commits.make(origin, root, ordain)
        for format in COMPARE:
            twice(["compare", "--git", commits.FOUNDED, "policies", "--format", format], origin, "compare" if format == "json" else None)
        twice(["codes", "--format", "json"], root, "codes")
    for name in sorted(set(schemas) - used - OF_THE_SERVER):
        result(f"docs/schema/{name}", "nothing was held against it")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
