"""KIE (Drools): the DMN models of `--to dmn` on the engine that Red Hat's and IBM's decision products run."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import lib
import recipes

# Cases of a random policy, and of an example.
EACH, MOST = 60, 400
# Cases of each answer that are asked whatever there is besides.
OF_EACH_ANSWER = 2
PACKAGE = "@kie-tools/jitexecutor-native@999.0.0-20240505-SNAPSHOT"


class Kie(lib.Engine):
    name = "kie"

    def install(self):
        folder = lib.npm("kie", PACKAGE)
        binary = folder / "node_modules/@kie-tools/jitexecutor-native/dist/linux/jitexecutor"
        binary.chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        log = open(lib.ENGINES / "kie.log", "w")
        options = ["-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.http.port={self.port}", "-Dquarkus.http.limits.max-body-size=64M"]
        self.server = subprocess.Popen([binary, *options], stdout=log, stderr=log)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                time.sleep(0.1)
        self.pool = ThreadPoolExecutor(os.cpu_count())
        self.connections = threading.local()
        recipes.run("dmn.md", "kie", [sys.executable], [("127.0.0.1:8080", f"127.0.0.1:{self.port}")])
        self.versions()

    def versions(self):
        """A model says the same in every version of the standard."""
        project = next(p for p in lib.projects() if p.name.startswith("examples"))
        answers = []
        for version in ("1.2", "1.3", "1.4", "1.5"):
            model = project.artefact("dmn", "--dmn-version", version).read_text()
            result = self.ask(model, project.cases[0])
            answers.append([(d["decisionName"], d["result"]) for d in result["decisionResults"]])
        if any(answer != answers[0] or None in dict(answer).values() for answer in answers):
            raise lib.Failed(f"the versions of DMN differ: {answers}")

    def artefact(self, project):
        return project.artefact("dmn")

    def ask(self, model, case):
        for attempt in (1, 2):
            try:
                connection = getattr(self.connections, "own", None) or http.client.HTTPConnection("127.0.0.1", self.port)
                self.connections.own = connection
                body = json.dumps({"mainURI": "policy.dmn", "resources": [{"URI": "policy.dmn", "content": model}], "context": case})
                connection.request("POST", "/jitdmn/dmnresult", body.encode(), {"Content-Type": "application/json"})
                response = connection.getresponse()
                answer = response.read()
                break
            except (http.client.HTTPException, OSError):
                self.connections.own = None
                if attempt == 2:
                    raise
        if response.status != 200:
            raise lib.Failed(f"HTTP {response.status}: {answer[:1500]}")
        return json.loads(answer)

    def decide(self, project, artefact):
        model = artefact.read_text()
        # Each question sends the model anew, and so takes its time: up to a fifth of a second for a large one.
        step = -(-len(project.cases) // (EACH if project.name.startswith("random") else MOST))
        chosen, seen = set(range(0, len(project.cases), step)), {}
        for i, answer in enumerate(project.answers):
            text = json.dumps(answer)
            seen[text] = seen.get(text, 0) + 1
            if seen[text] <= OF_EACH_ANSWER:
                chosen.add(i)
        project.cases = [project.cases[i] for i in sorted(chosen)]
        project.answers = [project.answers[i] for i in sorted(chosen)]
        # Facts whose names are FEEL's own words have another name there; the model says so.
        renamed = dict(re.findall(r'<inputData id="[^"]*" name="([^"]*)">\s*<description>[^<]*The policy calls it `([^`]*)`', model))
        facts = {name: renamed.get(name, name) for name in re.findall(r'<inputData id="[^"]*" name="([^"]*)"', model)}
        cases = [{name: case[fact] for name, fact in facts.items()} for case in project.cases]
        # Neighbours need not be asked twice.
        texts = [json.dumps(case) for case in cases]
        different = dict(zip(texts, cases))
        answers = dict(zip(different, self.pool.map(lambda case: self.ask(model, case), different.values())))
        return [self.answer(project, answers[text], text) for text in texts]

    def answer(self, project, result, case):
        if result["messages"]:
            raise lib.Failed(f"it complains: {result['messages'][0]['message'][:500]} about {case}")
        told, rules = {}, []
        values = {d["decisionName"]: d["result"] for d in result["decisionResults"]}
        for decision in project.decisions:
            # Names that FEEL cannot read have an underscore.
            name = next(n for n in (decision, f"{decision}_", f"{decision}__") if isinstance(values.get(n), dict))
            value = values[name]
            told[decision] = value.get(name, value.get(f"{name}_"))
            rules += value["rules"]
            told.update({k: v for k, v in value.items() if k in ("duties", "advice")})
        lacking = {k: [] for k in ("duties", "advice") if k in project.answers[0]}
        return {**lacking, **told, "rules": rules}

    def alter(self, artefact):
        text = artefact.read_text()
        altered = artefact.with_name("altered.dmn")
        # The value of the first row of the first table becomes another one that the decision has.
        values = re.search(r"<outputValues[^>]*>\s*<text>([^<]*)", text)[1]
        head, said, rest = re.split(r'(?<=_result">)(\s*<text>"[^"]*")', text, maxsplit=1)
        other = next(v for v in re.findall(r'"[^"]*"', values) if v not in said)
        altered.write_text(head + f"<text>{other}" + rest)
        return altered


if __name__ == "__main__":
    engine = Kie()
    try:
        status = lib.main(engine)
    finally:
        if hasattr(engine, "server"):
            engine.server.terminate()
    sys.exit(status)
