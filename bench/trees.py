"""The document trees, seeded: the same every time, kept in a cache directory between runs."""

import os
import random
import shutil
from pathlib import Path

WORDS = ("the bridge carries water over every street while engineers measure steel and concrete until "
         "spring returns with contracts drawings minutes surveys permits invoices").split()


def prose(source, length):
    text = " ".join(source.choices(WORDS, k=length // 6 + 2)).encode()
    return text[:length]


def mixed(source, length):
    """About three quarters incompressible, as office documents are, the rest prose."""
    kind = source.random()
    if kind < 0.55:
        return source.randbytes(length)
    if kind < 0.85:
        return source.randbytes(length * 3 // 5) + prose(source, length - length * 3 // 5)
    return prose(source, length)


def build(root, folders, documents, length, make):
    """`folders` folders of `documents` documents of `length` bytes below `root`; nothing when it is there."""
    if (root / ".complete").exists():
        return root / "tree"
    shutil.rmtree(root, ignore_errors=True)
    source = random.Random(len(str(root)) and folders * 1_000_003 + documents * 101 + length)
    for folder in range(folders):
        directory = root / "tree" / f"group {folder // 100:02d}" / f"folder {folder:04d}"
        directory.mkdir(parents=True)
        for document in range(documents):
            (directory / f"document {document:04d}.doc").write_bytes(make(source, length))
    (root / ".complete").touch()
    return root / "tree"


def build_linked(root, groups, documents):
    """`groups` folders of 100 folders, `documents` documents each, as links to 1,000 short files: counts without the disk."""
    if (root / ".complete").exists():
        return root / "tree"
    shutil.rmtree(root, ignore_errors=True)
    pool = root / "pool"
    pool.mkdir(parents=True)
    contents = [pool / str(number) for number in range(1000)]
    for number, path in enumerate(contents):
        path.write_bytes(f"document {number}\n".encode() * 4)
    count = 0
    for group in range(groups):
        for folder in range(100):
            directory = root / "tree" / f"group {group:02d}" / f"folder {folder:03d}"
            directory.mkdir(parents=True)
            for document in range(documents):
                os.link(contents[count % 1000], directory / f"document {document:04d}.txt")
                count += 1
    (root / ".complete").touch()
    return root / "tree"


class Trees:
    """The sizes of DESIGN section 10, or tiny ones for a smoke run."""

    def __init__(self, cache: Path, smoke: bool):
        self.cache, self.smoke = cache / ("smoke" if smoke else "full"), smoke

    def small(self):
        folders, documents, length = (10, 20, 2048) if self.smoke else (100, 100, 20 * 1024)
        return build(self.cache / "small", folders, documents, length, mixed)

    def tiny(self):
        folders, documents, length = (10, 50, 512) if self.smoke else (1000, 100, 4096)
        return build(self.cache / "tiny", folders, documents, length, mixed)

    def large(self):
        documents, length = (2, 4 << 20) if self.smoke else (20, 100 << 20)
        return build(self.cache / "large", 1, documents, length, lambda source, size: source.randbytes(size))

    def million(self):
        return build_linked(self.cache / "million", *((10, 2) if self.smoke else (10, 1000)))

    def flat(self):
        return build(self.cache / "flat", 1, 500 if self.smoke else 10_000, 100, prose) / "group 00" / "folder 0000"

    def empty(self):
        root = self.cache / "empty"
        root.mkdir(parents=True, exist_ok=True)
        return root
