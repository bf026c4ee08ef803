#!/usr/bin/env python3
"""The agent's systemd unit: systemd finds nothing to say about it, and its exposure stays low."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
UNIT = Path("installer/linux/platen-agent.service")


def main():
    if shutil.which("systemd-analyze") is None:
        return SKIPPED
    agent = Path(os.environ["PLATEN_BIN"]) / "platen-agent"
    with tempfile.TemporaryDirectory(prefix="platen-test.") as folder:
        # The program need not be installed, and its manual page neither.
        copy = Path(folder) / UNIT.name
        text = UNIT.read_text()
        assert "ExecStart=/usr/bin/platen-agent " in text
        copy.write_text(text.replace("/usr/bin/platen-agent", str(agent)))
        verified = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
        said = (verified.stdout + verified.stderr).strip()
        assert verified.returncode == 0 and said == "", f"systemd-analyze verify: {verified.returncode}: {said}"
        exposed = subprocess.run(
            ["systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=12", copy], capture_output=True, text=True, check=False
        )
        if "unrecognized option" in exposed.stderr:  # systemd 249
            return SKIPPED
        assert exposed.returncode == 0, exposed.stdout[-2000:] + exposed.stderr
    return 0


sys.exit(main())
