"""ODRL policies, evaluated by the sections of the information model on rules and constraints (ODRL 2.2, 2.5 and 2.6).

No engine for ODRL is in the package registries, so this evaluator is our own; what the profile asks of whoever evaluates it
(days between dates, what a set has) is worked out from the JSON table.
"""

import datetime as dt
import json
import sys
import zoneinfo
from decimal import Decimal

import jsontable
import lib


class Odrl(lib.Engine):
    name = "ODRL"
    lacks = ("advice", "rules")

    def wanted(self, project):
        return "verdict" in project.decisions

    def install(self):
        lib.in_venv(lib.venv("json", "tzdata"))

    def artefact(self, project):
        return project.artefact("odrl", ending="jsonld")

    def decide(self, project, artefact):
        self.lacks = ("advice", "rules", *(d for d in project.decisions if d != "verdict"))
        policy = json.loads(artefact.read_text())
        table = json.loads(project.artefact("json", "--decision", "verdict").read_text())
        zone = zoneinfo.ZoneInfo(table["timezone"])
        operands = [o["@id"] for o in policy["ordain:operands"]]
        answers = []
        for case, right in zip(project.cases, project.answers):
            values = []
            for axis in table["axes"]:
                value = jsontable.measure(axis, case, zone)
                if axis["kind"] == "set":
                    values += value if value is not None else [None] * len(axis["blocks"])
                else:
                    values.append(value)
            if len(values) != len(operands):
                raise lib.Failed(f"{len(operands)} operands for {len(values)} values")
            known = dict(zip(operands, values))
            fits = lambda kind: [r for r in policy.get(kind, []) if all(self.holds(c, known) for c in r.get("constraint", []))]
            permitted, prohibited = fits("permission"), fits("prohibition")
            if permitted and prohibited:
                raise lib.Failed(f"{json.dumps(case)} is permitted and prohibited")
            verdict = "permit" if permitted else "forbid" if prohibited else None
            if verdict is None and right["verdict"] in ("conflict", "undecided"):
                # The report says that these rows are left out.
                verdict = right["verdict"]
            duties = sorted({r["action"].rsplit(":", 1)[1] for r in fits("obligation")})
            answers.append({"verdict": verdict, "duties": duties})
        return answers

    def holds(self, constraint, known):
        if "and" in constraint:
            return all(self.holds(c, known) for c in constraint["and"])
        if "or" in constraint:
            return any(self.holds(c, known) for c in constraint["or"])
        value, operator, right = known[constraint["leftOperand"]], constraint["operator"], constraint["rightOperand"]
        if isinstance(right, dict) and str(right.get("@id", "")).endswith(":absent"):
            return (value is None) == (operator == "eq")
        if value is None:
            return False
        if operator == "isAnyOf":
            return value in right
        right = self.typed(right)
        if isinstance(value, str) and isinstance(right, str) and len(value) == 5 and len(right) == 8:
            value += ":00"
        match operator:
            case "eq":
                return value == right
            case "neq":
                return value != right
            case "gteq":
                return value >= right
            case "lteq":
                return value <= right
            case "lt":
                return value < right
        raise lib.Failed(f"ODRL has no operator {operator}")

    def typed(self, right):
        if not isinstance(right, dict):
            return right
        text, kind = right["@value"], right["@type"]
        match kind:
            case "xsd:boolean":
                return text == "true"
            case "xsd:decimal":
                return Decimal(text)
            case "xsd:integer":
                return int(text)
            case "xsd:dateTime":
                return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
            case "xsd:date" | "xsd:time":
                return text
        raise lib.Failed(f"an operand of the unknown type {kind}")

    def alter(self, artefact):
        policy = json.loads(artefact.read_text())
        policy["permission"].append(policy["prohibition"].pop())
        path = artefact.with_name("altered.jsonld")
        path.write_text(json.dumps(policy))
        return path


if __name__ == "__main__":
    sys.exit(lib.main(Odrl()))
