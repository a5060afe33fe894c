"""What the parts in Python share: the programs of the pages, a server to talk to, and the count."""

import json
import os
import pathlib
import re
import subprocess
import sys
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ["ORDAIN_BIN"])
FOLDER = pathlib.Path(os.environ["ORDAIN_EDITORS"])
SERVER, COMMAND = BIN / "ordain-lsp", BIN / "ordain"


class Count:
    """Checks by name: each passes, or fails with what it raised. `end` prints the sum and is the exit code."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, test):
        try:
            said = test()
        except Exception as error:
            self.failed += 1
            told = str(error) if isinstance(error, AssertionError) and str(error) else traceback.format_exc()
            print(f"FAILED: {name}: {told}", flush=True)
        else:
            self.passed += 1
            print(f"   {name}{f': {said}' if said else ''}", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if self.passed and not self.failed else 1


def blocks(text):
    """The fenced blocks of a page: the words behind the fence, and the text."""
    found, fence, words, lines = [], 0, [], []
    for line in text.splitlines():
        marks = len(line) - len(line.lstrip("`"))
        if fence and marks >= fence and not line.strip("`").strip():
            found.append((words, "".join(lines)))
            fence = 0
        elif fence:
            lines.append(line + "\n")
        elif marks >= 3:
            fence, words, lines = marks, line[marks:].split(), []
    return found


def programs():
    """Every program of the specification, the documentation, the examples and the standard library, by its place."""
    found = {}
    for folder in ["tests/spec", "docs", "docs/codes", "docs/tables", "."]:
        for page in sorted((ROOT / folder).glob("*.md")):
            for number, (words, text) in enumerate(blocks(page.read_text())):
                if words[:1] == ["ordain"]:
                    found[f"{page.relative_to(ROOT)}, block {number + 1}"] = text
    for folder in ["examples", "stdlib"]:
        for file in sorted((ROOT / folder).rglob("*.ordain")):
            found[str(file.relative_to(ROOT))] = file.read_text()
    assert len(found) > 300, "the pages have programs"
    return found


def syntax_errors(texts, folder):
    """For each text the errors of syntax that the compiler finds in it, as (code, message)."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.ordain"):
        old.unlink()
    for number, text in enumerate(texts):
        (folder / f"p{number:06}.ordain").write_text(text, newline="")
    (folder / "ordain.toml").write_text("")
    done = subprocess.run(
        [COMMAND, "check", folder, "--format", "json", "--limit", "0"], capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    found = [[] for _ in texts]
    for one in json.loads(done.stdout)["diagnostics"]:
        if one["code"].startswith("O1"):
            number = int(re.search(r"p(\d{6})\.ordain$", one["place"]["file"]).group(1))
            found[number].append((one["code"], one["message"]))
    return found


class Server:
    """The language server, asked one thing after the other."""

    def __init__(self, capabilities):
        self.process = subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number, self.told = 0, []
        said = self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self.capabilities = said["capabilities"]
        self.tell("initialized", {})

    def tell(self, method, params, **more):
        self.send({"method": method, **more} | ({} if params is None else {"params": params}))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def ask(self, method, params):
        self.number += 1
        self.tell(method, params, id=self.number)
        while True:
            length = 0
            while (line := self.process.stdout.readline().strip()) or not length:
                assert self.process.poll() is None or line, "the server is gone"
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message = json.loads(self.process.stdout.read(length))
            if "method" in message:
                self.told.append(message)
                if "id" in message:
                    self.send({"id": message["id"], "result": None})
            elif message.get("id") == self.number:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]

    def end(self):
        self.ask("shutdown", None)
        self.tell("exit", None)
        assert self.process.wait(10) == 0


if __name__ == "__main__":
    sys.exit("this is no part")
