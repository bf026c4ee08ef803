#!/usr/bin/env python3
"""Recorded printers, served by the zoo and found by `platen scan` over real sockets: all of them, nothing else, and >= 95 % of
their fields as the hand-worked expectations say.   usage: recordings_test.py SCORE_PROGRAM

The recordings are not part of the project: $PLATEN_RECORDINGS, else ../shared/recordings; without them exit 77 (skipped)."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from system import BIN, Program, until


def main():
    folder = Path(os.environ.get("PLATEN_RECORDINGS", "../shared/recordings")).resolve()
    expected = [json.loads(file.read_text()) for file in sorted(folder.glob("*.expected.json"))]
    if not expected:
        print(f"no recordings in {folder}")
        return 77
    with tempfile.TemporaryDirectory(prefix="platen-test.") as name:
        place = Path(name)
        zoo = Program(place, "zoo", "--recordings", folder, "--base", "127.54.0.1", "--port", 0).start()
        try:
            until(lambda: zoo.out.read_text().startswith("ready "), "the recordings are served")
            port = zoo.out.read_text().split()[1]
            scan = subprocess.run([BIN / "platen", "scan", "127.54.0.1-127.54.0.250", "--allow-loopback", "--port", port, "--format", "json"],
                                  capture_output=True, text=True, check=True)
        finally:
            zoo.end()
        lines = place / "scan.jsonl"
        lines.write_text(scan.stdout)
        found = len(scan.stdout.splitlines())
        printers = sum(device["is_printer"] for device in expected)
        assert found == printers, f"{found} printers found, {printers} were served among {len(expected)} devices"
        return subprocess.run([sys.argv[1], folder, "--json", lines], check=False).returncode


sys.exit(main())
