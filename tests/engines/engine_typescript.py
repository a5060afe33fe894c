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
        self.modules = []

    def artefact(self, project):
        return project.artefact("typescript", ending="ts")

    def tsc(self, *arguments):
        return lib.run([self.folder / "node_modules" / ".bin" / "tsc", *arguments], "tsc fails")

    def translate(self, artefacts):
        """TypeScript starts slowly, so all modules are translated at once."""
        jobs = self.folder / "jobs.json"
        jobs.write_text(json.dumps([[str(a), str(a.with_suffix(".cjs"))] for a in artefacts]))
        source = """
            const ts = require("typescript"), fs = require("fs");
            const compilerOptions = { module: "commonjs", target: "es2020" };
            for (const [from, to] of JSON.parse(fs.readFileSync("jobs.json", "utf8")))
                fs.writeFileSync(to, ts.transpileModule(fs.readFileSync(from, "utf8"), { compilerOptions }).outputText);
        """
        lib.run(["node", "-e", source], "the modules cannot be translated", cwd=self.folder)

    def decide(self, project, artefact):
        if not self.modules:
            self.modules = [self.artefact(p) for p in lib.projects()]
            self.translate(self.modules)
        if "altered" in artefact.name:
            self.translate([artefact])
        out = lib.run(["node", self.run, artefact.with_suffix(".cjs"), project.folder / "cases.ndjson"], "node fails")
        return [json.loads(line) for line in out.splitlines()]

    def alter(self, artefact):
        return lib.altered(artefact, 'result: "permit"', 'result: "forbid"')

    def finish(self):
        self.tsc("--noEmit", "--strict", "--target", "es2020", "--typeRoots", self.folder / "none", *self.modules)
        return []


sys.exit(lib.main(TypeScript()))
