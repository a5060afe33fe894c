"""A table as DMN -> what Drools' own engine says of it, over HTTP to its native build.

Its analysis of a table has no limit of its own; a request that takes too long is given up and the engine started anew.
"""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request

PORT = 8481


class Drools:
    def __init__(self):
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [os.environ["DROOLS"], "-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.http.port={PORT}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=1)
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise OSError("Drools' engine does not start")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, verb, body, limit):
        if not self.process:
            self.start()
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/jitdmn/{verb}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=limit) as answer:
                return answer.read()
        except (TimeoutError, OSError):
            self.stop()
            raise

    def validate(self, xml, limit):
        """Time in ms, the messages, and how many bytes they take."""
        body = {"mainURI": "t.dmn", "resources": [{"URI": "t.dmn", "content": xml}]}
        start = time.perf_counter()
        answer = self.ask("validate", body, limit)
        ms = (time.perf_counter() - start) * 1e3
        return ms, json.loads(answer), len(answer)

    def decide(self, xml, case, limit):
        body = {"mainURI": "t.dmn", "resources": [{"URI": "t.dmn", "content": xml}], "context": case}
        answer = json.loads(self.ask("dmnresult", body, limit))
        return answer["decisionResults"][0]["result"]
