"""What infoRouter's protocol costs: listings, single uploads, logins (Q1-Q3)."""

import statistics
import threading
import time
import urllib.parse

from house import PASSWORD, House, load, run_load

LISTED, STORED = "/Bench/listed", "/Bench/stored"


def rate(counts, what="requests"):
    return counts[what] / counts["seconds"]


def q1(bench):
    """A folder of 10,000 documents, short form, against a bare scan of the same rows; its first byte; its memory."""
    count = 500 if bench.smoke else 10_000
    bench.library_of(LISTED, bench.trees.flat())
    bare, listed, first, whole = [], [], [], []
    with House(bench.data) as house:
        path = urllib.parse.urlencode({"authenticationTicket": house.ticket, "Path": LISTED})
        url = f"{house.url}/srv.asmx/GetFoldersAndDocuments1?{path}"
        for _ in range(bench.runs):
            counts = load("get", url, connections=1, milliseconds=bench.milliseconds)
            listed.append(rate(counts) * count)
            first.append(counts["first_byte_micros"])
            whole.append(counts["seconds"] / counts["requests"] * 1e6)
    for _ in range(bench.runs):
        counts = run_load("--shape", "scan", "--url", bench.data / "catalog.sqlite", "--into", "listed",
                          "--milliseconds", bench.milliseconds)
        bare.append(rate(counts, "rows"))
    listed, bare = statistics.median(listed), statistics.median(bare)
    bench.report.ratio("Q1", f"listing {count:,} documents, short form, against a bare scan by the driver", listed / bare, 0.3,
                       f"{listed:,.0f} against {bare:,.0f} rows/s")
    share = statistics.median(first) / statistics.median(whole)
    bench.report.at_most("Q1", "first byte of the listing, share of the whole time", share, 0.1,
                         f"{statistics.median(first):.0f} of {statistics.median(whole):.0f} microseconds")


def q2(bench):
    """Documents stored one call each by 8 clients against bare durable commits and file syncs on the same disk."""
    count = 50 if bench.smoke else 1000
    bench.library_of(STORED, bench.trees.empty())
    ours, bare = [], []
    with House(bench.data) as house:
        for run in range(bench.runs):
            into = f"{STORED}/run {run}"
            house.call("CreateFolder", authenticationTicket=house.ticket, Path=into)
            counts = load("upload", f"{house.url}/srv.asmx/UploadDocument", bearer=house.ticket, size=20 * 1024,
                          milliseconds=600_000, requests=count, into=into)
            ours.append(rate(counts))
            folder = bench.scratch / f"commits {run}"
            bare.append(rate(run_load("--shape", "commits", "--url", folder, "--requests", count, "--size", 20 * 1024)))
    ours, bare = statistics.median(ours), statistics.median(bare)
    bench.report.ratio("Q2", f"uploading {count:,} x 20 KiB by 8 clients against bare commits and file syncs", ours / bare, 0.5,
                       f"{ours:.0f} against {bare:.0f} documents/s")


def q3(bench):
    """What 100 logins a second take from running downloads."""
    folder = bench.small_folder()
    alone, busy, logins = [], [], []
    with House(bench.data) as house:
        handler, _ = house.stage(folder)
        url, length = house.content_url(handler), house.length(handler)
        size = min(1 << 20, length // 2)
        login = f"{house.url}/srv.asmx/AuthenticateUser?" + urllib.parse.urlencode({"UID": "bench", "PWD": PASSWORD})

        def downloads():
            return rate(load("range", url, length, house.ticket, size, milliseconds=bench.milliseconds))

        for _ in range(bench.runs):
            alone.append(downloads())
            counted = []
            clients = threading.Thread(target=lambda counted=counted: counted.append(
                load("get", login, connections=4, rate=100, milliseconds=bench.milliseconds + 500)))
            clients.start()
            time.sleep(0.2)
            busy.append(downloads())
            clients.join()
            logins.append(rate(counted[0]))
    lost = 1 - statistics.median(busy) / statistics.median(alone)
    bench.report.at_most("Q3", "share of download throughput that 100 logins a second take", lost, 0.1,
                         f"{statistics.median(busy):.0f} against {statistics.median(alone):.0f} requests/s, "
                         f"{statistics.median(logins):.0f} logins/s")
