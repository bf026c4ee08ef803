#!/usr/bin/env python3
"""Holds every #include line against layers.txt: a room includes only itself and rooms of a smaller layer, and a foreign
header only where layers.txt names it. A source includes its own header first, so that one which lacks an #include does not compile.
  usage: layers_test.py SOURCE_ROOT [--prove]

--prove plants one violation of each kind in a copy of the tree and fails unless every one of them is found."""

import re
import shutil
import sys
import tempfile
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ROOTS = ("base", "snmp", "proto", "agent", "transport", "cloud", "updater", "tests/zoo")


def read_table(root):
    layers, owners = {}, {}
    for line in (root / "layers.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        room, layer, *foreign = line.split()
        layers[room] = int(layer)
        for header in foreign:
            if header != "-":
                owners.setdefault(header, set()).add(room)
    return layers, owners


def room_of(path, layers):
    """The longest room that the path stands in, or None."""
    inside = [room for room in layers if path == room or path.startswith(room + "/")]
    return max(inside, key=len, default=None)


def complaints(root):
    layers, owners = read_table(root)
    found = []
    for top in ROOTS:
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cc"):
                continue
            name = file.relative_to(root).as_posix()
            room = room_of(name, layers)
            if room is None:
                found.append(f"{name}: stands in no room of layers.txt")
                continue
            includes = [(number, include.group(2)) for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1)
                        if (include := INCLUDE.match(line))]
            for number, header in includes:
                found += check(header, room, layers, owners, f"{name}:{number}")
            own = file.with_suffix(".h")
            if file.suffix == ".cc" and own.exists() and [header for _, header in includes[:1]] != [own.relative_to(root).as_posix()]:
                found.append(f"{name}: its own header comes first")
    return found


def check(header, room, layers, owners, where):
    for prefix, rooms in owners.items():
        if header.startswith(prefix) and room not in rooms:
            return [f"{where}: {header} may be included only in {', '.join(sorted(rooms))}"]
    target = room_of(header, layers)
    if target in (None, room) or layers[target] < layers[room]:
        return []
    return [f"{where}: {room} (layer {layers[room]}) includes {header} of {target} (layer {layers[target]}): arrows point down"]


PLANTED = {
    "snmp/mib/planted.h": '#include "snmp/engine/engine.h"\n',  # upward
    "agent/ledger/planted.h": '#include "agent/schedule/schedule.h"\n',  # sideways
    "cloud/store/planted.h": "#include <grpcpp/grpcpp.h>\n",  # a library that another room owns
    "snmp/elsewhere/planted.h": "\n",  # no room
    "snmp/mib/late.cc": '#include "snmp/mib/oid.h"\n#include "snmp/mib/late.h"\n',  # its own header late
}


def prove(root):
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copy(root / "layers.txt", copy)
        for name, text in PLANTED.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text)
        (copy / "snmp/mib/late.h").write_text("")
        found = complaints(copy)
        missed = [name for name in PLANTED if not any(complaint.startswith(name) for complaint in found)]
    return [f"planted violation not found: {name}" for name in missed]


def main():
    root = Path(sys.argv[1])
    found = prove(root) if "--prove" in sys.argv else complaints(root)
    print("\n".join(found) if found else "the arrows point down")
    return 1 if found else 0


sys.exit(main())
