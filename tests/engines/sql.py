"""The views of `ordain table --to sql` on a database: the table that the view reads is made from its header, the cases are
put in, and the view's rows are the answers. Each engine says how it runs a script and what its values look like."""

import json
import pathlib
import re

from lib import Engine, Failed


def header(artefact):
    """The statement that makes the table, and the names of the table and the view."""
    text = artefact.read_text()
    found = re.search(r"^-- (CREATE TABLE (\S+) \(\n.*?)^-- \);", text, re.M | re.S)
    view = re.search(r"^CREATE VIEW (\S+) AS", text, re.M)
    if not found or not view:
        raise Failed("the script does not say which table it reads")
    return found[1].replace("-- ", "") + ");", found[2], view[1], text


def columns(artefact, project):
    """Columns and their types: `{"fee": "DECIMAL(5, 2)"}`; a table without facts has one all the same."""
    create, _, _, _ = header(artefact)
    all = {name: kind.rstrip(",") for name, kind in re.findall(r'^  ["`](.+?)["`] (.+)$', create, re.M)}
    return {name: kind for name, kind in all.items() if name in project.cases[0] or name != "id"}


class Sql(Engine):
    dialect = "ansi"
    # Sets go in, and lists come out, as JSON texts.
    lists_are_texts = False

    def artefact(self, project):
        return project.artefact("sql", "--dialect", self.dialect)

    def alter(self, artefact):
        """Exchanges two results in the list of rows."""
        text = artefact.read_text()
        rows = re.findall(r"\((\d+), '(\w+)'", text)
        other = next(r for r in rows if r[1] != rows[0][1])
        for number, now, new in ((rows[0][0], rows[0][1], other[1]), (other[0], other[1], rows[0][1])):
            text = text.replace(f"({number}, '{now}'", f"({number}, '{new}'")
        beside = artefact.with_name("altered-" + artefact.name)
        beside.write_text(text)
        return beside

    def value(self, value):
        """A value of a case, as the engine takes it."""
        return json.dumps(value) if isinstance(value, list) and self.lists_are_texts else value

    def answers(self, names, rows):
        """The view's rows as answers: rules of all decisions together."""
        found = []
        for row in rows:
            answer = {}
            for name, value in zip(names, row):
                if name.startswith("#") or name.endswith("by_default"):
                    continue
                if self.lists_are_texts and isinstance(value, str) and value.startswith("["):
                    value = json.loads(value)
                if name == "rules" or name.endswith("_rules"):
                    answer["rules"] = answer.get("rules", []) + list(value or [])
                else:
                    answer[name] = list(value) if not isinstance(value, (str, type(None))) else value
            found.append(answer)
        return found

    def table(self, project, artefact):
        """The statement that makes the table, with a column for the number of the case; names of the table and the view; the
        view's script; the facts; the rows to put in."""
        create, table, view, text = header(artefact)
        quote = table[0]
        facts = [name for name in columns(artefact, project)]
        if facts:
            create = create.replace("(\n", f"(\n  {quote}#case{quote} INTEGER,\n", 1)
        else:
            create = f"CREATE TABLE {table} ({quote}#case{quote} INTEGER)"
        rows = [(i, *(self.value(case[f]) for f in facts)) for i, case in enumerate(project.cases)]
        return create, table, view, text, facts, rows

    def read(self, names, rows, facts):
        """The view's rows, which are in order, as answers."""
        places = [i for i, n in enumerate(names) if n not in facts]
        return self.answers([names[i] for i in places], [[row[i] for i in places] for row in rows])
