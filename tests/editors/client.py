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
# What some requests are about, besides.
MORE = """
use std.calendar
fact ill: yes/no
role staff { nurse, cook }
rule no_chat {
  forbid chat from student to staff when not ill
}
exception urgent to no_chat { permit chat when purpose is lesson }
rule  untidy {  forbid chat when ill and purpose is talk }
"""


class Session(lib.Server):
    def __init__(self, capabilities, extra=""):
        shutil.rmtree(PROJECT, ignore_errors=True)
        shutil.copytree(lib.ROOT / "tests" / "editors" / "project", PROJECT)
        super().__init__(capabilities)
        # A client that shows no documents gets no lens that leads to one.
        self.shows = bool((capabilities.get("window") or {}).get("showDocument"))
        self.text = TEXT + extra
        self.uri = (PROJECT / "policy.ordain").as_uri()
        self.document = {"uri": self.uri}
        document = {"uri": self.uri, "languageId": "ordain", "version": 1, "text": self.text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def at(self, word, behind=0):
        before = self.text[: self.text.index(word) + behind]
        return {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}

    def on(self, method, word=ANCHOR, behind=5, **more):
        return self.of(method, position=self.at(word, behind), **more)

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


def words(s, ranges):
    """The texts of ranges of the policy."""
    lines = s.text.split("\n")
    return [lines[r["start"]["line"]][r["start"]["character"] : r["end"]["character"]] for r in ranges]


def applied(s, edits):
    """The policy once these edits, each within a line, are made."""
    lines = s.text.split("\n")
    for edit in sorted(edits, key=lambda e: (e["range"]["start"]["line"], -e["range"]["start"]["character"])):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["line"] == end["line"], edit
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
    return "\n".join(lines)


def is_(found, wanted):
    assert found == wanted, f"{found}, not {wanted}"


def hover(s):
    said = s.on("hover")["contents"]["value"]
    assert "rule late_mail" in said, said


def definition(s):
    found = s.on("definition", "late and", 1)
    place = found[0] if isinstance(found, list) else found
    is_(words(s, [place.get("targetSelectionRange") or place["range"]]), ["late"])
    is_((place.get("targetSelectionRange") or place["range"])["start"], s.at("late: "))


def references(s):
    found = s.on("references", "late and", 1, context={"includeDeclaration": True})
    is_([p["range"]["start"] for p in found], [s.at("late: "), s.at("late and")])


def highlights(s):
    found = s.on("documentHighlight", "late and", 1)
    is_([(h["range"]["start"], h["kind"]) for h in found], [(s.at("late: "), 3), (s.at("late and"), 2)])


def rename(s):
    is_(s.on("prepareRename", "late and", 1)["placeholder"], "late")
    edit = s.on("rename", "late and", 1, newName="night")
    edits = edit["documentChanges"][0]["edits"] if "documentChanges" in edit else edit["changes"][s.uri]
    is_(applied(s, edits), s.text.replace("late: ", "night: ").replace("late and", "night and"))


def linked(s):
    is_(words(s, s.on("linkedEditingRange", "late and", 1)["ranges"]), ["late", "late"])


def hierarchy(s):
    exception = s.on("prepareCallHierarchy", "urgent", 1)[0]
    is_([c["to"]["name"] for c in s.ask("callHierarchy/outgoingCalls", {"item": exception})], ["no_chat"])
    rule = s.on("prepareCallHierarchy", "no_chat", 1)[0]
    is_([c["from"]["name"] for c in s.ask("callHierarchy/incomingCalls", {"item": rule})], ["urgent"])


def completion(s):
    items = s.on("completion", "purpose is ", 11)
    is_([i["label"] for i in items][:2], ["lesson", "talk"])
    assert "value of `purpose`" in s.ask("completionItem/resolve", items[0])["documentation"]["value"]


def formatting(s):
    tidy = s.text.replace("rule  untidy {  forbid", "rule untidy { forbid")
    is_(applied(s, s.of("formatting", **FORMAT)), tidy)


def range_formatting(s):
    place = {"start": s.at("rule  untidy"), "end": s.at("untidy")}
    assert "rule  untidy" not in applied(s, s.of("rangeFormatting", range=place, **FORMAT))
    is_(s.of("rangeFormatting", range={"start": s.at(ANCHOR), "end": s.at(ANCHOR, 9)}, **FORMAT), [])


def type_formatting(s):
    edits = s.on("onTypeFormatting", "purpose is talk }", 17, ch="}", **FORMAT)
    is_(applied(s, edits), s.text.replace("rule  untidy {  forbid", "rule untidy { forbid"))


def action(s):
    conflict = next(d for d in s.diagnostics() if d["code"] == "O3001")
    found = s.of("codeAction", range=conflict["range"], context={"diagnostics": [conflict]})
    titles = [a["title"] for a in found if a["kind"] == "quickfix" and "exception" in a["title"]]
    is_(sorted(t.split(":")[0] for t in titles), ["let `late_mail` win", "let `no_mail` win"])
    assert all(a["edit"] for a in found), found


def symbols(s):
    names = [entry["name"] for entry in s.of("documentSymbol")]
    for name in ["contact", "student", "late", "no_mail", "late_mail", "urgent"]:
        assert name in names, names


def searched(s):
    is_([found["name"] for found in s.ask("workspace/symbol", {"query": "late_mail"})], ["late_mail"])


def folding(s):
    folds = [(fold["startLine"], fold["endLine"]) for fold in s.of("foldingRange")]
    line = s.at("rule no_chat")["line"]
    assert (line, line + 2) in folds, folds


def selection(s):
    grown, texts = s.of("selectionRange", positions=[s.at("late and", 1)])[0], []
    while grown and grown["range"]["start"]["line"] == grown["range"]["end"]["line"]:
        texts += words(s, [grown["range"]])
        grown = grown.get("parent")
    is_(texts[:2], ["late", "late and purpose is lesson"])


def links(s):
    found = s.of("documentLink")
    is_(words(s, [link["range"] for link in found]), ["std.calendar"])
    assert found[0]["target"].endswith("calendar.ordain"), found


def tokens(s):
    full = s.of("semanticTokens/full")
    is_(s.of("semanticTokens/full/delta", previousResultId=full["resultId"])["edits"], [])
    part = s.of("semanticTokens/range", range=WHOLE)["data"]
    is_(part, full["data"][: len(part)])
    assert 0 < len(part) < len(full["data"]), part


def hints(s):
    whole = {"start": WHOLE["start"], "end": {"line": 99, "character": 0}}
    labels = [hint["label"] for hint in s.of("inlayHint", range=whole)]
    assert any(label == "(nurse, cook)" for label in labels), labels


def lenses(s):
    # Figures come with the proof.
    end, titles = time.time() + 20, []
    while not any("decides" in title for title in titles):
        assert time.time() < end, titles
        time.sleep(0.05)
        titles = [lens["command"]["title"] for lens in s.of("codeLens")]
    assert ("show table" in titles) == s.shows, titles


def reports(s):
    reported = s.ask("workspace/diagnostic", {"previousResultIds": []})["items"]
    mine = next(item for item in reported if item["uri"] == s.uri)
    assert mine["kind"] == "full" and any(d["code"] == "O3001" for d in mine["items"]), mine
    again = [{"uri": s.uri, "value": mine["resultId"]}]
    kinds = [item["kind"] for item in s.ask("workspace/diagnostic", {"previousResultIds": again})["items"]]
    is_(kinds, ["unchanged"])


# Each capability that the server may announce, and what is asked of it.
REQUESTS = {
    "hoverProvider": hover,
    "definitionProvider": definition,
    "referencesProvider": references,
    "documentHighlightProvider": highlights,
    "renameProvider": rename,
    "linkedEditingRangeProvider": linked,
    "callHierarchyProvider": hierarchy,
    "completionProvider": completion,
    "documentFormattingProvider": formatting,
    "documentRangeFormattingProvider": range_formatting,
    "documentOnTypeFormattingProvider": type_formatting,
    "codeActionProvider": action,
    "documentSymbolProvider": symbols,
    "workspaceSymbolProvider": searched,
    "foldingRangeProvider": folding,
    "selectionRangeProvider": selection,
    "documentLinkProvider": links,
    "semanticTokensProvider": tokens,
    "inlayHintProvider": hints,
    "codeLensProvider": lenses,
    "diagnosticProvider": reports,
}
# Announced, but no question: how texts are sent, and what the client runs itself.
SILENT = {"positionEncoding", "textDocumentSync", "workspace", "executeCommandProvider"}


def play(count, name, capabilities):
    session = Session(capabilities, MORE)

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
            REQUESTS[capability](session)

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
    versions = {"workspace": {"workspaceEdit": {"documentChanges": True}}}
    rules = (
        "fact ill: yes/no\nrule chatting { permit chat from teacher }\n"
        "rule asked { require not ill when channel is chat }\n"
    )
    session = Session(versions, rules)
    here = session.at("require not")
    only = {"diagnostics": [], "only": ["refactor.rewrite"]}
    found = session.of("codeAction", range={"start": here, "end": here}, context=only)
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
    changed = {"textDocument": {"uri": session.uri, "version": 2}, "contentChanges": [{"text": text}]}
    session.tell("textDocument/didChange", changed)
    assert session.of("documentSymbol"), text
    session.end()
    return "applied"


def refresh():
    """A client that pulls, and can be told to pull again, is told so where a file changes."""
    watching = {"didChangeWatchedFiles": {"dynamicRegistration": True}, "diagnostics": {"refreshSupport": True}}
    session = Session({"textDocument": {"diagnostic": {}}, "workspace": watching})
    assert session.of("diagnostic")["items"]
    (PROJECT / "ordain.toml").write_text("[check]\nlevel = 3\n")
    changes = [{"uri": (PROJECT / "ordain.toml").as_uri(), "type": 2}]
    session.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    end = time.time() + 10
    while not any(told["method"] == "workspace/diagnostic/refresh" for told in session.told):
        session.of("documentSymbol")
        assert time.time() < end, "nothing says that there are other diagnostics"
        time.sleep(0.05)
    session.end()


count = lib.Count()
for editor in ["visual-studio-code", "neovim", "emacs"]:
    play(count, editor, get_converter().unstructure(client_capabilities(editor)))
pulling = get_converter().unstructure(client_capabilities("neovim"))
pulling["textDocument"]["diagnostic"] = {"dynamicRegistration": False}
play(count, "neovim that pulls", pulling)
count.check("columns in UTF-8", encoding("utf-8", lambda text: len(text.encode())))
count.check("columns in UTF-16", encoding("utf-16", lambda text: len(text.encode("utf-16-le")) // 2))
count.check("a requirement becomes a proviso", conversion)
count.check("diagnostics are pulled again when files change", refresh)
sys.exit(count.end())
