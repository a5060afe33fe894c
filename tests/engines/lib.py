"""What the scripts of the engines share: projects with cases and answers, artefacts, comparison, installation.

An engine's script, `engine_NAME.py`, makes a subclass of `Engine` and calls `main`. It says how the engine is installed, how
it decides the cases of a project by its artefact, and how an artefact is altered so that it must be noticed.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINES = pathlib.Path(os.environ.get("ORDAIN_ENGINES", ROOT / "target" / "engines"))
WORK = ENGINES / "work"
BIN = pathlib.Path(os.environ.get("ORDAIN_BIN", ROOT / "target" / "thorough"))
# Fields of an answer that are lists; all others are values of decisions.
LISTS = ("duties", "advice", "rules")


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


class Project:
    """A policy with its cases (facts by name, None where they do not exist) and the answers of `ordain decide`."""

    def __init__(self, name):
        self.name = name
        self.folder = WORK / name
        self.source = pathlib.Path((self.folder / "source").read_text())
        self.cases = lines(self.folder / "cases.ndjson")
        answers = self.folder / "answers.ndjson"
        facts = set(self.cases[0]) if self.cases else set()
        whole = lines(answers) if answers.exists() else []
        # The fields of the case come back in front of the answer.
        self.answers = [{k: v for k, v in line.items() if k not in facts} for line in whole]

    @property
    def decisions(self):
        return [k for k in self.answers[0] if k not in LISTS]

    def artefact(self, format, *options, ending=None):
        """The path of what `ordain table` writes, apart for each engine. It is written anew each time."""
        engine = pathlib.Path(sys.argv[0]).stem.removeprefix("engine_")
        path = self.folder / f"{engine}-table-{'-'.join([format, *options]).replace('--', '')}.{ending or format}"
        command = [BIN / "ordain", "table", self.source, "--to", format, "--out", path, *options]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"`ordain table --to {format}` fails ({done.returncode}): {done.stderr.strip()}")
        self.remarks = done.stderr
        return path


class Failed(Exception):
    """The engine, or an artefact on it, does not work at all."""


def projects():
    """Examples first, then random policies by number."""
    def order(name):
        number = re.match(r"random-(\d+)$", name)
        return (1, int(number[1]), name) if number else (0, 0, name)

    return [Project(name) for name in sorted((p.name for p in WORK.iterdir()), key=order)]


def run(command, what, **options):
    """A command that must succeed; its standard output."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Failed(f"{what}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def alone():
    """One engine after the other installs something."""
    ENGINES.mkdir(parents=True, exist_ok=True)
    with open(ENGINES / "installing", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def apt(command, *packages):
    """Debian's packages, unless there is such a command; where it is."""
    with alone():
        if not shutil.which(command):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            run(["apt-get", "update", "-qq"], "there is no list of packages")
            options = ["install", "--yes", "-qq", "--no-install-recommends"]
            run(["apt-get", *options, *packages], f"{' '.join(packages)} cannot be installed", env=environment)
    return shutil.which(command)


def venv(name, *packages):
    """A virtual environment of its own with these packages, as `name==version`; the path of its Python."""
    folder = ENGINES / "venv" / name
    python, stamp = folder / "bin" / "python", folder / "installed"
    with alone():
        if not stamp.exists() or stamp.read_text() != " ".join(packages):
            run([sys.executable, "-m", "venv", folder], "Python cannot make a virtual environment")
            run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], "pip fails")
            stamp.write_text(" ".join(packages))
    return python


def npm(name, *packages):
    """A folder of its own with these packages of npm, as `name@version`, without their scripts."""
    folder = ENGINES / "npm" / name
    stamp = folder / "installed"
    with alone():
        if not stamp.exists() or stamp.read_text() != " ".join(packages):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text('{"private":true}')
            command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *packages]
            run(command, "npm fails", cwd=folder)
            stamp.write_text(" ".join(packages))
    return folder


def in_venv(python):
    """Goes on in this Python, which has the packages; the script starts again there."""
    if pathlib.Path(sys.executable) != pathlib.Path(python):
        os.execv(python, [str(python), *sys.argv])


