"""Cedar, from the wheel of cedarpy."""

import json
import sys

import cedar
import lib
import recipes

PACKAGES = ["cedarpy==4.12.2"]


class Cedarpy(cedar.Cedar):
    name = "cedarpy"

    def install(self):
        recipes.run("cedar.md", "cedar", [sys.executable])

    def validate(self, artefact):
        import cedarpy

        return [str(e) for e in cedarpy.validate_policies(artefact.read_text(), self.schema(artefact)).errors]

    def allowed(self, artefact, contexts):
        import cedarpy

        namespace = self.namespace(artefact)
        policies = cedarpy.PolicySet.from_str(artefact.read_text())
        schema = cedarpy.Schema.from_str(self.schema(artefact))
        found = []
        for context in contexts:
            request = {
                "principal": f'{namespace}::Requester::"a"',
                "action": f'{namespace}::Action::"decide"',
                "resource": f'{namespace}::Case::"a"',
                "context": context,
            }
            said = cedarpy.is_authorized(request, policies, [], schema)
            if said.diagnostics.errors or said.decision == cedarpy.Decision.NoDecision:
                raise lib.Failed(f"{said.diagnostics.errors}: {json.dumps(context)}")
            found.append(said.decision == cedarpy.Decision.Allow)
        return found


if __name__ == "__main__":
    lib.in_venv(lib.venv("cedarpy", *PACKAGES))
    sys.exit(lib.main(Cedarpy()))
