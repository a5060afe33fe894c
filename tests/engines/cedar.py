"""The policies of `ordain table --to cedar` on an engine of Cedar. What Cedar asks for beside the facts is measured by the
view in SQL, which SQLite runs; what it cannot say (conflict, undecided) is denied."""

import datetime
import re
import sqlite3

import sql
from lib import Engine, Failed

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def extension(name, text):
    return {"__extn": {"fn": name, "arg": text}}


class Cedar(Engine):
    lacks = ("duties", "advice", "rules")

    def wanted(self, project):
        return "verdict" in project.decisions

    def artefact(self, project):
        self.lacks = (*Cedar.lacks, *(d for d in project.decisions if d != "verdict"))
        return project.artefact("cedar")

    def schema(self, artefact):
        path = artefact.with_name(artefact.name.removeprefix("altered-")).with_suffix(".cedarschema")
        return path.read_text()

    def namespace(self, artefact):
        return re.search(r"^namespace (\w+)", self.schema(artefact), re.M)[1]

    def attributes(self, artefact):
        """Keys of the context and their types; what stands above each in a comment."""
        found = re.findall(r'^      // (.*)\n      "(\w+)"\??: ([\w<>]+),$', self.schema(artefact), re.M)
        return {name: (ty, meaning) for meaning, name, ty in found}

    def contexts(self, project, artefact):
        attributes = self.attributes(artefact)
        asked = [name for name in attributes if name not in project.cases[0]]
        measured = self.measured(project, asked) if asked else [{}] * len(project.cases)
        for case, extra in zip(project.cases, measured):
            context = {}
            for name, (ty, meaning) in attributes.items():
                value = case.get(name) if name in case else extra[name]
                if value is not None:
                    context[name] = self.value(value, ty, meaning)
            yield context

    def value(self, value, ty, meaning):
        match ty:
            case "Long":
                step = re.search(r", in steps of ([\d.]+):", meaning)
                return round(value / float(step[1])) if step else int(value)
            case "Bool":
                return bool(value)
            case "duration":
                hours, minutes = value.split(":")[:2]
                return extension("duration", f"{int(hours)}h{int(minutes)}m")
            case "datetime" if "T" in value:
                moment = datetime.datetime.fromisoformat(value)
                return extension("datetime", moment.strftime("%Y-%m-%dT%H:%M:%S%z"))
            case "datetime":
                return extension("datetime", value)
            case "String" if isinstance(value, int):
                return DAYS[value]
        return value

    def measured(self, project, names):
        """What is asked for, by case."""
        artefact = project.artefact("sql", "--dialect", "sqlite")
        view = sql.Sql()
        view.lists_are_texts = True
        create, table, name, text, _, rows = view.table(project, artefact)
        with sqlite3.connect(":memory:") as base:
            base.execute(create)
            base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
            base.executescript(text)
            columns = ", ".join(f'"#{n.rstrip("_")}"' for n in names)
            found = base.execute(f'SELECT {columns} FROM {name} ORDER BY "#case"').fetchall()
        return [dict(zip(names, row)) for row in found]

    def alter(self, artefact):
        """Permits what a row forbids."""
        text = artefact.read_text()
        beside = artefact.with_name("altered-" + artefact.name)
        beside.write_text(re.sub(r"^forbid \(", "permit (", text, count=1, flags=re.M))
        return beside

    def decide(self, project, artefact):
        faults = self.validate(artefact)
        if faults:
            raise Failed(f"the schema does not fit the policies: {faults[:3]}")
        for answer in project.answers:
            if answer["verdict"] in ("conflict", "undecided"):
                answer["verdict"] = "forbid"
        contexts = list(self.contexts(project, artefact))
        return [{"verdict": "permit" if allowed else "forbid"} for allowed in self.allowed(artefact, contexts)]

    def validate(self, artefact):
        """What strict validation complains of."""
        raise NotImplementedError

    def allowed(self, artefact, contexts):
        """Whether each request is allowed; an error of a policy raises."""
        raise NotImplementedError
