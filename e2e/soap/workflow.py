"""The steps of workflow.json through zeep, which reads our service description.

workflow.py URL BINDING PASSWORD ARCHIVE
"""

import base64
import json
import re
import sys
import zlib
from pathlib import Path

import requests
import zeep
from lxml import etree


def filled(value, known):
    """The value of a parameter, with what earlier steps kept."""
    if isinstance(value, dict):
        return base64.b64decode(value["bytes"])
    return re.sub(r"\$\{(\w+)\}", lambda name: known[name[1]], value) if isinstance(value, str) else value


def root_of(result):
    """The root element inside a result, however zeep wrapped it."""
    while not isinstance(result, etree._Element):
        result = result["_value_1"] if not isinstance(result, list) else result[0]
    return result


class Workflow:
    def __init__(self, url, binding, password, archive):
        transport = zeep.transports.Transport(session=requests.Session(), timeout=60, operation_timeout=300)
        self.client = zeep.Client(f"{url}/srv.asmx?wsdl", transport=transport,
                                  settings=zeep.Settings(strict=True, xml_huge_tree=True),
                                  service_name="srv", port_name=binding)
        self.known, self.archive = {"password": password}, archive

    def call(self, operation, user, parameters):
        if user:
            parameters = {"AuthenticationTicket": self.known[user], **parameters}
        return getattr(self.client.service, operation)(**parameters)

    def step(self, step):
        parameters = {name: filled(value, self.known) for name, value in step.get("with", {}).items()}
        result = self.call(step["call"], step["as"], parameters)
        if "gives" in step:
            expect(result == base64.b64decode(step["gives"]), result)
            return
        root = root_of(result)
        text = etree.tostring(root, encoding="unicode")
        expect(root.get("success") == ("false" if "fails" in step else "true"), text)
        expect(step.get("fails", "") in (root.get("error") or ""), text)
        expect(all(part in text for part in step.get("has", [])), text)
        expect(not any(part in text for part in step.get("lacks", [])), text)
        for name, attribute in step.get("keep", {}).items():
            self.known[name] = re.search(rf' {attribute}="([^"]*)"', text)[1]

    def fetch(self, step):
        """The whole archive of a handler in chunks, with every CRC32 checked."""
        handler = filled(step["fetch"], self.known)
        with open(self.archive, "wb") as target:
            last = False
            while not last:
                parameters = {"DownloadHandler": handler, "StartOffset": target.tell(), "ChunkSize": step["chunk"]}
                chunk = root_of(self.call("DownloadFileChunk", step["as"], parameters))
                content = base64.b64decode(chunk.text or "")
                expect(f"{zlib.crc32(content):08X}" == chunk.get("chunkCRC32"), "a chunk has another CRC32")
                target.write(content)
                last = chunk.get("lastchunk") == "true"
                expect(target.tell() <= int(chunk.get("filelength")), "more bytes than the file has")


def expect(is_so, found):
    if not is_so:
        raise AssertionError(f"not as expected: {str(found)[:2000]}")


def main(url, binding, password, archive):
    workflow = Workflow(url, binding, password, archive)
    steps = json.loads(Path(__file__).with_name("workflow.json").read_text())
    for number, step in enumerate(steps, 1):
        try:
            if "call" in step:
                workflow.step(step)
            elif "fetch" in step:
                workflow.fetch(step)
        except Exception as error:
            sys.exit(f"step {number} {json.dumps(step)[:300]}: {error}")


main(*sys.argv[1:])
