"""The whole workflow through zeep, which reads our service description.

soap_workflow.py URL BINDING LOGIN PASSWORD FOLDER ARCHIVE

Makes a folder, uploads a document, reads it back, stages FOLDER, fetches the archive in chunks into ARCHIVE with
every CRC32 checked, deletes the handler and logs out.
"""

import base64
import sys
import zlib

import requests
import zeep
from lxml import etree

CHUNK = 100_000
CONTENT = bytes(range(256)) * 300


def root_of(result):
    """The root element inside a result, however zeep wrapped it."""
    while not isinstance(result, etree._Element):
        result = result["_value_1"] if not isinstance(result, list) else result[0]
    return result


def bytes_of(result):
    """Bytes of a result declared as base64Binary."""
    return result if isinstance(result, bytes) else base64.b64decode(result)


class Service:
    def __init__(self, url, binding):
        transport = zeep.transports.Transport(session=requests.Session(), timeout=60, operation_timeout=300)
        settings = zeep.Settings(strict=True, xml_huge_tree=True)
        self.client = zeep.Client(f"{url}/srv.asmx?wsdl", transport=transport, settings=settings,
                                  service_name="srv", port_name=binding)
        self.ticket = None

    def bare(self, operation, **parameters):
        return getattr(self.client.service, operation)(**parameters)

    def call(self, operation, **parameters):
        if self.ticket:
            parameters["AuthenticationTicket"] = self.ticket
        root = root_of(self.bare(operation, **parameters))
        if root.get("success") != "true":
            sys.exit(f"{operation} failed: {etree.tostring(root)[:500]}")
        return root


def main(url, binding, login, password, folder, archive):
    service = Service(url, binding)
    service.ticket = service.call("AuthenticateUser", UID=login, PWD=password).get("ticket")
    service.call("CreateFolder", Path=f"{folder}/by {binding}")
    document = f"{folder}/by {binding}/upload.bin"
    uploaded = service.call("UploadDocument", path=document, fileContent=CONTENT)
    if int(uploaded.get("DocumentId")) <= 0:
        sys.exit("the upload has no document id")
    back = service.bare("DownloadDocument", AuthenticationTicket=service.ticket, Path=document)
    if bytes_of(back) != CONTENT:
        sys.exit("the document does not come back as it went in")
    handler = service.call("DownloadZipWithHandler", Paths=folder, partialResult=False).get("downloadhandler")
    with open(archive, "wb") as target:
        last = False
        while not last:
            chunk = service.call("DownloadFileChunk", DownloadHandler=handler, StartOffset=target.tell(),
                                 ChunkSize=CHUNK)
            content = base64.b64decode(chunk.text or "")
            if f"{zlib.crc32(content):08X}" != chunk.get("chunkCRC32"):
                sys.exit("a chunk has another CRC32")
            target.write(content)
            last = chunk.get("lastchunk") == "true"
            if target.tell() > int(chunk.get("filelength")):
                sys.exit("more bytes than the file has")
    service.call("DeleteDownloadHandler", DownloadHandler=handler)
    service.call("LogOut")
    gone = root_of(service.bare("CreateFolder", AuthenticationTicket=service.ticket, Path=f"{folder}/late"))
    if gone.get("success") != "false" or not gone.get("error").startswith("[901]"):
        sys.exit("the ticket outlives the log-out")


main(*sys.argv[1:])
