"""TypeScript modules, checked by the compiler with all of its strictness and run by Node."""

import json
import sys

import lib

RUN = """
const [artefact, cases] = process.argv.slice(2);
const fs = require("fs");
const { decide } = require(artefact);
const lines = fs.readFileSync(cases, "utf8").split("\\n").filter(Boolean);
process.stdout.write(lines.map((line) => JSON.stringify(decide(JSON.parse(line)))).join("\\n"));
"""


class TypeScript(lib.Engine):
    name = "TypeScript"

    def install(self):
        self.folder = lib.npm("typescript", "typescript@5.9.3")
        self.run = self.folder / "run.cjs"
        self.run.write_text(RUN)
        self.artefacts = []

    def artefact(self, project):
        artefact = project.artefact("typescript", ending="ts")
        self.artefacts.append(artefact)
        return artefact

    def tsc(self, *arguments):
        return lib.run([self.folder / "node_modules" / ".bin" / "tsc", *arguments], "tsc fails")

    def decide(self, project, artefact):
        source = "const ts = require('typescript'), fs = require('fs'); const [a, b] = process.argv.slice(1); fs.writeFileSync(b, ts.transpileModule(fs.readFileSync(a, 'utf8'), { compilerOptions: { module: 'commonjs', target: 'es2020' } }).outputText)"
        script = artefact.with_suffix(".cjs")
        lib.run(["node", "-e", source, artefact, script], "the module cannot be translated", cwd=self.folder)
        out = lib.run(["node", self.run, script, project.folder / "cases.ndjson"], "node fails")
        return [json.loads(line) for line in out.splitlines()]

    def alter(self, artefact):
        return lib.altered(artefact, 'result: "permit"', 'result: "forbid"')

    def finish(self):
        self.tsc("--noEmit", "--strict", "--target", "es2020", "--typeRoots", self.folder / "none", *self.artefacts)
        return []


sys.exit(lib.main(TypeScript()))
