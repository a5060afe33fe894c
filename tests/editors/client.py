"""The server with the capabilities that three editors announce, and in both encodings: a request for each capability
that it announces, and diagnostics pushed or pulled."""

import shutil
import sys
import time

import lib
from lsprotocol.converters import get_converter
from pytest_lsp import client_capabilities

PROJECT = lib.FOLDER / "client"
TEXT = (lib.ROOT / "tests" / "editors" / "project" / "policy.ordain").read_text()
ANCHOR = "rule late_mail"


class Session(lib.Server):
    def __init__(self, capabilities, extra=""):
        shutil.rmtree(PROJECT, ignore_errors=True)
        shutil.copytree(lib.ROOT / "tests" / "editors" / "project", PROJECT)
        super().__init__(capabilities)
        self.text = TEXT + extra
        self.uri = (PROJECT / "policy.ordain").as_uri()
        self.document = {"uri": self.uri}
        document = {"uri": self.uri, "languageId": "ordain", "version": 1, "text": self.text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def at(self, word, behind=0):
        before = self.text[: self.text.index(word) + behind]
        return {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}

    def on(self, method, word=ANCHOR, behind=5, **more):
        return self.ask(f"textDocument/{method}", {"textDocument": self.document, "position": self.at(word, behind), **more})

    def of(self, method, **more):
        return self.ask(f"textDocument/{method}", {"textDocument": self.document, **more})

    def diagnostics(self):
        if self.capabilities.get("diagnosticProvider"):
            return self.of("diagnostic")["items"]
        end = time.time() + 20
        while time.time() < end:
            self.of("documentSymbol")
            for told in reversed(self.told):
                if told["method"] == "textDocument/publishDiagnostics" and told["params"]["uri"] == self.uri:
                    if any(d["code"] == "O3001" for d in told["params"]["diagnostics"]):
                        assert told["params"].get("version") == 1
                        return told["params"]["diagnostics"]
            time.sleep(0.05)
        raise AssertionError("no conflict was pushed")


WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
FORMAT = {"options": {"tabSize": 2, "insertSpaces": True}}


def hierarchy(s):
    item = s.on("prepareCallHierarchy")[0]
    s.ask("callHierarchy/incomingCalls", {"item": item})
    s.ask("callHierarchy/outgoingCalls", {"item": item})
    return item


def tokens(s):
    full = s.of("semanticTokens/full")
    s.of("semanticTokens/full/delta", previousResultId=full["resultId"])
    return full["data"] and s.of("semanticTokens/range", range=WHOLE)["data"]


def action(s):
    found = s.of("codeAction", range=s.diagnostics()[0]["range"], context={"diagnostics": s.diagnostics()})
    return [a for a in found if "exception" in a["title"]]


# Each capability that the server may announce, and a request that must have an answer.
REQUESTS = {
    "hoverProvider": lambda s: s.on("hover")["contents"],
    "definitionProvider": lambda s: s.on("definition", "late and", 1),
    "referencesProvider": lambda s: s.on("references", "late and", 1, context={"includeDeclaration": True}),
    "documentHighlightProvider": lambda s: s.on("documentHighlight", "late and", 1),
    "renameProvider": lambda s: s.on("prepareRename", "late and", 1) and s.on("rename", "late and", 1, newName="night"),
    "linkedEditingRangeProvider": lambda s: s.on("linkedEditingRange", "late and", 1),
    "callHierarchyProvider": hierarchy,
    "completionProvider": lambda s: s.on("completion", "purpose is ", 11),
    "documentFormattingProvider": lambda s: s.of("formatting", **FORMAT) == [],
    "documentRangeFormattingProvider": lambda s: s.of("rangeFormatting", range=WHOLE, **FORMAT) in ([], None),
    "documentOnTypeFormattingProvider": lambda s: s.on("onTypeFormatting", "forbid }", 8, ch="}", **FORMAT) in ([], None),
    "codeActionProvider": action,
    "documentSymbolProvider": lambda s: s.of("documentSymbol"),
    "workspaceSymbolProvider": lambda s: s.ask("workspace/symbol", {"query": "late"}),
    "foldingRangeProvider": lambda s: s.of("foldingRange") is not None,
    "selectionRangeProvider": lambda s: s.of("selectionRange", positions=[s.at(ANCHOR, 6)]),
    "documentLinkProvider": lambda s: s.of("documentLink") is not None,
    "semanticTokensProvider": tokens,
    "inlayHintProvider": lambda s: s.of("inlayHint", range=WHOLE) is not None,
    "codeLensProvider": lambda s: s.of("codeLens"),
    "diagnosticProvider": lambda s: s.ask("workspace/diagnostic", {"previousResultIds": []})["items"],
}
# Announced, but no question: how texts are sent, and what the client runs itself.
SILENT = {"positionEncoding", "textDocumentSync", "workspace", "executeCommandProvider"}


def play(count, name, capabilities):
    session = Session(capabilities)

    def finds():
        found = [d for d in session.diagnostics() if d["code"] == "O3001"]
        assert found, "no conflict"
        return "pulled" if session.capabilities.get("diagnosticProvider") else "pushed"

    count.check(f"{name}: the conflict is found", finds)
    for capability, value in session.capabilities.items():
        if capability in SILENT or value in (None, False):
            continue

        def works():
            assert capability in REQUESTS, "announced, and not tried here"
            assert REQUESTS[capability](session), "an empty answer"

        count.check(f"{name}: {capability}", works)
    session.end()


def encoding(name, unit):
    def test():
        # Behind an accent and a sign outside the basic plane, the two encodings differ.
        comment = 'rule more "é😀" { forbid when not_there }\n'
        session = Session({"general": {"positionEncodings": [name]}, "textDocument": {"diagnostic": {}}}, comment)
        assert session.capabilities["positionEncoding"] == name
        found = [d for d in session.of("diagnostic")["items"] if d["code"] == "O2001"][0]
        before = comment[: comment.index("not_there")]
        assert found["range"]["start"]["character"] == unit(before), found["range"]
        session.end()

    return test


def conversion():
    """A requirement becomes a proviso, with edits of this version, and the conflict stays the only finding."""
    session = Session({"workspace": {"workspaceEdit": {"documentChanges": True}}}, "fact ill: yes/no\nrule chatting { permit chat from teacher }\nrule asked { require not ill when channel is chat }\n")
    here = session.at("require not")
    found = session.of("codeAction", range={"start": here, "end": here}, context={"diagnostics": [], "only": ["refactor.rewrite"]})
    assert len(found) == 1 and found[0]["title"].startswith("turn the requirement into a proviso of `chatting`"), found
    lines = session.text.split("\n")
    changed = found[0]["edit"]["documentChanges"][0]
    assert changed["textDocument"]["version"] == 1, changed
    for edit in sorted(changed["edits"], key=lambda e: -e["range"]["start"]["line"]):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["character"] == end["character"] == 0, edit
        lines[start["line"] : end["line"]] = edit["newText"].split("\n")[:-1]
    text = "\n".join(lines)
    assert "provided { asked: not ill }" in text and "require" not in text, text
    session.tell("textDocument/didChange", {"textDocument": {"uri": session.uri, "version": 2}, "contentChanges": [{"text": text}]})
    assert session.of("documentSymbol"), text
    session.end()
    return "applied"


count = lib.Count()
for editor in ["visual-studio-code", "neovim", "emacs"]:
    play(count, editor, get_converter().unstructure(client_capabilities(editor)))
pulling = get_converter().unstructure(client_capabilities("neovim"))
pulling["textDocument"]["diagnostic"] = {"dynamicRegistration": False}
play(count, "neovim that pulls", pulling)
count.check("columns in UTF-8", encoding("utf-8", lambda text: len(text.encode())))
count.check("columns in UTF-16", encoding("utf-16", lambda text: len(text.encode("utf-16-le")) // 2))
count.check("a requirement becomes a proviso", conversion)
sys.exit(count.end())
