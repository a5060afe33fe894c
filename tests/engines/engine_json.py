"""JSON tables, read by a small interpreter that knows nothing but their schema."""

import json
import sys
import zoneinfo

import jsontable
import lib
import recipes


class Json(lib.Engine):
    name = "JSON"

    def install(self):
        # Time zones, where the system has none.
        lib.in_venv(lib.venv("json", "tzdata"))
        recipes.run("json.md", "json", [sys.executable])

    def artefact(self, project):
        return project.artefact("json")

    def decide(self, project, artefact):
        tables = json.loads(artefact.read_text())
        tables = tables if isinstance(tables, list) else [tables]
        zone = zoneinfo.ZoneInfo(tables[0]["timezone"])
        answers = []
        for case in project.cases:
            answer = {"duties": [], "advice": [], "rules": []}
            for table in tables:
                row = jsontable.decide(table, case, zone)
                if row is None:
                    raise lib.Failed(f"{json.dumps(case)} is in no row")
                answer[table["decision"]["name"]] = row["output"]["result"]
                answer["duties"] += row["output"]["duties"]
                answer["advice"] += row["output"]["advice"]
                answer["rules"] += row["decided_by"] + row["duties_and_advice_by"]
            answers.append(answer)
        return answers

    def alter(self, artefact):
        return lib.altered(artefact, '"result": "permit"', '"result": "forbid"')


if __name__ == "__main__":
    sys.exit(lib.main(Json()))
