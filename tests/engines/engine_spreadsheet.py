"""Workbooks in Gnumeric, a spreadsheet program: every cell comes back as the text that the table has.

The CSV files are opened by it, too: none of their cells may have become a date, a number or a formula's result.
"""

import csv
import json
import shutil
import sys

import lib


class Spreadsheet(lib.Engine):
    name = "Gnumeric"

    def install(self):
        lib.apt("ssconvert", "gnumeric")
        lib.run(["ssconvert", "--version"], "Gnumeric does not start")


def rows_of(path, sheets):
    """The cells of each sheet of a file, as Gnumeric shows them."""
    folder = path.with_name(path.name + ".sheets")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    options = ["-S"] if sheets else []
    target = folder / ("%s.csv" if sheets else "table.csv")
    if path.suffix == ".csv":
        options.append("--import-type=Gnumeric_stf:stf_csvtab")
    lib.run(["ssconvert", *options, "--export-type=Gnumeric_stf:stf_csv", path, target], "Gnumeric fails")
    return {p.stem: list(csv.reader(p.open(newline=""))) for p in sorted(folder.iterdir())}


def expected(table):
    """The first cells of each row, from the JSON table: number, columns, result."""
    rows = []
    for row in table["rows"]:
        said = row["output"]["result"] or ""
        rows.append([str(row["number"]), *row["cells"], said + (", or conflict" if row["conflicts"] else "")])
    return rows


def check(project):
    tables = json.loads(project.artefact("json").read_text())
    tables = tables if isinstance(tables, list) else [tables]
    book = rows_of(project.artefact("xlsx"), True)
    cells = 0
    for table in tables:
        name = table["decision"]["name"]
        right = expected(table)
        head = ["row", *(c["title"] for c in table["columns"]), name]
        shown = book.get(name)
        if shown is None:
            return f"it has no sheet {name}, only {', '.join(book)}", 0
        for n, line in enumerate([head, *right]):
            if shown[n][: len(line)] != line:
                return f"sheet {name}, row {n + 1} is {shown[n]}, not {line}", 0
            cells += len(line)
        if len(shown) != len(right) + 1:
            return f"sheet {name} has {len(shown)} rows, not {len(right) + 1}", 0
        # The same of the CSV file, as far as a spreadsheet leaves texts alone: what only looks like a number may lose zeros.
        path = project.artefact("csv", "--decision", name)
        raw = list(csv.reader(path.open(newline="")))
        for n, line in enumerate(rows_of(path, False)["table"]):
            for cell, text in zip(line, raw[n]):
                if cell != text.removeprefix("'") and not number(cell, text):
                    return f"the CSV file's cell `{text}` of row {n} is shown as `{cell}`", 0
    if not any("proved" in " ".join(row) for row in book.get("About", [])):
        return "the sheet About says nothing of a proof", 0
    return None, cells


def number(a, b):
    try:
        return float(a) == float(b)
    except ValueError:
        return False


def main():
    engine = Spreadsheet()
    passed, failed, cells = 0, 0, 0
    try:
        engine.install()
    except Exception as error:
        print(f"FAILED: Gnumeric cannot be installed: {error}")
        print("0 passed, 1 failed")
        return 1
    for project in lib.projects():
        try:
            fault, n = check(project)
        except Exception as error:
            fault, n = f"{type(error).__name__}: {error}", 0
        cells += n
        if fault:
            failed += 1
            print(f"FAILED: Gnumeric: {project.name}: {fault}")
        else:
            passed += 1
    # A workbook of something else must be noticed.
    one, other = lib.projects()[:2]
    a, b = (json.loads(p.artefact("json").read_text()) for p in (one, other))
    shown = rows_of(one.artefact("xlsx"), True)
    table = b[0] if isinstance(b, list) else b
    if any(row[: len(expected(table)[0])] == expected(table)[0] for rows in shown.values() for row in rows):
        failed += 1
        print("FAILED: Gnumeric: another policy's table is not noticed")
    else:
        passed += 1
    print(f"Gnumeric: {cells} cells of {passed - 1} workbooks are as written")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
