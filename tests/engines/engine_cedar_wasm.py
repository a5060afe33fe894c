"""Cedar, from its package of npm."""

import json
import pathlib
import sys

import cedar
import lib

PACKAGES = ["@cedar-policy/cedar-wasm@4.13.0"]


class CedarWasm(cedar.Cedar):
    name = "cedar-wasm"

    def install(self):
        self.folder = lib.npm("cedar-wasm", *PACKAGES)

    def validate(self, artefact):
        # It is part of each run.
        return []

    def allowed(self, artefact, contexts):
        call = {
            "policies": artefact.read_text(),
            "schema": self.schema(artefact),
            "namespace": self.namespace(artefact),
            "contexts": contexts,
        }
        script = pathlib.Path(__file__).with_name("cedar-wasm.mjs")
        said = lib.run(["node", script, self.folder], "cedar-wasm fails", input=json.dumps(call))
        return [line == "true" for line in said.splitlines()]


if __name__ == "__main__":
    sys.exit(lib.main(CedarWasm()))