def altered(artefact, old, new):
    """A copy beside the artefact in which a text stands otherwise where it first stands; its path."""
    text = artefact.read_text()
    if old not in text:
        raise Failed(f"`{old}` is not in {artefact.name}, so nothing can be altered")
    path = artefact.with_name(f"{artefact.stem}-altered{artefact.suffix}")
    path.write_text(text.replace(old, new, 1))
    return path


def differences(project, got, subset=()):
    """What an engine says otherwise: (case, field, what it says, what the policy says). Fields that an engine does not give
    are not compared, but each must be given in all answers or in none. `rules` must hold those that decide."""
    found = []
    if len(got) != len(project.cases):
        return [({}, "cases", len(got), len(project.cases))]
    for case, right, answer in zip(project.cases, project.answers, got):
        if set(answer) != set(got[0]) or not any(k in answer for k in project.decisions):
            return [(case, "fields", sorted(answer), sorted(right))]
        for field, value in right.items():
            if field not in answer:
                continue
            said = answer[field]
            if field == "rules":
                same = set(value) <= set(said or [])
            elif field in LISTS:
                same = sorted(value) == sorted(said or [])
            else:
                same = said == value
            if not same:
                found.append((case, field, said, value))
    return found


class Engine:
    name = ""
    # Fields that its artefact cannot carry; the fidelity report says so.
    lacks = ()

    def install(self):
        """Installs the engine, or raises."""

    def decide(self, project, artefact):
        """The answers to all cases of a project, in order: dictionaries with the names of decisions, duties, advice, rules."""
        raise NotImplementedError

    def artefact(self, project):
        raise NotImplementedError

    def alter(self, artefact):
        """Writes an artefact that says something else in one row beside this one; its path."""
        raise NotImplementedError

    def wanted(self, project):
        return True

    def finish(self):
        """What is checked of all artefacts together, at the end: what is wrong, a line each."""
        return []


def main(engine):
    began = time.time()
    passed, failed, cases, skipped = 0, 0, 0, []
    try:
        engine.install()
    except Exception as error:
        print(f"FAILED: {engine.name} cannot be installed: {error}")
        print("0 passed, 1 failed")
        return 1
    noticed = None
    for project in projects():
        if not engine.wanted(project):
            skipped.append(project.name)
            continue
        try:
            artefact = engine.artefact(project)
            got = engine.decide(project, artefact)
            wrong = differences(project, got)
            missing = [f for f in project.answers[0] if f not in got[0] and f not in engine.lacks]
            if missing:
                raise Failed(f"it gives no {', '.join(missing)}")
            if not wrong and noticed is None and not project.name.startswith("random"):
                noticed = bool(differences(project, engine.decide(project, engine.alter(artefact))))
        except Exception as error:
            failed += 1
            print(f"FAILED: {engine.name}: {project.name}: {type(error).__name__}: {error}")
            continue
        if wrong:
            failed += 1
            case, field, said, right = wrong[0]
            print(f"FAILED: {engine.name}: {project.name}: {len(wrong)} of {len(project.cases)} cases differ, such as")
            print(f"  {json.dumps(case)}\n  {field}: {engine.name} says {said!r}, the policy {right!r}")
        else:
            passed += 1
            cases += len(project.cases)
    try:
        wrong = engine.finish()
    except Exception as error:
        wrong = [f"{type(error).__name__}: {error}"]
    for line in wrong:
        failed += 1
        print(f"FAILED: {engine.name}: {line}")
    if noticed:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {engine.name}: an altered artefact is not noticed")
    print(f"{engine.name}: {cases} cases of {passed - bool(noticed)} policies agree, {time.time() - began:.0f} s")
    if skipped:
        print(f"{engine.name}: not run, as it cannot carry them: {', '.join(skipped)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def script(name, main):
    """Runs a script that counts for itself; whatever goes wrong is a failure that is counted."""
    try:
        return main()
    except Exception as error:
        print(f"FAILED: {name}: {type(error).__name__}: {error}")
        print("0 passed, 1 failed")
        return 1
