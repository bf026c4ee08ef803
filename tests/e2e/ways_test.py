#!/usr/bin/env python3
"""What the one port must live with: streams on which little happens, agents that were removed, clocks that are wrong. nginx and
mosquitto from the generated files. Skipped (77) where they are missing."""

import contextlib
import os
import ssl
import subprocess
import sys
from pathlib import Path

from deployment import Deployment, installed
from system import run, until

POSTS = " POST /platen.v1.Uplink/Post 200 "
DAY = 86_400


class LowerRung(Deployment):
    """HTTP/2 never gets through."""

    def __init__(self, *words, **more):
        super().__init__(*words, hinder=True, **more)


class Quiet(Deployment):
    def config(self):
        return super().config().replace('supplies_interval = "2s"', 'supplies_interval = "1h"').replace('status_interval = "1s"', 'status_interval = "1h"')


def connected(site, protocol):
    site.agent.start()
    site.enroll(site.code("--agent", "tested"))
    until(lambda: site.uplink().get("connected") and site.uplink().get("protocol") == protocol or not site.agent.running(), f"connected by {protocol}", 60)
    assert site.agent.running(), site.agent.tail()


def a_quiet_stream_stays(site):
    """The front end closes what is silent; an agent with nothing to say is not."""
    connected(site, "HTTP/2")
    until(lambda: len(site.cloud_lines("printers")) == len(site.printers), "all printers are in the cloud", 60)
    reconnects = site.uplink()["reconnects"]
    for _ in range(3):
        with contextlib.suppress(ConnectionError, ssl.SSLError), site.tls() as silent:
            assert silent.recv(1) == b"", "the front end said something"
    assert site.uplink()["connected"] and site.uplink()["reconnects"] == reconnects, site.uplink()


def removed_stays_out(site):
    """By HTTP/1.1 as by HTTP/2: told so, says so, and does not knock again and again."""
    connected(site, "HTTP/1.1")
    site.stored_more("readings arrive by HTTP/1.1")
    run("platen-cloud", "enroll", "revoke", "tested", "--data", site.data)
    until(lambda: "removed" in site.certificate().get("error", ""), "the agent says that it was removed")
    posts, kept, stored = sum(POSTS in line for line in site.front.requests()), site.agent_status()["ledger"]["last"], site.stored()
    until(lambda: site.agent_status()["ledger"]["last"] > kept + 20 or not site.agent.running(), "it goes on collecting")
    assert site.agent.running() and sum(POSTS in line for line in site.front.requests()) == posts and site.stored() == stored
    assert not site.uplink()["connected"], site.uplink()


@contextlib.contextmanager
def clock_off(folder, seconds):
    """What is started within has a wall clock that is wrong by so much."""
    library = folder / "wrong_clock.so"
    if not library.exists():
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, Path(__file__).with_name("wrong_clock.c")], check=True)
    os.environ |= {"LD_PRELOAD": str(library), "WRONG_BY": str(seconds), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
    try:
        yield
    finally:
        del os.environ["LD_PRELOAD"], os.environ["WRONG_BY"]


def wrong_clocks(site, protocol):
    """A day ahead: everything arrives, and says that the clock was wrong. A day behind: no certificate is valid yet, and that is said."""
    connected(site, protocol)
    site.stored_more("readings arrive")
    assert site.agent.end() == 0, site.agent.tail()
    with clock_off(site.folder, DAY):
        site.agent.start()
    site.stored_more(f"readings of a host that is a day ahead, by {protocol}")
    offset = until(lambda: site.agent_status().get("clock", {}).get("cloud_offset_ms"), "the agent knows the cloud's time")
    assert abs(abs(offset) - DAY * 1000) < 60_000, offset
    until(lambda: any(reading["clock_suspect"] for reading in site.cloud_lines("readings", "--newest", 20)), "readings say that the clock was wrong")
    assert site.agent.end() == 0, site.agent.tail()
    with clock_off(site.folder, -DAY):
        site.agent.start()
    until(lambda: "check the clock of this host" in site.certificate().get("error", "") and "verdict=tls.not-yet-valid" in site.agent.tail(), "it says what is wrong")
    stored, kept = site.stored(), site.agent_status()["ledger"]["last"]
    until(lambda: site.agent_status()["ledger"]["last"] > kept + 10, "it goes on collecting")
    assert site.stored() == stored and not site.uplink()["connected"], site.uplink()
    assert site.agent.end() == 0, site.agent.tail()
    site.agent.start()
    site.stored_more("readings after the clock was set")


def main():
    if not installed():
        print("nginx with its stream module, or mosquitto, is not installed")
        return 77
    with Quiet(changes=[("proxy_timeout 10m", "proxy_timeout 3s")]) as site:
        a_quiet_stream_stays(site)
    with LowerRung() as site:
        removed_stays_out(site)
    with LowerRung() as site:
        wrong_clocks(site, "HTTP/1.1")
    with Deployment() as site:
        wrong_clocks(site, "HTTP/2")
    return 0


if __name__ == "__main__":
    sys.exit(main())
