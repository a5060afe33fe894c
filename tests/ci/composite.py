"""A composite action, its inputs and an event -> its steps, run here as a runner would run them.

Knows as much of the runner as `action.yml` uses: expressions with `==`, `!=`, `!`, `&&` and `||`, variables, outputs, the path,
the summary. A step that `uses` another action is not run, but handed to the caller.
"""

import os
import pathlib
import re
import subprocess

import yaml


def value(expression, context):
    """What an expression comes to; an unknown name is empty, as on a runner."""

    def name(match):
        word = match[0]
        if word.startswith("'"):
            return repr(word[1:-1])
        found = context
        for part in word.split("."):
            found = found.get(part, "") if isinstance(found, dict) else ""
        return repr("" if found is None else str(found))

    text = re.sub(r"'[^']*'|[A-Za-z_][\w.-]*", name, expression)
    text = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
    return eval(text, {"__builtins__": {}})


def filled(text, context):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(value(m[1].strip(), context)), str(text))


class Runner:
    """Runs one action in a checkout; afterwards `log`, `outputs`, `summary` and `used` say what happened."""

    def __init__(self, action, checkout, temp, github, variables, used):
        self.action, self.checkout, self.temp = pathlib.Path(action), checkout, pathlib.Path(temp)
        self.temp.mkdir(parents=True, exist_ok=True)
        self.github, self.variables, self.used = github, variables, used
        self.log, self.summary, self.outputs = "", "", {}

    def run(self, given):
        """The exit code of the first step that fails, else 0."""
        description = yaml.safe_load((self.action / "action.yml").read_text())
        context = {"github": {"token": "", **self.github}, "steps": {}}
        unknown = set(given) - set(description["inputs"])
        assert not unknown, f"the action has no inputs {unknown}"
        defaults = {k: filled(v.get("default", ""), context) for k, v in description["inputs"].items()}
        # A runner hands over texts: `false` in a workflow is "false".
        texts = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in given.items()}
        context["inputs"] = {**defaults, **texts}
        path, code = os.environ["PATH"], 0
        for step in description["runs"]["steps"]:
            asked = step.get("if")
            if code or (asked and not value(re.sub(r"^\$\{\{(.*)\}\}$", r"\1", str(asked)), context)):
                continue
            if "uses" in step:
                self.used(step["uses"], {k: filled(v, context) for k, v in step.get("with", {}).items()})
                continue
            files = {name: self.temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
            for file in files.values():
                file.write_text("")
            variables = {k: filled(v, context) for k, v in step.get("env", {}).items()}
            environment = {
                **{k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "ORDAIN_"))},
                **self.variables, **variables, **{k: str(v) for k, v in files.items()},
                "PATH": path, "GITHUB_ACTION_PATH": str(self.action), "RUNNER_TEMP": str(self.temp),
            }
            assert step["shell"] == "bash"
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=self.checkout, env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.log += f"== {step['name']}\n{done.stdout}"
            code = done.returncode
            outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
            context["steps"][step.get("id", "")] = {"outputs": outputs}
            path = os.pathsep.join([*reversed(files["GITHUB_PATH"].read_text().split("\n")[:-1]), path])
            self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        self.outputs = {k: filled(v["value"], context) for k, v in description.get("outputs", {}).items()}
        return code
