"""The tree-sitter grammar: held to the compiler's parser, to its outline and to its colours; its corpus; its queries."""

import ctypes
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import lib
from tree_sitter import Language, Parser, Query, QueryCursor

GRAMMAR = lib.ROOT / "editors" / "tree-sitter-ordain"
# Beyond a grammar: how deep brackets are nested.
TOO_DEEP = "O1006"
# Two things are taken for a mistake by the compiler alone. A statement of another decision begins on a line of its own,
# else `when` is missing: `permit visitor is staff`. And words that only look like names are none at these places.
LAX = re.compile(
    r"expected .* after `[^`]*`, found `(is|by|[^`]+)`$|but there is `|a unit such as `days`|`[a-z]+` is no setting|expected a name after `(use|policy)`"
)
# Names that the compiler takes though they are a keyword at this place: a unit or an outcome of that name.
STRICT_WORDS = {"in", "allow", "default", "source", "timezone", "yields", "role", "channel"}


def language():
    made = lib.FOLDER / "tree-sitter" / "ordain.so"
    made.parent.mkdir(parents=True, exist_ok=True)
    sources = [GRAMMAR / "src" / "parser.c", GRAMMAR / "src" / "scanner.c"]
    warnings = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", *warnings, "-I", GRAMMAR / "src", *sources, "-o", made], check=True)
    function = ctypes.CDLL(str(made)).tree_sitter_ordain
    function.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype = ctypes.py_object
    capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return Language(capsule(function(), b"tree_sitter.Language", None))


LANGUAGE = language()
PARSER = Parser(LANGUAGE)
PROGRAMS = lib.programs()


def tree(text):
    return PARSER.parse(text.encode()).root_node


def captures(query, node):
    """All captures as (name, node), in the order of the text."""
    found = QueryCursor(query).captures(node)
    pairs = [(name, node) for name, nodes in found.items() for node in nodes]
    return sorted(pairs, key=lambda p: (p[1].start_byte, -p[1].end_byte, p[0]))


def query(name):
    return Query(LANGUAGE, (GRAMMAR / "queries" / f"{name}.scm").read_text())


def bad_parts(node):
    if node.type == "ERROR" or node.is_missing:
        return [f"line {node.start_point.row + 1}: {node.text.decode()[:60]!r}"]
    return [part for child in node.children if child.has_error or child.is_missing for part in bad_parts(child)]


def same_errors():
    """A program has an error here if and only if the compiler finds one of syntax."""
    names = list(PROGRAMS)
    errors = lib.syntax_errors([PROGRAMS[name] for name in names], lib.FOLDER / "tree-sitter" / "programs")
    wrong, broken = [], 0
    for name, found in zip(names, errors):
        root = tree(PROGRAMS[name])
        broken += bool(found)
        if {code for code, _ in found} == {TOO_DEEP}:
            continue
        if root.has_error != bool(found):
            wrong.append(f"{name}: the compiler says {found}, the tree has {bad_parts(root)}")
    assert not wrong, "\n".join(wrong)
    assert broken >= 8, "some pages show errors of syntax"
    return f"{len(names)} programs, {broken} with errors"


TOKEN = re.compile(r'"(?:[^"\\\r\n]|\\.)*"|//[^\n]*|/\*.*?\*/|\d{4}-\d+-\d+|\d+:\d\d|-?\d[\d_.]*|\w+|<=|>=|!=|\S', re.S)
WORDS = (
    "is not any none of all only on before after during between to from by some undecided conflict in cite allow role"
    " channel may under if until because at least within include every day weekdays yes default name rule permit forbid"
    ' when and or { } ( ) , : . = < 5 2026-01-01 08:00 "text"'
).split()


def mutants(count, seed):
    """Programs with one token left out, doubled, replaced or put in, or with one blank for another."""
    chance = random.Random(seed)
    texts = [text for text in PROGRAMS.values() if text.count("(") < 60]
    while count:
        text = chance.choice(texts)
        tokens = [t for t in TOKEN.finditer(text) if not t.group().startswith("/")]
        if len(tokens) < 3:
            continue
        at, way = chance.choice(tokens), chance.randrange(6)
        new = {0: "", 1: chance.choice(WORDS), 2: f"{chance.choice(WORDS)} {at.group()}",
               3: chance.choice(tokens).group(), 4: f"{at.group()} {at.group()}"}.get(way)
        start, end = at.span()
        if new is None:
            blanks = [i for i, c in enumerate(text) if c in " \n"]
            start = chance.choice(blanks)
            end, new = start + 1, "\n" if text[start] == " " else " "
        yield text[:start] + new + text[end:], text[max(0, start - 40) : start] + new + text[end : end + 40]
        count -= 1


