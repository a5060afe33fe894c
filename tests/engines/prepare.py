"""Projects -> their cases and what `ordain decide` says of each, once for all engines.

Below ORDAIN_ENGINES/work there is a folder for each project with `cases.ndjson` and `answers.ndjson`.
"""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

import lib


def prepare(job):
    name, source, count = job
    folder = lib.WORK / name
    folder.mkdir(parents=True)
    (folder / "source").write_text(str(source))
    cases = subprocess.run([lib.BIN / "write-cases", source, str(count)], capture_output=True, text=True)
    if cases.returncode != 0:
        return f"{name}: no cases: {cases.stderr.strip()}"
    (folder / "cases.ndjson").write_text(cases.stdout)
    if not cases.stdout:
        # Its assumptions contradict one another.
        shutil.rmtree(folder)
        return None
    batch = [lib.BIN / "ordain", "decide", source, "--batch", folder / "cases.ndjson", "--out", folder / "answers.ndjson"]
    answers = subprocess.run(batch, capture_output=True, text=True)
    if answers.returncode != 0:
        return f"{name}: {answers.stderr.strip()}"
    return None


def main():
    shutil.rmtree(lib.WORK, ignore_errors=True)
    lib.WORK.mkdir(parents=True)
    policies = lib.ENGINES / "policies"
    shutil.rmtree(policies, ignore_errors=True)
    count, first = os.environ["POLICIES"], os.environ["FIRST"]
    subprocess.run([lib.BIN / "write-policies", policies, count, first], check=True)
    examples = sorted(p.parent for p in (lib.ROOT / "examples").rglob("ordain.toml"))
    jobs = [(str(p.relative_to(lib.ROOT)).replace("/", "-"), p, int(os.environ["CASES"])) for p in examples]
    numbered = sorted(policies.iterdir(), key=lambda p: int(p.name))
    jobs += [(f"random-{p.name}", p, int(os.environ["EACH"])) for p in numbered]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [fault for fault in pool.map(prepare, jobs) if fault]
    for fault in faults:
        print(f"FAILED: {fault}")
    kept = [p for p in lib.WORK.iterdir()]
    print(f"{len(kept)} policies, {sum(len(lib.Project(p.name).cases) for p in kept)} cases")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
