#!/usr/bin/env python3
"""The systemd units, the agent's and those that `platen-cloud deploy` writes: systemd finds nothing to say about them, and their
exposure stays low."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
# unit, the most that its exposure may be (systemd-analyze security, times ten), besides others that it names
UNITS = [
    ("installer/linux/platen-agent.service", 12, ()),
    ("cloud/deploy/platen-cloud.service", 16, ()),
    ("cloud/deploy/platen-broker.service", 16, ("cloud/deploy/platen-cloud.service",)),
    ("cloud/deploy/platen-front.service", 60, ()),  # root, for the port and the key; its workers are not
    ("cloud/deploy/platen-broker-reload.service", None, ()),
    ("cloud/deploy/platen-broker-reload.path", None, ("cloud/deploy/platen-broker-reload.service",)),
]


def copied(unit, folder):
    """The programs need not be installed, and their manual pages neither."""
    copy = Path(folder) / Path(unit).name
    text = Path(unit).read_text()
    for program in ("platen-agent", "platen-cloud"):
        text = text.replace(f"/usr/bin/{program} ", f"{Path(os.environ['PLATEN_BIN']) / program} ")
    for program in ("/usr/sbin/nginx ", "/usr/sbin/mosquitto "):
        text = text.replace(program, "/bin/true ")
    copy.write_text(text)
    return copy


def main():
    if shutil.which("systemd-analyze") is None:
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="platen-test.") as folder:
        for unit, most, others in UNITS:
            for other in others:
                copied(other, folder)
            copy = copied(unit, folder)
            verified = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
            said = (verified.stdout + verified.stderr).strip()
            assert verified.returncode == 0 and said == "", f"systemd-analyze verify {unit}: {verified.returncode}: {said}"
            if most is None:
                continue
            exposed = subprocess.run(
                ["systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={most}", copy], capture_output=True, text=True, check=False
            )
            if "unrecognized option" in exposed.stderr:  # systemd 249
                return SKIPPED
            assert exposed.returncode == 0, exposed.stdout[-2000:] + exposed.stderr
    return 0


sys.exit(main())