def same_errors_in_mutants():
    """The same for programs with one slip. What may differ is named above."""
    slips = list(mutants(4000, 5))
    errors = lib.syntax_errors([text for text, _ in slips], lib.FOLDER / "tree-sitter" / "mutants")
    strict, lax, wrong, broken = 0, 0, [], 0
    for (text, around), found in zip(slips, errors):
        broken += bool(found)
        has_error = tree(text).has_error
        if has_error and not found:
            strict += 1
            if not STRICT_WORDS & set(re.findall(r"\w+", around)):
                wrong.append(f"no error for the compiler: {around!r}")
        elif found and not has_error:
            lax += 1
            if not all(LAX.search(message) for _, message in found):
                wrong.append(f"no error in the tree: {around!r} {found}")
    assert not wrong, "\n".join(wrong)
    assert strict <= 4 and lax <= 16, f"{strict} are refused by the grammar alone, {lax} by the compiler alone"
    assert broken > 1000, "a slip mostly is an error"
    return f"{len(slips)} slips, {broken} of them errors; {strict} refused by the grammar alone, {lax} by the compiler alone"


CLIENT = {
    "general": {"positionEncodings": ["utf-8"]},
    "textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}, "diagnostic": {}},
}
LITERALS = {"comment": "comment", "comment.documentation": "comment", "string": "string", "number": "number",
            "keyword": "keyword", "operator": "operator"}


def at_of(text, position):
    """The offset of a place in bytes."""
    lines = text.encode().split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"]]) + position["character"]


def outline(symbols, text):
    for symbol in symbols:
        # A section without a name, and `assume`, are entries without one.
        if symbol["name"] not in ("assume", "section"):
            yield at_of(text, symbol["selectionRange"]["start"]), symbol["name"]
        yield from outline(symbol.get("children", []), text)


def coloured(tokens, legend, text):
    lines = [0]
    for line in text.encode().split(b"\n"):
        lines.append(lines[-1] + len(line) + 1)
    row = column = 0
    for i in range(0, len(tokens), 5):
        down, right, length, kind, _ = tokens[i : i + 5]
        row, column = row + down, right + (0 if down else column)
        if legend[kind] in LITERALS.values():
            yield lines[row] + column, lines[row] + column + length, legend[kind]


def answers():
    """For each program that the compiler understands its outline and its colours, as the server gives them."""
    server = lib.Server(CLIENT)
    legend = server.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, text) in enumerate(PROGRAMS.items()):
            if tree(text).has_error or TOO_DEEP in name:
                continue
            document = {"uri": pathlib.Path(folder, str(number), "policy.ordain").as_uri()}
            server.tell("textDocument/didOpen", {"textDocument": {**document, "languageId": "ordain", "version": 1, "text": text}})
            symbols = server.ask("textDocument/documentSymbol", {"textDocument": document})
            tokens = server.ask("textDocument/semanticTokens/full", {"textDocument": document})["data"]
            server.tell("textDocument/didClose", {"textDocument": document})
            yield name, text, sorted(outline(symbols, text)), list(coloured(tokens, legend, text))
    server.end()


ANSWERS = list(answers())


def same_outline():
    """The names that `tags.scm` finds are those of the server's outline, at the same places."""
    tags, wrong, count = query("tags"), [], 0
    for name, text, expected, _ in ANSWERS:
        found = []
        for capture, node in captures(tags, tree(text)):
            if capture == "name":
                shown = node.text.decode()
                if node.type == "string":
                    shown = re.sub(r'\\(["\\])', r"\1", shown[1:-1])
                found.append((node.start_byte, shown))
        count += len(found)
        if found != expected:
            wrong.append(f"{name}: {sorted(set(found) ^ set(expected))}")
    assert not wrong, "\n".join(wrong)
    return f"{count} names of {len(ANSWERS)} programs"


def same_colours():
    """What `highlights.scm` takes for keywords, texts, numbers, comments and signs is what the compiler does."""
    highlights, wrong, count = query("highlights"), [], 0
    for name, text, expected, _ in ((n, t, c, None) for n, t, _, c in ANSWERS):
        found = set()
        for capture, node in captures(highlights, tree(text)):
            if capture in LITERALS:
                # A comment over several lines is one part for each.
                start = node.start_byte
                for line in node.text.split(b"\n"):
                    found.add((start, start + len(line), LITERALS[capture]))
                    start += len(line) + 1
        expected, data = set(expected), text.encode()
        different = [
            (data[a:b].decode(), kind, "the tree alone" if (a, b, kind) in found else "the compiler alone")
            for a, b, kind in found ^ expected
            # `1 day`: the server colours this unit as the word of `every day` that it also is.
            if data[a:b].strip() not in (b"", b"day")
        ]
        count += len(found)
        if different:
            wrong.append(f"{name}: {different}")
    assert not wrong, "\n".join(wrong[:20])
    return f"{count} parts"


def one_colour_each():
    """No part is captured twice, so that it does not matter which pattern wins; and no name is left without colour."""
    highlights, wrong, count = query("highlights"), [], 0

    def leaves(node):
        if node.child_count == 0 and node.end_byte > node.start_byte:
            yield node
        for child in node.children:
            yield from leaves(child)

    for name, text, _, _ in ANSWERS:
        root = tree(text)
        found = captures(highlights, root)
        covered = [set(range(node.start_byte, node.end_byte)) for _, node in found]
        ids = [node.id for _, node in found]
        if len(ids) != len(set(ids)):
            wrong.append(f"{name}: {[node.text.decode() for _, node in found if ids.count(node.id) > 1]} twice")
        bytes_ = set().union(*covered) if covered else set()
        bare = [leaf.text.decode() for leaf in leaves(root) if leaf.start_byte not in bytes_]
        count += len(found)
        if bare:
            wrong.append(f"{name}: {bare} without colour")
    assert not wrong, "\n".join(wrong[:20])
    return f"{count} captures"


