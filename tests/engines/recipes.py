"""The recipes of `docs/tables`: a page's policy, the commands that write its artefact, and the program that runs it.

A page cannot rot: what it tells its readers to do is done, and what it says comes out must come out.
"""

import re
import shutil

import lib


def blocks(text):
    """The blocks of a page: language, text."""
    return re.findall(r"^```(\w+)[^\n]*\n(.*?)^```$", text, re.M | re.S)


def run(page, name, command, replace=()):
    """Follows a page of `docs/tables` in a folder of its own. `command` runs the program that is given as its last argument;
    pairs of texts in `replace` are put into the program, such as ports."""
    found = blocks((lib.ROOT / "docs" / "tables" / page).read_text())
    folder = lib.ENGINES / "recipes" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    policy = next(text for language, text in found if language == "ordain")
    (folder / "policy.ordain").write_text(policy)
    first = next(text for language, text in found if language == "console")
    for line in re.findall(r"^\$ (.*)$", first, re.M):
        lib.run(["sh", "-c", line.replace("ordain ", f"'{lib.BIN / 'ordain'}' ", 1)], f"{page}: `{line}`", cwd=folder)
    place = next(i for i, (language, _) in enumerate(found) if language == "python")
    program, expected = found[place][1], found[place + 1][1]
    for old, new in replace:
        if old not in program:
            raise lib.Failed(f"{page}: the program has no `{old}`")
        program = program.replace(old, new)
    (folder / "recipe.py").write_text(program)
    said = lib.run([*command, "recipe.py"], f"{page}: the recipe", cwd=folder)
    if said != expected:
        raise lib.Failed(f"{page}: the recipe says {said!r}, the page {expected!r}")
