"""The recipe on a page of docs/tables: its policy is written by the page's commands, its script is run, and what the script
prints must be what stands on the page."""

import pathlib
import re
import shlex
import tempfile

from lib import BIN, ROOT, Failed, run


def check(page, python):
    text = (ROOT / "docs" / "tables" / page).read_text()

    def block(fence):
        found = re.search(rf"^```{fence}\n(.*?)^```$", text, re.M | re.S)
        if not found:
            raise Failed(f"{page} has no block `{fence}`")
        return found[1]

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "policy.ordain").write_text(block("ordain"))
        for line in block("console").splitlines():
            if line.startswith("$ ordain ") and "--out" in line:
                run([BIN / "ordain", *shlex.split(line)[2:]], f"{page}: {line}", cwd=folder)
        said = run([python, "-c", block("python")], f"{page}: its script", cwd=folder)
    if said != block("text"):
        raise Failed(f"{page}: its script prints {said!r}")
