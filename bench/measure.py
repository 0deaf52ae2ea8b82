"""Runs the measurements P1-P12, Q1-Q3 and C1-C5 side by side, checks what was measured, prints and writes the table."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import handover
import peers
import protocol
import watch
from house import House, import_tree, load
from report import Report
from trees import Trees

SMALL, TINY, LARGE, MILLION = "/Bench/small", "/Bench/tiny", "/Bench/large", "/Bench/million"


class Bench:
    """One run: the trees, the data directory, the table."""

    def __init__(self, options):
        self.options, self.smoke = options, options.smoke
        self.runs = 1 if options.smoke else options.runs
        self.milliseconds = 200 if options.smoke else 3000
        options.cache.mkdir(parents=True, exist_ok=True)
        self.trees = Trees(options.cache, options.smoke)
        self.scratch = Path(tempfile.mkdtemp(prefix="holdall-bench-", dir=options.cache))
        self.data = self.scratch / "data"
        self.report = Report(options.smoke)
        self.imported = set()

    def library(self, target):
        """Imports the tree of `target` once."""
        if target not in self.imported:
            make = {SMALL: self.trees.small, TINY: self.trees.tiny, LARGE: self.trees.large, MILLION: self.trees.million}
            self.library_of(target, make[target]())

    def library_of(self, target, tree):
        """Imports a tree once."""
        if target not in self.imported:
            seconds = import_tree(self.data, tree, target)
            print(f"# imported {target} in {seconds:.1f} s", flush=True)
            self.imported.add(target)

    def small_folder(self):
        self.library(SMALL)
        return SMALL

    def median(self, measure):
        return statistics.median(measure(run) for run in range(self.runs))

    def staged(self, house, folder, run):
        house.change_one(folder, run)
        handler, seconds = house.stage(folder)
        house.call("DeleteDownloadHandler", authenticationTicket=house.ticket, DownloadHandler=handler)
        return seconds

    def staging(self, row, folder, tree, goals):
        """Staging against `zip -qr` (and `zip -0`, `7z`) of the same tree."""
        self.library(folder)
        target = self.scratch / "peer.zip"
        with House(self.data) as house:
            house.stage(folder)
            stage, deflated, stored, seven = [], [], [], []
            for run in range(self.runs):
                deflated.append(peers.zip_deflated(tree, target))
                stage += [self.staged(house, folder, run * 5 + turn) for turn in range(5)]
                if "stored" in goals:
                    stored.append(peers.zip_stored(tree, target))
                    seven.append(peers.seven_zip(tree, target))
        target.unlink(missing_ok=True)
        ours = statistics.median(stage)
        self.report.ratio(row, "staging against zip -qr", statistics.median(deflated) / ours, goals["deflated"],
                          f"{ours * 1000:.1f} ms against {statistics.median(deflated):.2f} s")
        if stored:
            self.report.ratio(row, "staging against zip -0", statistics.median(stored) / ours, goals["stored"],
                              f"{statistics.median(stored):.2f} s")
            self.report.note(row, "staging against 7z (one thread)",
                             f"{statistics.median(seven) / ours:.0f} x faster, {statistics.median(seven):.2f} s")

    def p1(self):
        self.staging("P1", SMALL, self.trees.small(), {"deflated": 300, "stored": 80})
        self.check(SMALL, self.trees.small())

    def p2(self):
        self.staging("P2", TINY, self.trees.tiny(), {"deflated": 150})

    def p3(self):
        self.staging("P3", LARGE, self.trees.large(), {"deflated": 5000})

    def check(self, folder, tree):
        """The archive of what was measured extracts to exactly the tree."""
        archive = self.fetch(folder)
        target = self.scratch / "extracted"
        subprocess.run(["unzip", "-tqq", str(archive)], check=True)
        subprocess.run(["unzip", "-qq", str(archive), "-d", str(target)], check=True)
        extracted = target / folder.rsplit("/", 1)[1]
        (extracted / "marker.txt").unlink(missing_ok=True)
        same = subprocess.run(["diff", "-r", str(tree), str(extracted)], stdout=subprocess.DEVNULL).returncode == 0
        shutil.rmtree(target)
        if not same:
            sys.exit(f"the archive of {folder} does not extract to its source")
        self.report.note("check", f"archive of {folder}", "unzip -t passes and it extracts to exactly the source")

    def fetch(self, folder, anew=False):
        """The archive of `folder` as a plain file, for nginx to serve; `anew` as the folder is now."""
        archive = self.scratch / "www" / (folder.rsplit("/", 1)[1] + ".zip")
        archive.parent.mkdir(exist_ok=True)
        if anew or not archive.exists():
            self.library(folder)
            with House(self.data) as house:
                handler, _ = house.stage(folder)
                subprocess.run(["curl", "-sf", "-o", str(archive), "-H", f"Authorization: Bearer {house.ticket}",
                                house.content_url(handler)], check=True)
        return archive

    def side_by_side(self, folder, measure):
        """`measure(our url, bearer, our pids)` and the same for nginx, interleaved; medians of both."""
        archive = self.fetch(folder)
        with House(self.data) as house, peers.Nginx(archive.parent) as nginx:
            handler, _ = house.stage(folder)
            length = house.length(handler)
            if length != archive.stat().st_size:
                sys.exit("the archive changed between two stagings of the same selection")
            ours, theirs = [], []
            for _ in range(self.runs):
                ours.append(measure(house, handler, length, house.content_url(handler), house.ticket, [house.pid]))
                theirs.append(measure(None, None, length, f"{nginx.url}/{archive.name}", None, nginx.pids()))
        return statistics.median(ours), statistics.median(theirs)

    def rate(self, folder, size):
        def measure(_house, _handler, length, url, bearer, _pids):
            counts = load("range", url, length, bearer, min(size, length // 2), milliseconds=self.milliseconds)
            return counts["requests"] / counts["seconds"]
        return self.side_by_side(folder, measure)

    def p4(self):
        for size, name, goal in ((1 << 20, "1 MiB ranges, 8 connections", 1.25), (1 << 16, "64 KiB ranges", 1.0)):
            ours, nginx = self.rate(SMALL, size)
            self.report.ratio("P4", f"{name}, small documents, against nginx sendfile", ours / nginx, goal,
                              f"{ours:.0f} against {nginx:.0f} requests/s")
            ours, nginx = self.rate(LARGE, size)
            self.report.ratio("P4", f"{name}, large documents, against nginx sendfile", ours / nginx, goal,
                              f"{ours:.0f} against {nginx:.0f} requests/s")

    @staticmethod
    def curl(url, bearer, *more):
        header = ["-H", f"Authorization: Bearer {bearer}"] if bearer else []
        start = time.perf_counter()
        subprocess.run(["curl", "-sf", "-o", "/dev/null", *header, *more, url], check=True)
        return time.perf_counter() - start

    def p5(self):
        for folder, name, goal in ((LARGE, "large documents", 1.2), (SMALL, "10,000 small documents", 0.9)):
            def speed(_house, _handler, length, url, bearer, _pids):
                return length / self.curl(url, bearer)

            def cpu(_house, _handler, _length, url, bearer, pids):
                before = watch.cpu_seconds(pids)
                for _ in range(1 if self.smoke else 5):
                    self.curl(url, bearer)
                return max(watch.cpu_seconds(pids) - before, 0.01)

            ours, nginx = self.side_by_side(folder, speed)
            self.report.ratio("P5", f"one stream, {name}, against nginx", ours / nginx, goal,
                              f"{ours / 1e6:.0f} against {nginx / 1e6:.0f} MB/s")
            ours, nginx = self.side_by_side(folder, cpu)
            self.report.at_most("P5", f"CPU of one stream, {name}, against nginx", ours / nginx, 1.15,
                                f"{ours:.2f} against {nginx:.2f} s")

    def p6(self):
        def measure(house, handler, length, url, bearer, _pids):
            shape, address = ("chunk", house.chunk_url(handler)) if house else ("range", url)
            counts = load(shape, address, length, None, min(1 << 20, length // 2), milliseconds=self.milliseconds)
            return counts["requests"] / counts["seconds"]
        ours, nginx = self.side_by_side(LARGE, measure)
        self.report.ratio("P6", "DownloadFileChunk 1 MiB against nginx 1 MiB ranges", ours / nginx, 0.9,
                          f"{ours:.0f} against {nginx:.0f} requests/s")

    def p7(self):
        tree, target = self.trees.small(), self.scratch / "peer.zip"
        ours, zipped = [], []
        for _ in range(self.runs):
            data = self.scratch / "fresh"
            empty = self.scratch / "empty"
            empty.mkdir(exist_ok=True)
            import_tree(data, empty, "/Warm/up")
            ours.append(import_tree(data, tree, SMALL))
            shutil.rmtree(data)
            zipped.append(peers.zip_deflated(tree, target))
        target.unlink()
        ours, zipped = statistics.median(ours), statistics.median(zipped)
        self.report.at_most("P7", "import against zip -qr, wall", ours / zipped, 0.5,
                            f"{ours:.2f} s against {zipped:.2f} s")

    def p8(self):
        self.library(MILLION)
        with House(self.data) as house:
            part = [self.staged(house, MILLION + "/group 00", run) for run in range(3 * self.runs)]
            house.stage(MILLION + "/group 00")
            watch.reset_peak(house.pid)
            before = watch.resident(house.pid)
            whole = [self.staged(house, MILLION, 1000 + run) for run in range(self.runs)]
            grown = watch.peak(house.pid) - before
        entries = 20_000 / 10 if self.smoke else 1_001_000
        part, whole = statistics.median(part), statistics.median(whole)
        self.report.at_most("P8", "staging 1,000,000 against 100,000 documents", whole / part, 11,
                            f"{whole * 1000:.0f} ms against {part * 1000:.0f} ms")
        self.report.at_most("P8", "peak memory of staging, bytes an entry", grown / entries, 256,
                            f"{grown / 1e6:.0f} MB")

    def p9(self):
        self.library(MILLION)
        self.library(TINY)
        with House(self.data) as house:
            handler, _ = house.stage(MILLION)
            length = house.length(handler)
        with House(self.data) as house:
            self.curl(house.content_url(house.stage(TINY)[0]), house.ticket, "-r", "0-99")
            watch.reset_peak(house.pid)
            before = watch.resident(house.pid)
            self.curl(house.content_url(handler), house.ticket, "-r", f"{length // 2}-{length // 2 + 99}")
            self.report.at_most("P9", "opening a 1,000,000-entry archive, MiB", (watch.peak(house.pid) - before) / 2**20,
                                8, "first range in the middle, after a restart")
        self.fetch(LARGE)
        with House(self.data) as house:
            handler, _ = house.stage(LARGE)
            self.curl(house.content_url(handler), house.ticket, "-r", "0-9999999")
            watch.reset_peak(house.pid)
            before = watch.resident(house.pid)
            self.curl(house.content_url(handler), house.ticket)
            self.report.at_most("P9", "a moving stream, MiB", (watch.peak(house.pid) - before) / 2**20, 1, "2 GB at full speed")
            self.hold(house, handler)

    def hold(self, house, handler):
        count = 50 if self.smoke else 10_000
        process = subprocess.Popen(
            [os.environ["HOLDALL_LOAD"], "--shape", "hold", "--url", house.content_url(handler), "--bearer", house.ticket,
             "--length", "1", "--connections", str(count)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL)
        line = process.stderr.readline()
        if "holding" not in line:
            self.report.note("P9", f"{count} held downloads", f"failed: {line.strip()}")
            return
        time.sleep(1)
        self.report.at_most("P9", f"{count:,} held downloads, MiB resident", watch.resident(house.pid) / 2**20, 512,
                            "each read once, then stalled")
        process.communicate("")

    def p10(self):
        self.library(SMALL)
        with House(self.data) as house:
            house.change_one(SMALL, 99)
            before_stage = watch.written(house.pid)
            handler, _ = house.stage(SMALL)
            before = watch.written(house.pid)
            self.curl(house.content_url(handler), house.ticket)
            served = watch.written(house.pid) - before
            length = house.length(handler)
        self.report.at_most("P10", "bytes written while serving the whole archive", served, 0,
                            f"archive {length:,} bytes; staging wrote {before - before_stage:,} bytes (plan and catalog)")

    def p11(self):
        self.library(TINY)
        with House(self.data) as house:
            micros = {}
            paths = {"many": TINY, "few": "|".join(f"{TINY}/group 00/folder {n:04d}" for n in range(10))}
            handlers = {name: house.stage(path)[0] for name, path in paths.items()}
            samples = {"many": [], "few": []}
            for _ in range(max(3, self.runs)):
                for name, handler in handlers.items():
                    counts = load("first-byte", house.content_url(handler), house.length(handler), house.ticket,
                                  milliseconds=self.milliseconds // 2)
                    samples[name].append(counts["first_byte_micros"])
            micros = {name: statistics.median(values) for name, values in samples.items()}
        self.report.at_most("P11", "time to first byte, 100,000 entries against 1,000", micros["many"] / micros["few"], 1.5,
                            f"{micros['many']} against {micros['few']} microseconds")

    def p12(self):
        last = (2 << 20) if self.smoke else 500_000_000

        def cpu(_house, _handler, _length, url, bearer, pids):
            before = watch.cpu_seconds(pids)
            self.curl(url, bearer, "--limit-rate", "50M", "-r", f"0-{last - 1}")
            return max(watch.cpu_seconds(pids) - before, 0.01)

        ours, nginx = self.side_by_side(LARGE, cpu)
        self.report.at_most("P12", "CPU for a client of 50 MB/s against nginx", ours / nginx, 1.5,
                            f"{ours:.2f} against {nginx:.2f} s for {last / 1e6:.0f} MB")

    def run(self):
        wanted = self.options.only.split(",") if self.options.only else [f"P{n}" for n in range(1, 13)] \
            + ["Q1", "Q2", "Q3", "C1", "C2", "C3", "C4", "C5"]
        try:
            for name in wanted:
                print(f"# {name}", flush=True)
                if name.startswith("Q"):
                    getattr(protocol, name.lower())(self)
                elif name.startswith("C"):
                    getattr(handover, name.lower())(self)
                else:
                    getattr(self, name.lower())()
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)
        self.report.finish(Path(__file__).parent / "results")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="tiny trees, one run: proves the bench, measures nothing")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path("target/bench"))
    parser.add_argument("--only", help="for example P1,Q2")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard != resource.RLIM_INFINITY else 65536, hard))
    options = parser.parse_args()
    options.cache = options.cache.resolve()
    Bench(options).run()


if __name__ == "__main__":
    main()
