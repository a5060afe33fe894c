"""DuckDB, from its wheel."""

import json
import sys

import lib
import sql

PACKAGES = ["duckdb==2.0.1"]


class Duckdb(sql.Sql):
    name = "duckdb"
    dialect = "duckdb"

    def decide(self, project, artefact):
        import duckdb

        create, table, view, text, facts, rows = self.table(project, artefact)
        with duckdb.connect() as base:
            base.execute(create)
            # Its reader of JSON knows every type of the table.
            path = artefact.with_suffix(".ndjson")
            with path.open("w") as file:
                for row in rows:
                    file.write(json.dumps(dict(zip(["#case", *facts], row))) + "\n")
            base.execute(f"COPY {table} FROM '{path}' (FORMAT json)")
            base.execute(text)
            kept = [n for n, *_ in base.execute(f"DESCRIBE {view}").fetchall() if n not in facts]
            names = ", ".join(f'"{n}"' for n in kept)
            rows = base.execute(f'SELECT {names} FROM {view} ORDER BY "#case"').fetchall()
            return self.read(kept, rows, facts)


if __name__ == "__main__":
    lib.in_venv(lib.venv("duckdb", *PACKAGES))
    sys.exit(lib.main(Duckdb()))