def folds_and_indents():
    """Whatever has braces over several lines folds, and what stands in it is further in."""
    folds, indents, wrong = query("folds"), query("indents"), []
    for name, text, _, _ in ANSWERS:
        root = tree(text)
        folded = {node.start_point.row for capture, node in captures(folds, root) if node.end_point.row > node.start_point.row}
        begins = [node for capture, node in captures(indents, root) if capture == "indent.begin"]
        for row, line in enumerate(text.splitlines()):
            code = line.split("//")[0].rstrip()
            opens = code.endswith("{") and code.count("{") > code.count("}") and '"' not in code.split("{")[-1]
            if opens and not any(node.start_point.row <= row < node.end_point.row for node in begins):
                wrong.append(f"{name}:{row + 1}: no indent behind {line!r}")
            if opens and not any(first <= row for first in folded):
                wrong.append(f"{name}:{row + 1}: no fold for {line!r}")
    assert not wrong, "\n".join(wrong[:20])


def corpus():
    """Each example of `test/corpus` has the tree below it."""
    count, wrong = 0, []
    for file in sorted((GRAMMAR / "test" / "corpus").glob("*.txt")):
        parts = re.split(r"^=+\n(.+)\n=+\n", file.read_text(), flags=re.M)
        for name, part in zip(parts[1::2], parts[2::2]):
            text, expected = re.split(r"^---+\n", part, flags=re.M)
            said = str(tree(text))
            count += 1
            if said != re.sub(r"\s+", " ", expected.strip()).replace(" )", ")"):
                wrong.append(f"{file.name}, {name}: {said}")
    assert not wrong, "\n".join(wrong)
    assert count > 15
    return f"{count} examples"


def edits():
    """After an edit the tree is the one of the whole text: nothing is remembered that the text does not say."""
    chance, count = random.Random(7), 0
    for text in [t for t in PROGRAMS.values() if len(t) > 300][:60]:
        data = text.encode()
        old = PARSER.parse(data)
        for _ in range(12):
            at = chance.randrange(len(data))
            new = chance.choice([b"", b" ", b"\n", b"}", b"{", b"when ", b"rule x ", b'"'])
            gone = chance.choice([0, 0, 1, 4])
            end = min(len(data), at + gone)
            after = data[:at] + new + data[end:]

            def point(bytes_, offset):
                before = bytes_[:offset]
                return before.count(b"\n"), offset - (before.rfind(b"\n") + 1)

            old.edit(at, end, at + len(new), point(data, at), point(data, end), point(after, at + len(new)))
            data, old = after, PARSER.parse(after, old)
            count += 1
            if not old.root_node.has_error:
                assert str(old.root_node) == str(PARSER.parse(data).root_node), data[max(0, at - 60) : at + 60]
    return f"{count} edits"


def copies():
    """The queries that stand in the folders of the editors are those of the grammar."""
    done = subprocess.run([lib.ROOT / "editors" / "copy-queries", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def queries_fit():
    """Every query of every editor, and the words that Emacs colours, are of this grammar."""
    files = sorted((lib.ROOT / "editors").rglob("*.scm"))
    for file in files:
        Query(LANGUAGE, file.read_text())
    emacs = (lib.ROOT / "editors" / "emacs" / "ordain-mode.el").read_text()
    lists = re.findall(r"defconst ordain--(?:reserved|words)\n\s+'\((.*?)\)", emacs, re.S)
    words = [word for words in lists for word in re.findall(r'"(\w+)"', words)]
    quoted = " ".join('"' + word + '"' for word in words)
    Query(LANGUAGE, f"[{quoted}] @keyword")
    assert len(files) > 10 and len(words) > 50
    return f"{len(files)} files"


def is_current():
    """`src` is what the generator makes of `grammar.js`. With ORDAIN_BLESS=1 it is written anew."""
    manifest = lib.ROOT / "tests" / "editors" / "generate" / "Cargo.toml"
    target = lib.FOLDER / "generate"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CARGO_TARGET")}
    command = ["cargo", "run", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", target, "--"]
    with tempfile.TemporaryDirectory() as made:
        to = GRAMMAR / "src" if os.environ.get("ORDAIN_BLESS") else made
        done = subprocess.run([*command, GRAMMAR, to], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        for file in sorted(pathlib.Path(to).rglob("*.*")):
            kept = GRAMMAR / "src" / file.relative_to(to)
            assert kept.exists() and kept.read_bytes() == file.read_bytes(), f"{kept.name} is not what grammar.js says"


count = lib.Count()
for test in [is_current, same_errors, same_errors_in_mutants, same_outline, same_colours, one_colour_each,
             folds_and_indents, corpus, edits, copies, queries_fit]:
    count.check(test.__name__.replace("_", " "), test)
sys.exit(count.end())
