"""regorus, built from its crate."""

import json
import os
import sys

import lib
import rego

FOLDER = lib.ROOT / "tests" / "engines" / "regorus"
TARGET = lib.ENGINES / "regorus"


class Regorus(rego.Rego):
    name = "regorus"

    def install(self):
        command = ["cargo", "build", "--quiet", "--locked", "--release", "--manifest-path", FOLDER / "Cargo.toml"]
        # Settings of the project's own build are not this one's.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CARGO_TARGET")}
        lib.run([*command, "--target-dir", TARGET], "cargo fails", env=environment)

    def call(self, *arguments, stdin=""):
        command = [TARGET / "release" / "regorus-run", *arguments]
        return lib.run(command, "regorus fails", input=stdin)

    def evaluate(self, project, artefact):
        cases = "".join(json.dumps(case) + "\n" for case in project.cases)
        rule = f"data.{self.package(artefact)}.decision"
        return [json.loads(line) for line in self.call(rule, artefact, stdin=cases).splitlines()]

    def test(self, artefact, tests):
        said = [line.split(" ") for line in self.call("--tests", artefact, tests).splitlines()]
        failed = [name for name, value in said if value != "true"]
        return len(said) - len(failed), failed


if __name__ == "__main__":
    sys.exit(lib.main(Regorus()))
