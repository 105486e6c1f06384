#!/usr/bin/env python3
"""Makes a stand-in for a shared library: it defines what its users need of it, each function returning 0, each datum 64 zero bytes.

usage: stand-in.py LIBRARY OUT USER...

For large libraries that a program is linked with and that are never called in this guest.
"""

import os
import subprocess
import sys
import tempfile

DATA = "BDRV"  # nm's letters for symbols that are no functions


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def symbols(which, file):
    """Kind, name and version of the dynamic symbols of a file."""
    for line in said("riscv64-linux-gnu-nm", "-D", which, file).splitlines():
        kind, name = line.split()[-2:]
        name, _, version = name.replace("@@", "@").partition("@")
        yield kind, name, version


def soname(file):
    for line in said("riscv64-linux-gnu-readelf", "-d", file).splitlines():
        if "(SONAME)" in line:
            return line.split("[")[1].split("]")[0]
    sys.exit(f"stand-in.py: {file} has no SONAME")


def assembly(wanted, known):
    yield "\t.option norelax"
    for name in wanted:
        is_data = known[name][0] in DATA
        yield "\t.data" if is_data else "\t.text"
        yield f"\t.balign 8\n\t.globl {name}\n\t.type {name},{'@object' if is_data else '@function'}\n{name}:"
        yield f"\t.fill 8,8,0\n\t.size {name},64" if is_data else "\tli a0,0\n\tret"


def main():
    library, out, *users = sys.argv[1:]
    known = {name: (kind, version) for kind, name, version in symbols("--defined-only", library)}
    wanted = set()
    for user in users:
        wanted |= {name for _, name, _ in symbols("--undefined-only", user) if name in known}
        # data that the user has a copy of
        wanted |= {name for _, name, _ in symbols("--defined-only", user) if name in known and known[name][0] in DATA}
    versions = {}
    for name in sorted(wanted):
        versions.setdefault(known[name][1], []).append(name)
    with tempfile.TemporaryDirectory() as folder:
        source, script = os.path.join(folder, "stand-in.S"), os.path.join(folder, "versions")
        with open(source, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in assembly(sorted(wanted), known))
        command = ["riscv64-linux-gnu-gcc", "-shared", "-nostdlib", "-s", "-march=rv64gc", "-Wl,--build-id=none",
                   "-Wl,-soname," + soname(library), "-o", out, source]
        named = sorted(version for version in versions if version)
        if named:
            with open(script, "w", encoding="utf-8") as file:
                file.writelines(f"{version} {{ global: {'; '.join(versions[version])}; }};\n" for version in named)
            command.append("-Wl,--version-script=" + script)
        subprocess.run(command, check=True)


main()
