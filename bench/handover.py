"""What it costs to bring an archive home by the command line, and what a manifest costs (C1-C5)."""

import os
import statistics
import subprocess
import time
import urllib.request

import peers
import watch
from house import HOLDALL, House

# The trees, as measure.py names them.
SMALL, LARGE, MILLION = "/Bench/small", "/Bench/large", "/Bench/million"


def command(house, *arguments):
    """A `holdall` client command against the house, as the bench user."""
    environment = {**os.environ, "HOLDALL_SERVER": house.url, "HOLDALL_TOKEN": house.ticket}
    return {"args": [HOLDALL, *map(str, arguments)], "env": environment, "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL}


def fetch(house, folder, target, *more):
    """`holdall zip`; gives the seconds it took."""
    start = time.perf_counter()
    subprocess.run(**command(house, "zip", folder, "-o", target, *more), check=True)
    return time.perf_counter() - start


def peak_of_fetch(house, folder, target):
    """`holdall zip`; gives the seconds it took and the most memory it had, as the kernel notes it for this process alone."""
    start, peak = time.perf_counter(), 0
    process = subprocess.Popen(**command(house, "zip", folder, "-o", target))
    while process.poll() is None:
        try:
            peak = max(peak, watch.peak(process.pid))
        except (KeyError, OSError):
            pass  # It has ended and has no memory any more.
        time.sleep(0.005)
    if process.returncode != 0:
        raise RuntimeError(f"holdall zip of {folder} ended with {process.returncode}")
    return time.perf_counter() - start, peak


def sent(house):
    """Bytes of contents that left the server, as its metrics count them when a body ends."""
    with urllib.request.urlopen(f"{house.url}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    counted = [line for line in lines if line.startswith("holdall_sent_bytes_total{") and "/content" in line]
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in counted)


def same(one, other):
    return subprocess.run(["cmp", "-s", str(one), str(other)]).returncode == 0


def c1(bench):
    """`holdall zip`, which stages, verifies every document and syncs, against `aria2c -x4` from nginx."""
    for folder, name in ((LARGE, "20 x 100 MiB"), (SMALL, "10,000 x 20 KiB")):
        archive = bench.fetch(folder, anew=True)
        target = bench.scratch / "home.zip"
        ours, theirs = [], []
        with House(bench.data) as house, peers.Nginx(archive.parent) as nginx:
            for _ in range(bench.runs):
                ours.append(fetch(house, folder, target))
                if not same(archive, target):
                    raise RuntimeError("holdall zip brought another archive home")
                target.unlink()
                theirs.append(peers.aria2c(f"{nginx.url}/{archive.name}", target))
                target.unlink()
        length = archive.stat().st_size
        ours, theirs = statistics.median(ours), statistics.median(theirs)
        bench.report.ratio("C1", f"holdall zip, {name}, verified, against aria2c -x4 from nginx", theirs / ours, 0.8,
                           f"{length / ours / 1e6:.0f} against {length / theirs / 1e6:.0f} MB/s")


def c2(bench):
    """What is fetched again after the client was killed half way."""
    archive = bench.fetch(LARGE, anew=True)
    target = bench.scratch / "killed.zip"
    again = []
    with House(bench.data) as house:
        for _ in range(bench.runs):
            before = sent(house)
            process = subprocess.Popen(**command(house, "zip", LARGE, "-o", target))
            while sent(house) - before < archive.stat().st_size // 2:
                if process.poll() is not None:
                    raise RuntimeError("the client ended before it could be killed")
                time.sleep(0.01)
            process.kill()
            process.wait()
            fetch(house, LARGE, target)
            # What was in the sockets of the killed client counts as sent, too.
            again.append(sent(house) - before - archive.stat().st_size)
            if not same(archive, target):
                raise RuntimeError("the resumed archive differs")
            target.unlink()
    bench.report.at_most("C2", "fetched again after a kill, MiB", max(again) / 2**20, 16, "the worst of the runs, as the server counts")


def c3(bench):
    """What `--update` fetches after 1 % of the documents have changed."""
    bench.small_folder()
    old, new, plain = (bench.scratch / f"{name}.zip" for name in ("old", "new", "plain"))
    with House(bench.data) as house:
        fetch(house, SMALL, old)
        documents = sum(path.is_file() for path in bench.trees.small().rglob("*"))
        for number in range(max(1, documents // 100)):
            house.replace(f"{SMALL}/group 00/folder {number % 10:04d}/document {number // 10:04d}.doc", number)
        before = sent(house)
        fetch(house, SMALL, new, "--update", old)
        fetched = sent(house) - before
        fetch(house, SMALL, plain)
        if not same(new, plain):
            raise RuntimeError("--update made another archive")
        share = fetched / new.stat().st_size
    bench.report.at_most("C3", "archive bytes fetched by --update after 1 % of 10,000 documents changed, share", share, 0.02,
                         f"{fetched:,} of {new.stat().st_size:,} bytes; the manifest comes on top")
    for path in (old, new, plain):
        path.unlink()


def c4(bench):
    """The client's memory for an archive of 1,000,000 entries."""
    bench.library(MILLION)
    target = bench.scratch / "million.zip"
    with House(bench.data) as house:
        seconds, peak = peak_of_fetch(house, MILLION, target)
    length = target.stat().st_size
    subprocess.run(["unzip", "-tqq", str(target)], check=True)
    target.unlink()
    bench.report.at_most("C4", "peak memory of holdall zip, 1,000,000 entries, MiB", peak / 2**20, 64,
                         f"{length / 1e6:.0f} MB in {seconds:.1f} s")


def c5(bench):
    """How fast a manifest comes."""
    bench.library(MILLION)
    rates = []
    with House(bench.data) as house:
        handler, _ = house.stage(MILLION)
        url = f"{house.url}/api/v1/downloads/{handler}/manifest"
        for _ in range(bench.runs):
            start = time.perf_counter()
            manifest = subprocess.run(["curl", "-sf", "-H", f"Authorization: Bearer {house.ticket}", url], check=True,
                                      capture_output=True).stdout
            entries = manifest.count(b"\n") - 1
            rates.append(entries / (time.perf_counter() - start))
    bench.report.at_least("C5", "manifest of 1,000,000 documents, entries/s", statistics.median(rates), 200_000,
                          f"{entries:,} entries, {len(manifest) / 1e6:.0f} MB")
