"""Tests an archive with Python's zipfile and extracts it: extract.py ARCHIVE TARGET."""

import sys
import zipfile


def main(archive, target):
    with zipfile.ZipFile(archive) as opened:
        broken = opened.testzip()
        if broken is not None:
            sys.exit(f"{broken} is broken")
        names = opened.namelist()
        if len(set(names)) != len(names):
            sys.exit("a name comes twice")
        opened.extractall(target)
        for info in opened.infolist():
            if info.flag_bits & 0x08:
                sys.exit(f"{info.filename} has a data descriptor")


main(*sys.argv[1:])
