"""Python modules, run by this Python."""

import importlib.util
import sys

import lib
import recipes


class Python(lib.Engine):
    name = "Python"

    def install(self):
        recipes.run("programs.md", "programs", [sys.executable])

    def artefact(self, project):
        return project.artefact("python", ending="py")

    def decide(self, project, artefact):
        spec = importlib.util.spec_from_file_location("policy", artefact)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return [module.decide(case) for case in project.cases]

    def alter(self, artefact):
        return lib.altered(artefact, '("permit", ', '("forbid", ')


sys.exit(lib.main(Python()))
