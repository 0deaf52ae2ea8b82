"""The peers: programs that build the zip, and nginx that serves a finished one."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path


def timed(command, cwd, target: Path):
    """Seconds that a zipping program takes to write `target`."""
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def zip_deflated(tree: Path, target: Path):
    return timed(["zip", "-qr", str(target), tree.name], tree.parent, target)


def zip_stored(tree: Path, target: Path):
    return timed(["zip", "-0qr", str(target), tree.name], tree.parent, target)


def seven_zip(tree: Path, target: Path):
    return timed(["7z", "a", "-tzip", "-mmt=1", "-bd", "-y", str(target), tree.name], tree.parent, target)


def aria2c(url, target: Path):
    """Seconds that aria2c takes to bring a file home on four connections."""
    start = time.perf_counter()
    subprocess.run(["aria2c", "--no-conf", "--quiet", "--max-connection-per-server=4", "--split=4", "--min-split-size=1M",
                    "--file-allocation=none", "--dir", str(target.parent), "--out", target.name, url], check=True)
    return time.perf_counter() - start


class Nginx:
    """nginx with sendfile and two workers, serving one directory."""

    def __init__(self, root: Path):
        self.directory = Path(tempfile.mkdtemp(prefix="holdall-bench-nginx-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        user = "user root;" if os.geteuid() == 0 else ""
        (self.directory / "nginx.conf").write_text(f"""
            {user} worker_processes 2; daemon off; pid {self.directory}/pid; error_log {self.directory}/error.log;
            events {{ worker_connections 16384; }}
            http {{ access_log off; sendfile on; keepalive_requests 100000000;
                    client_body_temp_path {self.directory}; proxy_temp_path {self.directory};
                    fastcgi_temp_path {self.directory}; uwsgi_temp_path {self.directory}; scgi_temp_path {self.directory};
                    server {{ listen 127.0.0.1:{port}; root {root}; }} }}""")
        self.process = subprocess.Popen(["nginx", "-p", str(self.directory), "-c", str(self.directory / "nginx.conf")],
                                        stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/").close()
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.02)

    def pids(self):
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
