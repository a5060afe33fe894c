"""ZEN: the decision graphs of `--to jdm` on the engine of GoRules."""

import json
import sys

import lib
import recipes


class Zen(lib.Engine):
    name = "zen"

    def install(self):
        lib.in_venv(lib.venv("zen", "zen-engine==2.1.3"))
        import zen

        self.zen = zen.ZenEngine()
        recipes.run("gorules.md", "zen", [sys.executable])

    def artefact(self, project):
        return project.artefact("jdm")

    def decide(self, project, artefact):
        decision = self.zen.create_decision(artefact.read_text())
        return [self.answer(project, decision.evaluate(case)["result"]) for case in project.cases]

    def answer(self, project, result):
        rules = [path for paths in result.pop("rules").values() for path in paths]
        lacking = {k: [] for k in ("duties", "advice") if k in project.answers[0]}
        # Decisions with the names of other outputs have an underscore.
        named = {d: result.pop(f"{d}_") for d in project.decisions if d not in result and f"{d}_" in result}
        return {**lacking, **result, **named, "rules": rules}

    def alter(self, artefact):
        graph = json.loads(artefact.read_text())
        table = next(n for n in graph["nodes"] if n["type"] == "decisionTableNode")
        first = table["content"]["rules"][0]
        first["out_result"] = next(r["out_result"] for r in table["content"]["rules"] if r["out_result"] != first["out_result"])
        altered = artefact.with_name("altered.jdm")
        altered.write_text(json.dumps(graph))
        return altered


if __name__ == "__main__":
    sys.exit(lib.main(Zen()))
