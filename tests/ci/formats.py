"""Every format of every verb, on every example: two runs give the same bytes, and what is JSON fits its schema in docs/schema.
`formats.py ORDAIN ROOT`; the last line sums up. A verb that prints JSON without a schema, or a schema of nothing, is a failure;
so is a format that the command's help knows and none of this has run.

The second run is made as on another machine: on one core, in another language and time zone, from another home, and on a copy
of the project whose files were written in the opposite order.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema

import commits

ordain, root = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
passed, failed, used, ran = 0, 0, set(), []
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
DIALECTS = re.findall(r"\w+", re.search(r"^ +--dialect.*?possible\s+values:(.*?)\]", subprocess.run(
    [ordain, "table", "--help"], capture_output=True, text=True).stdout, re.S | re.M)[1])


def result(name, why):
    global passed, failed
    passed, failed = passed + (not why), failed + bool(why)
    if why:
        print(f"FAILED: {name}: {why}")


def run(arguments, folder, elsewhere=False):
    environment, alone = dict(os.environ), None
    if elsewhere:
        home = {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "TMPDIR": "/var/tmp"}
        environment |= {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Apia", "COLUMNS": "40", **home}
        alone = lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    done = subprocess.run([ordain, *arguments], cwd=folder, env=environment, preexec_fn=alone, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def copied(folder, to, backwards):
    """The same files below another folder, written in order or the other way round."""
    for path in sorted((p for p in folder.rglob("*") if p.is_file()), reverse=backwards):
        target = to / folder.name / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return to / folder.name


def written(path):
    """What a run wrote, a file or a folder of files; it is gone then."""
    if path.is_dir():
        text = b"".join(str(p.relative_to(path)).encode() + p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file())
        shutil.rmtree(path)
        return text
    text = path.read_bytes()
    path.unlink()
    return text


def fits(name, text, lines=False):
    used.add(name)
    for value in (json.loads(line) for line in (text.splitlines() if lines else [text])):
        error = next(schemas[name].iter_errors(value), None)
        if error:
            return f"{error.json_path}: {error.message[:300]}"
    return ""


def twice(arguments, folder, schema=None, writes=None, lines=False, copy=None):
    """Runs it two times: standard output, and the files that it writes, must be the same, and fit the schema if it has one."""
    name = f"{folder.name}: ordain {' '.join(map(str, arguments))}"
    ran.append(arguments)
    seen = []
    for elsewhere in (False, True):
        code, out, remarks = run(arguments, copy if copy and elsewhere else folder, elsewhere)
        if code > 1:
            # A format may be unable to carry a policy; it says so the same way each time.
            out += remarks
        if writes and code <= 1 and writes.exists():
            out += written(writes)
        seen.append((code, out))
    code, out = seen[0]
    why = "" if seen[0] == seen[1] else "two runs differ"
    # A workflow's commands are for findings; where there are none, nothing is said.
    if not out and "github" not in arguments:
        why = f"nothing is written (exit code {code})"
    # Only an export may be refused: where the format cannot carry what the policy decides.
    if code > (2 if arguments[0] == "table" else 1) or b"Usage:" in out:
        why = f"exit code {code}: {out[-300:].decode(errors='replace')}"
    if schema and not why:
        why = fits(schema, out.decode(), lines)
    result(name, why)


def project(folder, scratch):
    folder, copy = copied(folder, scratch / "here", False), copied(folder, scratch / "there", True)
    both = lambda *arguments, **more: twice(list(arguments), folder, copy=copy, **more)
    for format in CHECK:
        schema = "check" if format == "json" else None
        both("check", ".", "--format", format, schema=schema)
        both("check", ".", "--format", format, "--as-of", "2027-03-01", schema=schema)
    both("check", ".", "--certify", scratch / "certified", writes=scratch / "certified")
    texts = []
    for at in (folder, copy):
        run(["check", ".", "--baseline", "baseline.json", "--write-baseline"], at, elsewhere=at == copy)
        texts.append((at / "baseline.json").read_text())
    result(f"{folder.name}: the baseline", fits("baseline", texts[0]) or ("" if texts[0] == texts[1] else "two runs differ"))
    both("check", ".", "--baseline", "baseline.json", "--format", "json", schema="check")
    for format in EXPECT:
        for mutants in ([], ["--mutants"]):
            both("expect", ".", "--format", format, *mutants, schema="expect" if format == "json" else None)
    for format in ["text", "html", "lcov"]:
        both("expect", ".", "--coverage", format)
        both("expect", ".", "--coverage", format, "--coverage-out", scratch / "coverage", writes=scratch / "coverage")
    more = scratch / "more.ordain"
    both("expect", ".", "--write-missing", more, writes=more)
    both("expect", ".", "--mutants", "--write-missing", more, writes=more)
    for to, ending in TABLE.items():
        out = scratch / f"table.{ending}"
        both("table", ".", "--to", to, "--out", out, writes=out)
    both("table", ".", "--to", "json", schema="table")
    for more in [["--hit", "unique"], ["--hit", "first"], ["--hit", "collect"], ["--by-citation"], *(["--to", "sql", "--dialect", d] for d in DIALECTS),
                 *(["--to", "dmn", "--dmn-version", v] for v in ["1.2", "1.4", "1.5"])]:
        both("table", ".", *more)
    # Asked about nothing, it names facts with their values: the first of a few is asked about.
    fact, one = re.search(r"`(\w+)` can be (\w+),", run(["decide", "."], folder)[2].decode()).groups()
    both("decide", ".", f"{fact}={one}")
    both("decide", ".", f"{fact}={one}", "--format", "json", schema="decide")
    both("decide", ".", "--when", f"{fact} is {one}", "--format", "json", schema="decide")
    # Enough lines for every thread, and some that are no case.
    cases = scratch / "cases.ndjson"
    cases.write_text(''.join(json.dumps({fact: one if i % 7 else "nothing of that"} if i % 3 else {}) + "\n" for i in range(20_000)))
    both("decide", ".", "--batch", cases, "--bad-lines", "skip", schema="batch", lines=True)
    cases = scratch / "cases.csv"
    cases.write_text(f"{fact}\n" + "".join(f"{one if i % 7 else 'nothing of that'}\n" for i in range(20_000)))
    out = scratch / "decided.csv"
    both("decide", ".", "--batch", cases, "--bad-lines", "skip", "--out", out, writes=out)


def all_formats():
    """What the help of each verb names as a format has been run."""
    for verb in ["check", "table", "decide", "expect", "compare", "codes"]:
        text = run([verb, "--help"], root)[1].decode()
        for option in ["--format", "--to", "--coverage", "--hit", "--dialect", "--dmn-version"]:
            found = re.search(rf"^ +{option} <.*?(?=^ {{2,6}}-|^Examples|\Z)", text, re.M | re.S)
            if not found:
                continue
            listed = re.search(r"possible\s+values:(.*?)\]", found[0], re.S)
            known = [v.strip() for v in listed[1].split(",")] if listed else re.findall(r"^ +- ([\w.-]+)", found[0], re.M)
            default = re.search(r"\[default:\s+([\w.]+)\]", found[0])
            tried = {a[a.index(option) + 1] for a in ran if a[0] == verb and option in a} | ({default[1]} if default else set())
            missing = [v for v in known if v not in tried]
            result(f"{verb} {option}", "" if known and not missing else f"not tried: {missing or 'nothing is known'}")


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
        origin = scratch / "origin"
        commits.make(origin, root, ordain)
        for format in COMPARE:
            schema = "compare" if format == "json" else None
            for old in [commits.FOUNDED, commits.SAME]:
                twice(["compare", "--git", old, "policies", "--format", format], origin, schema)
            twice(["compare", "examples/student-aup/as-written", "examples/student-aup", "--format", format], root, schema)
        twice(["codes", "--format", "json"], root, "codes")
        twice(["codes"], root)
        for code in re.findall(r"^(O\d{4})", run(["codes"], root)[1].decode(), re.M):
            twice(["explain", code], root)
        new = scratch / "new"
        twice(["new", new], root, writes=new)
    all_formats()
    for name in sorted(set(schemas) - used - OF_THE_SERVER):
        result(f"docs/schema/{name}", "nothing was held against it")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
