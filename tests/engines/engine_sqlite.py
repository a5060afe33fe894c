"""SQLite, as Python carries it."""

import sqlite3
import sys

import lib
import recipes
import sql


class Sqlite(sql.Sql):
    name = "sqlite"
    dialect = "sqlite"
    lists_are_texts = True

    def install(self):
        recipes.run("sql.md", "sql", [sys.executable])

    def decide(self, project, artefact):
        create, table, view, text, facts, rows = self.table(project, artefact)
        with sqlite3.connect(":memory:") as base:
            base.execute(create)
            marks = ", ".join("?" * len(rows[0]))
            base.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            base.executescript(text)
            found = base.execute(f'SELECT * FROM {view} ORDER BY "#case"')
            return self.read([d[0] for d in found.description], found, facts)


if __name__ == "__main__":
    sys.exit(lib.main(Sqlite()))
