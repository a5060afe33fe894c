"""Runs the set-ups of docs/ci.md, as they stand there, on three commits of the founding policy: clean, said in other words,
and a change that lets students text staff. `setups.py ORDAIN ROOT WORK SCHEMA`; the last line sums up. With PICTURES=1 the
comment is drawn as GitHub shows it, into docs/images.

The first must pass, the second must pass and say that no case is decided differently, the third must fail and name the cases.
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
import yaml

import commits
import composite
from service import TOKEN, Service

ordain, root, work = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
schema = json.loads(pathlib.Path(sys.argv[4]).read_text())
page = (root / "docs/ci.md").read_text()
SAME, CHANGED = "No case is decided differently", "4 of 66,414 kinds of case are decided differently"
NEW_CASES = "channel: **text**<br>sender: **student**<br>recipient: **staff**"
passed, failed = 0, 0


def hold(name, *faults):
    """One thing that must hold: none of the faults is there."""
    global passed, failed
    faults = [f for f in faults if f]
    if faults:
        failed += 1
        print(f"FAILED: {name}: " + "\n".join(faults))
    else:
        passed += 1


def says(text, *wanted):
    return "; ".join(f"does not say {w!r}:\n{text}" for w in wanted if w not in text)


def is_not(what, is_, should):
    return "" if is_ == should else f"{what} is {is_!r}, not {should!r}"


def block(heading, language):
    """The block of this language below a heading of the page, as it is written there."""
    section = page.split(f"### {heading}\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    return re.search(rf"^```{language}\n(.*?)^```", section, re.M | re.S)[1]


def sh(command, folder, **variables):
    """The exit code of a command, and all that it printed."""
    path = f"{ordain.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **{k: str(v) for k, v in variables.items()}}
    done = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def valid(kind, path):
    code, text = sh([pathlib.Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", kind, path], root)
    hold(f"{path.name} fits {kind}", text if code else "")


# ---- GitHub


def action(scratch, origin, old, head, name, service, event="pull_request", depth=1, token=TOKEN, **given):
    """The action, as the workflow of the page uses it, on a fresh checkout."""
    head = commits.git(origin, "rev-parse", head)
    base = old and commits.git(origin, "rev-parse", old)
    checkout = scratch / name / "checkout"
    commits.checkout(origin, checkout, commits.merged(origin, base, head) if event == "pull_request" else head, depth)
    # The runner knows no commits of the change but the merge; what it asks for is fetched.
    pull = {"pull_request": {"number": 12, "base": {"sha": base}}} if event == "pull_request" else {"before": base or "0" * 40}
    variables = {
        "GITHUB_API_URL": service.address, "GITHUB_REPOSITORY": "district/policies",
        **({"GITHUB_BASE_REF": "main"} if event == "pull_request" else {}),
        "PATH": f"{ordain.parent}{os.pathsep}{os.environ['PATH']}",
    }
    os.environ["PATH"], before = variables["PATH"], os.environ["PATH"]
    used = []
    runner = composite.Runner(root, checkout, scratch / name / "temp", {"event": pull, "token": token}, variables,
                              lambda *call: used.append(call))
    [step] = [s for s in yaml.safe_load(block("GitHub", "yaml"))["jobs"]["policy"]["steps"] if "ordain@" in s["uses"]]
    runner.code = runner.run({**step["with"], "version": "installed", **given})
    runner.used = used
    os.environ["PATH"] = before
    return runner


def sarif(used):
    if [name for name, _ in used] != ["github/codeql-action/upload-sarif@v4"]:
        return f"other actions were used: {used}"
    text = pathlib.Path(used[0][1]["sarif_file"]).read_text()
    error = next(jsonschema.validators.validator_for(schema)(schema).iter_errors(json.loads(text)), None)
    return f"SARIF: {error.message}" if error else ""


def github(scratch, origin):
    service = Service([{"id": i, "body": "<!-- ordain: policies -->\nmine", "user": {"type": "User"}, "author_association": "NONE"}
                       for i in range(100)])
    ours = lambda: [c for c in service.comments if c["id"] >= 1000]
    first = action(scratch, origin, None, commits.FOUNDED, "push", service, event="push")
    hold("GitHub: the first commit", is_not("exit code", first.code, 0), says(first.log, "nothing to compare with"),
         sarif(first.used), is_not("comments", ours(), []), is_not("output", first.outputs["exit-code"], "0"))
    same = action(scratch, origin, commits.FOUNDED, commits.SAME, "same", service)
    hold("GitHub: the refactoring", is_not("exit code", same.code, 0), says(same.summary, SAME, "The expectations hold."),
         is_not("comments", len(ours()), 1), says(ours()[0]["body"], SAME), sarif(same.used), says(same.log, "wrote a comment"))
    wide = action(scratch, origin, commits.FOUNDED, commits.WIDENED, "wide", service)
    comment = ours()[0]["body"]
    hold("GitHub: the change", is_not("exit code", wide.code, 1), says(comment, CHANGED, NEW_CASES, "What the expectations say"),
         is_not("comments", len(ours()), 1), says(wide.log, "changed the comment", "ordain compare: exit code 1"),
         says(wide.summary, CHANGED), sarif(wide.used), is_not("output", wide.outputs["exit-code"], "1"),
         says(pathlib.Path(wide.outputs["report"]).read_text(), NEW_CASES))
    pushed = action(scratch, origin, commits.SAME, commits.WIDENED, "pushed", service, event="push", sarif=False)
    hold("GitHub: pushed, findings at the lines", is_not("exit code", pushed.code, 1), is_not("uploads", pushed.used, []),
         says(pushed.log, "::error file=policies/expectations.ordain", CHANGED), is_not("comments", len(ours()), 1))
    fork = action(scratch, origin, commits.FOUNDED, commits.SAME, "fork", service, token="none")
    hold("GitHub: a token that may not write", is_not("exit code", fork.code, 0), says(fork.log, "::warning title=No comment"),
         says(ours()[0]["body"], CHANGED))
    quiet = action(scratch, origin, commits.FOUNDED, commits.SAME, "quiet", service, comment=False, depth=0)
    hold("GitHub: no comment", is_not("exit code", quiet.code, 0), says(ours()[0]["body"], CHANGED), says(quiet.summary, SAME))
    lost = action(scratch, origin, commits.FOUNDED, commits.SAME, "lost", service, path="polices")
    hold("GitHub: a path that is not there", is_not("exit code", lost.code, 2), is_not("uploads", lost.used, []),
         says(lost.log, "there is no file or folder `polices`", "did you mean `policies`?"))
    gone = action(scratch, origin, commits.FOUNDED, commits.SAME, "gone", service, event="push", base="v0")
    hold("GitHub: a base that is not there", is_not("exit code", gone.code, 2), says(gone.log, "There is no revision `v0`"))
    usage = action(scratch, origin, commits.FOUNDED, commits.SAME, "usage", service, **{"fail-on": "all"})
    hold("GitHub: a wrong input", is_not("exit code", usage.code, 2), says(usage.log, "invalid value 'all'"))
    absent = action(scratch, origin, commits.FOUNDED, commits.SAME, "absent", service, version="99.0.0")
    hold("GitHub: a version that is not there", is_not("exit code", absent.code, 2), says(absent.log, "::error title=Ordain is not installed::"))
    return comment


# ---- GitLab


def gitlab(scratch, origin, modules):
    service = Service()
    for name, base, head, code, wanted in [
        ("the first commit", None, commits.FOUNDED, 0, ["There is nothing to compare with."]),
        ("the refactoring", commits.FOUNDED, commits.SAME, 0, [SAME.lower()]),
        ("the change", commits.FOUNDED, commits.WIDENED, 1, [CHANGED, "channel: text; sender: student; recipient: staff"]),
    ]:
        checkout = scratch / name.replace(" ", "-")
        commits.checkout(origin, checkout, commits.git(origin, "rev-parse", head), 0)
        (checkout / ".gitlab").mkdir()
        shutil.copy(root / "templates/gitlab.yml", checkout / ".gitlab/ordain.yml")
        (checkout / ".gitlab-ci.yml").write_text(block("GitLab", "yaml"))
        # Only what is committed gets into a job.
        commits.git(checkout, "add", "-A")
        commits.git(checkout, "commit", "-q", "-m", "The set-up")
        variables = {
            "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": 12, "CI_PROJECT_ID": 3,
            "CI_API_V4_URL": service.address, "ORDAIN_TOKEN": TOKEN,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": commits.git(origin, "rev-parse", base) if base else "0" * 40,
        }
        command = [modules / ".bin/gitlab-ci-local", "--force-shell-executor", "--no-color", "--concurrency=1", "ordain"]
        for variable, text in variables.items():
            command += ["--variable", f"{variable}={text}"]
        is_, text = sh(command, checkout)
        faults = [is_not("exit code", is_, code) + (text if is_ != code else ""), says(text, *wanted)]
        quality = json.loads((checkout / "gl-code-quality-report.json").read_text())
        junit = (checkout / "ordain-junit.xml").read_text()
        failing = 'failures="0"' not in junit.splitlines()[1]
        faults += [is_not("findings are there", bool(quality), bool(code)), is_not("a failing test", failing, bool(code))]
        if base:
            faults += [is_not("notes", len(service.comments), 1), says(service.comments[0]["body"], SAME if not code else NEW_CASES)]
        hold(f"GitLab: {name}", *faults)


# ---- pre-commit and the shell


def before_each_commit(scratch, origin):
    hooks = scratch / "hooks"
    hooks.mkdir()
    shutil.copy(root / ".pre-commit-hooks.yaml", hooks)
    commits.git(hooks, "init", "-q", "-b", "main")
    commits.commit(hooks, "v0.1.0")
    config = block("Before each commit", "yaml").replace("https://HOST/OWNER/ordain", str(hooks))
    pre_commit = pathlib.Path(sys.executable).parent / "pre-commit"
    code, text = sh([pre_commit, "validate-manifest", root / ".pre-commit-hooks.yaml"], root)
    hold("pre-commit knows the hooks", text if code else "")
    for name, head, failing in [("the first commit", commits.FOUNDED, []), ("the refactoring", commits.SAME, []),
                                ("the change", commits.WIDENED, ["ordain-check", "ordain-table"])]:
        checkout = scratch / name.replace(" ", "-")
        commits.checkout(origin, checkout, commits.git(origin, "rev-parse", head), 0)
        (checkout / ".pre-commit-config.yaml").write_text(config)
        commits.git(checkout, "add", "-A")
        run = [pre_commit, "run", "--all-files", "--color=never"]
        code, text = sh(run, checkout, PRE_COMMIT_HOME=scratch / "cache")
        at_fault = re.findall(r"- hook id: (\S+)", text)
        hold(f"pre-commit: {name}", is_not("exit code", code, 1 if failing else 0) + (text if code > 1 else ""),
             is_not("failing hooks", at_fault, failing) + (text if at_fault != failing else ""),
             "deprecated" in text and text)
        if name == "the refactoring":
            # A table that is out of date, and a file that is not in style, which is put right.
            (checkout / "policies/table.md").write_text("old\n")
            contact = checkout / "policies/contact.ordain"
            tidy = contact.read_text()
            contact.write_text(tidy.replace("\nrule ", "\nrule   ").replace("  rule ", "  rule   "))
            code, text = sh(run, checkout, PRE_COMMIT_HOME=scratch / "cache")
            hold("pre-commit: a table out of date, and style", is_not("exit code", code, 1),
                 is_not("failing hooks", re.findall(r"- hook id: (\S+)", text), ["ordain-fmt", "ordain-table"]),
                 is_not("the file", contact.read_text(), tidy))


def anything_else(scratch, origin):
    script = block("Anything else", "sh")
    for name, base, head, code, wanted in [
        ("the refactoring", commits.FOUNDED, commits.SAME, 0, [SAME.lower()]),
        ("the change", commits.SAME, commits.WIDENED, 1, ["expectation fails"]),
    ]:
        checkout = scratch / name.replace(" ", "-")
        commits.checkout(origin, checkout, commits.git(origin, "rev-parse", head), 0)
        base = commits.git(origin, "rev-parse", base)
        is_, text = sh(["sh", "-c", script], checkout, BASE=base)
        hold(f"shell: {name}", is_not("exit code", is_, code), says(text, *wanted))
        # Its last line alone, as where the expectations are changed along with the rules.
        is_, text = sh(["sh", "-c", script.splitlines()[-1]], checkout, BASE=base)
        hold(f"shell: {name}, compared", is_not("exit code", is_, code), says(text, CHANGED if code else SAME.lower()))


def main():
    valid("vendor.github-actions", root / "action.yml")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for kind, heading in [("vendor.github-workflows", "GitHub"), ("vendor.gitlab-ci", "GitLab")]:
            (scratch / f"{heading}.yml").write_text(block(heading, "yaml"))
            valid(kind, scratch / f"{heading}.yml")
        # Behind its inputs; the schema knows no others.
        (scratch / "template.yml").write_text((root / "templates/gitlab.yml").read_text().split("\n---\n")[1])
        valid("vendor.gitlab-ci", scratch / "template.yml")
        origin = scratch / "origin"
        commits.make(origin, root, ordain)
        comment = github(scratch / "github", origin)
        gitlab(scratch / "gitlab", origin, work / "node_modules")
        (scratch / "pre-commit").mkdir()
        before_each_commit(scratch / "pre-commit", origin)
        anything_else(scratch / "shell", origin)
        (scratch / "comment.md").write_text(comment)
        drawn = scratch / "comment.png"
        code, text = sh(["node", root / "tests/ci/picture.mjs", work / "node_modules", scratch / "comment.md", drawn], root)
        seen = {"tables": 1, "left": "", "wide": False, "asked": []}
        hold("the comment is drawn", is_not("exit code", code, 0), "" if code else is_not("what is seen", json.loads(text), seen), text if code else "")
        if os.environ.get("PICTURES"):
            shutil.copy(drawn, root / "docs/images/ci-comment.png")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
