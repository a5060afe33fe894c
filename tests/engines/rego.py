"""The packages of `ordain table --to rego` on an engine of Rego: their decision for each case, and the tests beside them."""

import re

from lib import Engine, Failed


class Rego(Engine):
    def artefact(self, project):
        return project.artefact("rego")

    def package(self, artefact):
        return re.search(r"^package (\S+)", artefact.read_text(), re.M)[1]

    def tests(self, artefact):
        """The tests beside an artefact, if it has any."""
        path = artefact.with_name(artefact.stem + "_test.rego")
        return path if path.exists() else None

    def altered(self, artefact):
        """Exchanges two results."""
        text = artefact.read_text()
        results = sorted(set(re.findall(r'\{"result": "(\w+)"', text)))
        swap = {results[0]: results[-1], results[-1]: results[0]}
        text = re.sub(r'\{"result": "(\w+)"', lambda m: f'{{"result": "{swap.get(m[1], m[1])}"', text)
        beside = artefact.with_name("altered-" + artefact.name)
        beside.write_text(text)
        return beside

    def alter(self, artefact):
        """The tests beside the artefact stay as they were, and must fail."""
        beside = self.altered(artefact)
        passed, failed = self.test(beside, self.tests(artefact))
        if not failed:
            raise Failed(f"the artefact's own {passed} tests do not notice what was altered")
        return beside

    def decide(self, project, artefact):
        tests = self.tests(artefact)
        if tests:
            passed, failed = self.test(artefact, tests)
            if failed or not passed:
                raise Failed(f"{len(failed)} of the artefact's own tests fail, such as {failed[:3]}")
            self.count = getattr(self, "count", 0) + passed
        found = []
        for said in self.evaluate(project, artefact):
            # Which decisions are made by default is not in the answers of the policy.
            found.append({k: v for k, v in (said or {}).items() if k != "by_default"})
        return found

    def evaluate(self, project, artefact):
        """`decision` for each case."""
        raise NotImplementedError

    def test(self, artefact, tests):
        """How many tests passed, and the names of those that failed."""
        raise NotImplementedError
