#!/usr/bin/env python3
"""Lists the files of an image, in gen_init_cpio's format, of unpacked packages and of folders of one's own.

usage: pick.py [--overlay DIR]... [--owners FILE --packages OUT] [--lenient] STAGE FILES...

STAGE holds unpacked Debian packages for riscv64. FILES name what is taken of it: a path or glob a line, "!" before a pattern leaves
out what matches. The libraries that a file needs, and what a link points to, come along. An overlay is taken whole, and hides what
STAGE has under the same name, with its needs: so a stand-in for a library keeps the original's libraries out.

OWNERS has "PACKAGE PATH" lines. With it OUT gets the names of the packages that something was taken from, and the copyright file of
each comes along.

What is named or needed and not there is an error, unless --lenient says to go on without it.
"""

import argparse
import fnmatch
import glob
import os
import subprocess
import sys

LIB = "usr/lib/riscv64-linux-gnu"
# where the dynamic linker looks, and what programs add with their RUNPATH
LIBRARY_FOLDERS = [LIB, LIB + "/weston", LIB + "/libweston-14", LIB + "/systemd", LIB + "/pulseaudio", "usr/lib"]
MERGED = ("bin/", "sbin/", "lib/")


def normal(path):
    """The path below the root, without "..", and with what is in /bin, /sbin and /lib in /usr."""
    path = os.path.relpath(os.path.normpath(os.path.join("/", path)), "/")
    return "usr/" + path if path.startswith(MERGED) else path


def needs(file):
    """The names of the libraries that an ELF file needs; of its interpreter, the whole path."""
    with open(file, "rb") as opened:
        if opened.read(4) != b"\x7fELF":
            return []
    said = subprocess.run(["riscv64-linux-gnu-readelf", "-dl", file], capture_output=True, text=True, check=True).stdout
    found = []
    for line in said.splitlines():
        if "(NEEDED)" in line:
            found.append(line.split("[")[1].rstrip("]"))
        elif "interpreter:" in line:
            found.append(line.split(": ")[1].rstrip("]"))
    return found


class Image:
    def __init__(self, stage, overlays):
        self.stage = stage
        self.overlays = overlays
        self.left_out = []
        self.entries = {}  # path: kind, and where it is (file) or points to (slink)
        self.added = set()  # without the folders that are there only for what is in them
        self.missing = []

    def find(self, path):
        """Where a path is, in an overlay or in the stage; whether it is in the stage."""
        for folder in self.overlays:
            if os.path.lexists(os.path.join(folder, path)):
                return os.path.join(folder, path), False
        file = os.path.join(self.stage, path)
        return (file, True) if os.path.lexists(file) else (None, False)

    def parents(self, path):
        parent = os.path.dirname(path)
        if parent and parent not in self.entries:
            self.parents(parent)
            self.entries[parent] = ("dir", "")

    def add(self, path, why=""):
        path = normal(path)
        if path in self.added or any(fnmatch.fnmatch(path, pattern) for pattern in self.left_out):
            return
        if any(c.isspace() for c in path):
            sys.exit(f"pick.py: a name with a blank in it: {path}")
        file, staged = self.find(path)
        if file is None:
            self.missing.append(f"{path}{why}")
            return
        self.added.add(path)
        self.parents(path)
        if os.path.islink(file):
            to = os.readlink(file)
            self.entries[path] = ("slink", to)
            self.add(to if to.startswith("/") else os.path.join(os.path.dirname(path), to), f", which /{path} points to")
        elif os.path.isdir(file):
            self.entries[path] = ("dir", "")
            for name in sorted(os.listdir(file)):
                self.add(os.path.join(path, name))
        else:
            self.entries[path] = ("file", file)
            if staged or self.stage_is_needed(file):
                for name in needs(file):
                    self.add_library(name, path)

    def stage_is_needed(self, file):
        """Programs of an overlay bring their libraries too; libraries of an overlay are there to bring none."""
        return ".so" not in os.path.basename(file)

    def add_library(self, name, path):
        if "/" in name:
            self.add(name, f", the interpreter of /{path}")
            return
        for folder in LIBRARY_FOLDERS:
            if self.find(os.path.join(folder, name))[0]:
                self.add(os.path.join(folder, name))
                return
        self.missing.append(f"{name}, a library of /{path}")

    def add_overlays(self):
        for overlay in self.overlays:
            for folder, folders, files in sorted(os.walk(overlay)):
                for name in sorted(folders + files):
                    self.add(os.path.relpath(os.path.join(folder, name), overlay))

    def add_pattern(self, pattern):
        found = sorted(glob.glob(os.path.join(self.stage, pattern)))
        if not found:
            self.missing.append(pattern)
        for file in found:
            self.add(os.path.relpath(file, self.stage))

    def add_copyrights(self, owners):
        """Adds the copyright files of the packages that something was taken from; the packages' names, sorted."""
        owner = {}
        with open(owners, encoding="utf-8") as lines:
            for line in lines:
                package, path = line.rstrip("\n").split(" ", 1)
                owner[normal(path)] = package
        packages = sorted({owner[path] for path, (kind, where) in self.entries.items()
                           if path in owner and kind != "dir" and (kind == "slink" or where.startswith(self.stage))})
        for package in packages:
            self.add(f"usr/share/doc/{package}/copyright")
        return packages

    def lines(self):
        for path in sorted(self.entries):
            kind, where = self.entries[path]
            if kind == "dir":
                yield f"dir /{path} 0755 0 0"
            elif kind == "slink":
                yield f"slink /{path} {where} 0777 0 0"
            else:
                yield f"file /{path} {where} {'0755' if os.access(where, os.X_OK) else '0644'} 0 0"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--overlay", action="append", default=[])
    parser.add_argument("--owners")
    parser.add_argument("--packages")
    parser.add_argument("--lenient", action="store_true")
    parser.add_argument("stage")
    parser.add_argument("files", nargs="*")
    said = parser.parse_args()
    image = Image(os.path.join(said.stage, ""), said.overlay)
    wanted = []
    for name in said.files:
        with open(name, encoding="utf-8") as lines:
            wanted += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    image.left_out = [pattern[1:] for pattern in wanted if pattern.startswith("!")]
    image.add_overlays()
    for pattern in wanted:
        if not pattern.startswith("!"):
            image.add_pattern(pattern)
    if said.owners:
        packages = image.add_copyrights(said.owners)
        with open(said.packages, "w", encoding="utf-8") as out:
            out.writelines(package + "\n" for package in packages)
    for missing in image.missing:
        print(f"pick.py: not there: {missing}", file=sys.stderr)
    if image.missing and not said.lenient:
        sys.exit(1)
    for line in image.lines():
        print(line)


main()
