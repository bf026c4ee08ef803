#!/usr/bin/env python3
"""Targets beyond IPv4, and candidates that announce themselves: the real programs on a network of their own, behind a virtual cable.

The site on the other end (printing_site.py) sees every packet, so what is never asked can be proved. Needs user and network namespaces; skipped without."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from printing_site import LINK, NETWORK, PRINTERS, SIX
from system import Program, run, until

HERE = Path(__file__).resolve().parent
OWN, SKIPPED = NETWORK + "1", 77


def ip(*words):
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout


class Cable:
    """Our end, and the process at the other one."""

    def __init__(self, folder):
        self.process = subprocess.Popen(["unshare", "--net", sys.executable, HERE / "printing_site.py", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        mine = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{self.process.pid}/ns/net") != mine, "a namespace for the site")
        ip("link", "set", "lo", "up")
        ip("link", "add", "desk0", "type", "veth", "peer", "name", LINK, "netns", str(self.process.pid))
        ip("addr", "add", OWN + "/24", "dev", "desk0")
        ip("addr", "add", SIX + "1/64", "dev", "desk0", "nodad")
        ip("link", "set", "desk0", "up")
        self.say()
        ip("route", "add", "default", "via", NETWORK + "2")  # a probe of 8.8.8.8 would be seen
        self.link_local = json.loads(self.process.stdout.readline())["link_local"]
        until(lambda: "tentative" not in ip("addr", "show", "desk0"), "our own link-local address")

    def say(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def asked(self):
        """What came over the cable since the last call: [destination, port, source port, time to live]."""
        self.say()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)
        subprocess.run(["ip", "link", "del", "desk0"], capture_output=True, check=False)  # unless it went with the other end


class OnTheCable(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="platen-test.")
        cls.folder = Path(cls.holder.name)
        cls.cable = Cable(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.cable.end()
        cls.holder.cleanup()


class Scan(OnTheCable):
    """`platen scan`."""

    def scan(self, *words, code=0):
        """The addresses of the printers found, and all that were asked by SNMP."""
        self.cable.asked()
        got = run("platen", "scan", *words, "--json", check=False)
        self.assertEqual(got.returncode, code, got.stderr)
        self.seen = self.cable.asked()
        return {json.loads(line)["address"] for line in got.stdout.splitlines()}, {where for where, port, *_ in self.seen if port == 161}

    def test_each_source_leads_to_its_printer_and_to_nobody_else(self):
        for source, last in PRINTERS.items():
            with self.subTest(source=source):
                address = NETWORK + str(last)
                self.assertEqual(self.scan(f"--{source}"), ({address}, {address}))

    def test_all_at_once_stay_on_the_link_and_come_from_no_well_known_port(self):
        everybody = {NETWORK + str(last) for last in PRINTERS.values()}
        self.assertEqual(self.scan("--mdns", "--wsd", "--slp"), (everybody, everybody))
        questions = [one for one in self.seen if one[1] in (5353, 3702, 427)]
        self.assertEqual({where for where, *_ in questions}, {"224.0.0.251", "239.255.255.250", "239.255.255.253", "ff02::fb", "ff02::c"})
        for where, _, source_port, life in questions:
            self.assertEqual(life, 1, where)
            self.assertNotIn(source_port, (5353, 3702, 427))

    def test_no_source_asks_unless_it_is_wanted(self):
        self.scan(NETWORK + "2")
        self.assertEqual([one for one in self.seen if one[1] != 161], [])

    def test_candidates_outside_of_what_may_be_asked_are_left_alone(self):
        slp = NETWORK + str(PRINTERS["slp"])
        mdns = NETWORK + str(PRINTERS["mdns"])
        self.assertEqual(self.scan(slp, "--mdns"), ({slp}, {slp}))
        self.assertEqual(self.scan(slp, "--mdns", "--within", mdns), ({slp, mdns}, {slp, mdns}))
        self.assertEqual(self.scan("--mdns", "--exclude", mdns), (set(), set()))

    def test_an_operator_may_allow_others(self):
        mdns = NETWORK + str(PRINTERS["mdns"])
        found, asked = self.scan("--mdns", "--within", "0.0.0.0/0", "--timeout", "200ms", "--retries", "0")
        self.assertEqual((found, asked), ({mdns}, {mdns, "8.8.8.8"}))

    def test_ipv6_addresses_are_scanned(self):
        address = SIX + str(PRINTERS["wsd"])
        self.assertEqual(self.scan(address, NETWORK + "2"), ({address, NETWORK + "2"}, {address, NETWORK + "2"}))

    def test_link_local_addresses_are_scanned_and_read(self):
        address = f"{self.cable.link_local}%desk0"
        self.assertEqual(self.scan(address), ({address}, {self.cable.link_local}))
        self.assertEqual(json.loads(run("platen", "read", address, "--json").stdout)["address"], address)
        self.assertEqual(self.scan(address, "--exclude", "fe80::/10", code=2), (set(), set()))

    def test_without_a_target_the_network_is_proposed_and_nothing_is_sent(self):
        self.cable.asked()
        got = run("platen", "scan", check=False)
        self.assertEqual((got.returncode, got.stdout), (2, ""))
        self.assertIn(f"platen scan {NETWORK}0/24\n", got.stderr)
        self.assertEqual(self.cable.asked(), [])


class Agent(OnTheCable):
    """`platen-agent`."""

    def agent(self, settings):
        state = self.folder / "agent"
        state.mkdir(exist_ok=True)
        for old in state.glob("*"):
            old.unlink()
        config = state / "agent.toml"
        config.write_text(f'[agent]\nid = "tested"\nstate_dir = "{state}"\n{settings}')
        self.cable.asked()
        agent = Program(self.folder, "platen-agent", "run", "--config", config)
        agent.log.unlink(missing_ok=True)
        self.addCleanup(lambda: agent.end(signal.SIGKILL))
        return agent.start()

    def known(self):
        try:
            return json.loads((self.folder / "agent" / "status.json").read_text())["printers"]["known"]
        except (OSError, ValueError, KeyError):
            return 0

    def test_with_nothing_configured_it_proposes_and_sends_nothing(self):
        agent = self.agent("")
        until(lambda: "sweep.done" in agent.log.read_text(), "a sweep of nothing")
        self.assertRegex(agent.log.read_text(), rf"config\.no-targets .*targets = \[\\?\"{re.escape(NETWORK)}0/24")
        self.assertEqual(agent.end(), 0)
        self.assertEqual(self.cable.asked(), [])

    def test_discovery_finds_printers_that_nobody_named_and_keeps_them(self):
        agent = self.agent('[scan]\ninterval = "1s"\n[discovery]\nmdns = true\nslp = true\n')
        until(lambda: self.known() == 2, "both printers are known")
        sweeps = agent.log.read_text().count("sweep.done")
        until(lambda: agent.log.read_text().count("sweep.done") > sweeps + 1, "two sweeps more")
        self.assertEqual(self.known(), 2)
        self.assertEqual(agent.end(), 0)
        asked = {where for where, port, *_ in self.cable.asked() if port == 161}
        self.assertEqual(asked, {NETWORK + str(PRINTERS[source]) for source in ("mdns", "slp")})

    def test_a_name_is_asked_for_anew_for_each_sweep(self):
        hosts = self.folder / "hosts"
        hosts.write_text(f"{NETWORK}2 laser.test\n")
        subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
        agent = self.agent('[scan]\ntargets = ["laser.test", "gone.test"]\ninterval = "1s"\n')
        until(lambda: self.known() == 1, "the printer is known")
        self.assertIn("gone.test", agent.log.read_text())
        hosts.write_text(f"{NETWORK}3 laser.test\n")
        self.cable.asked()
        until(lambda: [NETWORK + "3", 161] in [one[:2] for one in self.cable.asked()], "its new address is asked")
        self.assertEqual(agent.end(), 0)


def main():
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        return unittest.main()
    apart = ["unshare", "--user", "--map-root-user", "--net", "--mount"]
    try:
        possible = subprocess.run([*apart, "ip", "link", "add", "try0", "type", "veth"], capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        print(f"skipped: {missing}")
        return SKIPPED
    if possible.returncode != 0:
        print(f"skipped: no network namespace here: {possible.stderr.strip()}")
        return SKIPPED
    return subprocess.run([*apart, sys.executable, __file__, "--inside", *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
