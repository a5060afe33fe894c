"""The founding policy -> a repository of three commits, one for each way in which a change of a policy may end.

`FOUNDED` is the policy as it is, `SAME` says some rules in other words, `WIDENED` lets students text staff. A service that
checks out a pull request merges it into its base: `merged` does that.
"""

import pathlib
import shutil
import subprocess

FOUNDED, SAME, WIDENED = "founded", "same", "widened"
# What each commit changes: file, before, after.
EDITS = {
    SAME: [
        ("contact.ordain", "when account is personal", "when not account is district"),
        ("contact.ordain", "rule school_pages", "rule own_pages"),
        ("expectations.ordain", "by school_pages", "by own_pages"),
    ],
    WIDENED: [("contact.ordain", "forbid text from student to staff", "permit text from student to staff")],
}


def git(folder, *arguments):
    who = ["-c", "user.name=ci", "-c", "user.email=ci@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


def make(folder, root, ordain, extra=()):
    """The repository, with the policy in `policies` and `extra` files (path, text) from the first commit on."""
    policies = folder / "policies"
    policies.mkdir(parents=True)
    for path in (root / "examples/student-aup").iterdir():
        if path.is_file():
            shutil.copy(path, policies)
    for path, text in extra:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(folder, FOUNDED)
    git(folder, "checkout", "-q", "-b", "change")
    for name, edits in EDITS.items():
        for file, before, after in edits:
            path = policies / file
            text = path.read_text()
            assert before in text, f"{file} does not say {before}"
            path.write_text(text.replace(before, after, 1))
        if name == SAME:
            # Rules are named in the committed table.
            subprocess.run([ordain, "table", policies, "--out", policies / "table.md"], check=True, capture_output=True)
        commit(folder, name)


def commit(folder, name):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", name)
    git(folder, "tag", name)


def merged(folder, base, head):
    """The commit that merges `head` into `base`, as a service makes it of a pull request."""
    tree = git(folder, "rev-parse", f"{head}^{{tree}}")
    return git(folder, "commit-tree", tree, "-p", base, "-p", head, "-m", "merge")


def checkout(origin, folder, revision, depth):
    """A clone as services make it: of one revision, so many commits deep; 0 is all of them."""
    pathlib.Path(folder).mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", f"file://{origin}")
    git(folder, "fetch", "-q", *([f"--depth={depth}"] if depth else []), "origin", revision)
    git(folder, "checkout", "-q", "--detach", "FETCH_HEAD")
