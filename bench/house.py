"""A Holdall server under measurement, and the few calls the measurements need."""

import base64
import http.client
import json
import os
import random
import re
import subprocess
import time
import urllib.parse
from pathlib import Path

HOLDALL = os.environ["HOLDALL_BIN"]
PASSWORD = "bench-password-of-sufficient-length"
# One user holds all the connections of a measurement.
ENVIRONMENT = {**os.environ, "HOLDALL_LOG": "warn", "HOLDALL_MAX_DOWNLOADS_PER_USER": "20000"}


def import_tree(data: Path, tree: Path, target: str):
    """Imports and gives the seconds it took."""
    if not (data / "bench-user").exists():
        subprocess.run([HOLDALL, "user", "add", "bench", "--admin", "--password-stdin", "--data", str(data)],
                       input=PASSWORD.encode(), check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        (data / "bench-user").touch()
    start = time.perf_counter()
    subprocess.run([HOLDALL, "import", str(tree), target, "--as", "bench", "--data", str(data)],
                   check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.perf_counter() - start


class House:
    """A running server, signed in."""

    def __init__(self, data: Path):
        self.data = data
        self.process = subprocess.Popen([HOLDALL, "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        for line in self.process.stdout:
            found = re.search(r"listening on (http://\S+)", line)
            if found:
                self.url = found.group(1)
                break
        else:
            raise RuntimeError("the server did not start")
        self.pid = self.process.pid
        self.connection = http.client.HTTPConnection(self.url.removeprefix("http://"))
        self.ticket = self.call("AuthenticateUser", UID="bench", PWD=PASSWORD)["ticket"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def call(self, operation, **parameters):
        """One srv.asmx call by form; gives the root's attributes."""
        body = urllib.parse.urlencode(parameters)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            self.connection.request("POST", f"/srv.asmx/{operation}", body, headers)
            text = self.connection.getresponse().read().decode()
        except (BrokenPipeError, http.client.RemoteDisconnected):
            # The server closed the idle connection while a peer was at work.
            self.connection.close()
            self.connection.request("POST", f"/srv.asmx/{operation}", body, headers)
            text = self.connection.getresponse().read().decode()
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', text.split("?>", 1)[-1].split(">", 1)[0]))
        if attributes.get("success") != "true":
            raise RuntimeError(f"{operation}: {text[:300]}")
        return attributes

    def change_one(self, folder, number):
        """Makes the next staging of `folder` a new plan, so that its durable write is measured too."""
        self.call("UploadDocument", authenticationTicket=self.ticket, path=f"{folder}/marker.txt",
                  fileContent=base64.b64encode(f"run {number} {time.time_ns()}".encode()).decode())

    def replace(self, path, number):
        """Gives a document a new version of about the size it had."""
        content = random.Random(number).randbytes(15 * 1024)
        self.call("UploadDocument", authenticationTicket=self.ticket, path=path,
                  fileContent=base64.b64encode(content).decode())

    def stage(self, paths):
        """Stages strictly; gives the handler and the seconds until the answer was read."""
        start = time.perf_counter()
        answer = self.call("DownloadZipWithHandler", authenticationTicket=self.ticket, Paths=paths,
                           partialResult="false")
        return answer["downloadhandler"], time.perf_counter() - start

    def content_url(self, handler):
        return f"{self.url}/api/v1/downloads/{handler}/content"

    def length(self, handler):
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"))
        connection.request("HEAD", f"/api/v1/downloads/{handler}/content",
                           headers={"Authorization": f"Bearer {self.ticket}"})
        return int(connection.getresponse().headers["Content-Length"])

    def chunk_url(self, handler):
        return (f"{self.url}/srv.asmx/DownloadFileChunk?authenticationTicket={self.ticket}"
                f"&DownloadHandler={handler}")


def load(shape, url, length=1, bearer=None, size=1 << 20, connections=8, milliseconds=3000, **more):
    """Loads a URL; gives the counts."""
    arguments = ["--shape", shape, "--url", url, "--length", length, "--size", size, "--connections", connections,
                 "--milliseconds", milliseconds]
    if bearer:
        arguments += ["--bearer", bearer]
    for name, value in more.items():
        arguments += [f"--{name}", value]
    return run_load(*arguments)


def run_load(*arguments):
    """Runs the load client; gives what it counted."""
    command = [os.environ["HOLDALL_LOAD"], *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
