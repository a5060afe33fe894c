"""What cargo knows of a build -> a bill of materials: `sbom.py METADATA LOCK OUT` (CycloneDX 1.6, JSON).

Lists the crates that the two commands are linked from, with versions, licences, checksums of `Cargo.lock`, and which needs
which; not what is there for tests or builds alone. It is checked against the schema before it is written, and is the same for
the same input.
"""

import json
import os
import pathlib
import sys
import tomllib
import uuid
from datetime import datetime, timezone

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

COMMANDS = ("ordain", "ordain-lsp")


def main(metadata, lock, out):
    metadata = json.loads(pathlib.Path(metadata).read_text())
    packages = {p["id"]: p for p in metadata["packages"]}
    nodes = {n["id"]: n for n in metadata["resolve"]["nodes"]}
    sums = {(p["name"], p["version"]): p.get("checksum") for p in tomllib.loads(pathlib.Path(lock).read_text())["package"]}
    # A dependency of the kind `null` is linked; others are for tests and builds.
    needs = lambda i: sorted(d["pkg"] for d in nodes[i]["deps"] if any(k["kind"] is None for k in d["dep_kinds"]))
    open_ = [i for i in packages if packages[i]["name"] in COMMANDS and packages[i]["source"] is None]
    assert len(open_) == len(COMMANDS), "the commands are not there"
    linked = set()
    while open_:
        package = open_.pop()
        if package not in linked:
            linked.add(package)
            open_ += needs(package)

    licences, components = LicenseFactory(), {}
    for i in sorted(linked):
        p = packages[i]
        checksum = sums[p["name"], p["version"]]
        components[i] = Component(
            type=ComponentType.APPLICATION if p["name"] in COMMANDS else ComponentType.LIBRARY,
            name=p["name"], version=p["version"], description=p["description"],
            bom_ref=f"{p['name']}@{p['version']}",
            purl=PackageURL("cargo", name=p["name"], version=p["version"]),
            licenses=[licences.make_from_string(p["license"].replace("/", " OR "))] if p["license"] else [],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)] if checksum else [],
        )
    version = next(p["version"] for p in packages.values() if p["name"] == COMMANDS[0])
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(sorted(components))))
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    bom.metadata.component = release = Component(type=ComponentType.APPLICATION, name="ordain-release", version=version, bom_ref="release")
    for i, component in components.items():
        bom.components.add(component)
        bom.register_dependency(component, [components[d] for d in needs(i)])
    bom.register_dependency(release, [c for c in components.values() if c.type is ComponentType.APPLICATION])
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert fault is None, fault
    pathlib.Path(out).write_text(text)
    print(f"{len(components)} crates")


main(*sys.argv[1:])
