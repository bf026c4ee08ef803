#!/usr/bin/env python3
"""The cable between site and cloud is cut, without a word to anybody, and plugged in again: everything recovers alone, and every
record is stored once; tasks come by the broker again. Site and cloud are network namespaces. Skipped (77) without them, or without nginx and mosquitto.

usage: cut_test.py [SECONDS]     how long it is cut; otherwise until the agent has noticed"""

import contextlib
import ctypes
import os
import subprocess
import sys
import time

from commanded import Commanded
from deployment import installed
from system import run, until

CLOUD, SITE = "10.78.0.1", "10.78.0.2"
NEW_NETWORK = 0x40000000  # CLONE_NEWNET


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Cut(Commanded):
    """Cloud, nginx and mosquitto here, the printers and the agent at the other end of the cable."""

    host = address = CLOUD

    def start_zoo(self):
        self.other_end = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE)
        mine = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{self.other_end.pid}/ns/net") != mine, "a namespace for the site")
        ip("link", "add", "cloud0", "type", "veth", "peer", "name", "site0", "netns", str(self.other_end.pid))
        ip("addr", "add", CLOUD + "/24", "dev", "cloud0")
        with self.there():
            for words in (["link", "set", "lo", "up"], ["addr", "add", SITE + "/24", "dev", "site0"], ["link", "set", "site0", "up"]):
                ip(*words)
            super().start_zoo()
        for link in ("lo", "cloud0"):
            ip("link", "set", link, "up")

    @contextlib.contextmanager
    def there(self):
        """What is started within runs at the site."""
        def enter(process):
            handle = os.open(f"/proc/{process}/ns/net", os.O_RDONLY)
            assert ctypes.CDLL(None, use_errno=True).setns(handle, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
            os.close(handle)

        with open("/proc/thread-self/ns/net", encoding="utf-8") as home:
            enter(self.other_end.pid)
            try:
                yield
            finally:
                assert ctypes.CDLL(None, use_errno=True).setns(home.fileno(), NEW_NETWORK) == 0

    def __exit__(self, *words):
        super().__exit__(*words)
        self.other_end.stdin.close()
        self.other_end.wait()


def cut(site, seconds):
    with site.there():
        site.agent.start()
        site.enroll(site.code("--agent", "tested"))
    until(lambda: len(site.cloud_lines("printers")) == len(site.printers), "all printers are in the cloud", 60)
    assert site.comes_from() == SITE, "behind the front end the agent has another address"
    before = site.uplink()["reconnects"]
    ip("link", "set", "cloud0", "down")
    begun = time.monotonic()
    until(lambda: not site.uplink()["connected"] or not site.agent.running(), "the agent notices", 60)
    stored, kept = site.stored(), site.agent_status()["ledger"]["last"]
    until(lambda: site.agent_status()["ledger"]["last"] > kept + 10 and time.monotonic() > begun + seconds, "it goes on collecting", 30 + seconds)
    assert site.stored() == stored and site.agent.running(), site.agent.tail()
    last = site.agent_status()["ledger"]["last"]
    ip("link", "set", "cloud0", "up")
    again = time.monotonic()
    until(lambda: site.agent_status()["ledger"].get("acknowledged", 0) >= last or not site.agent.running(), "what was kept arrives", 60)
    assert site.agent.running() and site.uplink()["reconnects"] > before, site.uplink()
    print(f"cut for {again - begun:.1f} s; what was kept has arrived {time.monotonic() - again:.1f} s after", flush=True)
    site.both_at_the_broker()
    site.carries("after the cut")
    assert site.agent.end() == 0, site.agent.tail()
    done = run("platen-cloud", "verify", "--data", site.data, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def main():
    if not installed() or subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode != 0:
        print("no network namespaces, or nginx or mosquitto is not installed")
        return 77
    if os.environ.get("PLATEN_OWN_NETWORK") is None:
        os.environ["PLATEN_OWN_NETWORK"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])
    with Cut() as site:
        cut(site, float(sys.argv[1]) if len(sys.argv) > 1 else 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
