"""`platen` against simulated printers: scan, read, record in every format, on pipes and terminals, interrupted and refused."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from cli_habits_test import BIN, Screen, run
from system import Program, until

BASE = "127.53.0.1"


def walk_values(value, path=""):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from walk_values(part, f"{path}.{key}")
    elif isinstance(value, list):
        for part in value:
            yield from walk_values(part, path + "[]")
    else:
        yield path, value


class WithTheZoo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="platen-test.")
        cls.credentials = Path(cls.folder.name, "credentials.toml")
        cls.credentials.write_text(run("--credentials", program="zoo").stdout)
        cls.credentials.chmod(0o600)
        cls.zoo, cls.port = cls.start_zoo("--fleet", "demo", "--base", BASE)
        cls.truth = [json.loads(line) for line in run("--fleet", "demo", "--base", BASE, "--list", program="zoo").stdout.splitlines()]
        cls.printers = {device["address"]: device for device in cls.truth if device["is_printer"]}
        cls.everybody = f"{BASE}-{cls.truth[-1]['address']}"

    @classmethod
    def start_zoo(cls, *words):
        zoo = Program(Path(cls.folder.name), "zoo", *words, "--port", 0).start()
        until(lambda: zoo.out.read_text().startswith("ready ") or not zoo.running(), "the zoo answers")
        return zoo, int(zoo.out.read_text().split()[1])

    @classmethod
    def tearDownClass(cls):
        cls.zoo.end(signal.SIGKILL)
        cls.folder.cleanup()

    def how(self):
        return ["--port", self.port, "--allow-loopback", "--v3-credential", self.credentials]

    def platen(self, *words):
        return run(*words, *self.how())

    def octets(self, *words):
        return subprocess.run([BIN / "platen", *words, *map(str, self.how())], capture_output=True, check=True).stdout

    def scan(self):
        got = self.platen("scan", self.everybody, "--json")
        self.assertEqual(got.returncode, 0, got.stderr)
        return {document["address"]: document for document in map(json.loads, got.stdout.splitlines())}

    def a_printer(self):
        return next(address for address, device in self.printers.items() if device.get("sys_name") and device.get("serial"))


class Scan(WithTheZoo):
    def test_every_printer_and_nothing_else(self):
        found = self.scan()
        self.assertEqual(set(found), set(self.printers))
        for address, document in found.items():
            for key in ("manufacturer", "model", "serial", "mac"):
                self.assertEqual(document.get(key), self.printers[address].get(key), address)

    def test_json_is_what_the_rules_say(self):  # R2, R3
        for document in self.scan().values():
            self.assertEqual(document["schema"], "platen.scan/1")
            self.assertRegex(document["read_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            for path, value in walk_values({key: part for key, part in document.items() if key != "vendor_counters"}):
                self.assertIsNotNone(value, path)
                self.assertRegex(path, r"^(\.[a-z][a-z0-9_]*(\[\])?)+$")
                self.assertFalse(isinstance(value, int) and abs(value) > 2**53, path)

    def test_csv(self):  # R4
        out = self.octets("scan", self.everybody, "--format", "csv").decode()
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        self.assertEqual({row["address"] for row in rows}, set(self.printers))
        self.assertEqual((out.count("\r\n"), out.replace("\r\n", "").count("\n")), (len(rows) + 1, 0))
        self.assertTrue({"total", "mono", "color", "lowest_supply", "alerts", "worst_alert"} <= set(rows[0]))
        self.assertFalse([cell for row in rows for cell in row.values() if cell and cell[0] in "=+-@\t\r"])
        self.assertEqual(self.octets("scan", self.everybody, "--format", "csv", "--no-header").count(b"\r\n"), len(rows))

    def test_table(self):  # R5, R6
        lines = self.platen("scan", self.everybody).stdout.splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["address", *self.printers])
        self.assertFalse([line for line in lines if "\x1b" in line or line != line.rstrip()])
        self.assertEqual(len(self.platen("scan", self.everybody, "--no-header").stdout.splitlines()), len(self.printers))

    def test_all(self):
        documents = [json.loads(line) for line in self.platen("scan", self.everybody, "--json", "--all").stdout.splitlines()]
        others = [document for document in documents if not document["is_printer"]]
        self.assertEqual({one["address"] for one in others}, {one["address"] for one in self.truth if not one["is_printer"]})
        for one in others:
            self.assertTrue(one["code"] and one["reason"] and one["result"], one)

    def test_every_kind_of_other_device_is_kept_out_for_its_own_reason(self):
        codes = {json.loads(line)["address"]: json.loads(line).get("code") for line in self.platen("scan", self.everybody, "--json", "--all").stdout.splitlines()}
        said = {one["name"]: codes[one["address"]].removeprefix("not-printer.") for one in self.truth if not one["is_printer"]}
        self.assertEqual(said, {"switch": "no-printer-mib", "UPS": "no-printer-mib", "NAS": "no-printer-mib", "host": "no-printer-mib",
                                "label printer": "no-printer-mib", "scanner": "no-printer-mib", "scanner with a panel": "scanner",
                                "print server": "print-server", "Unix print server": "print-server", "print server box": "print-server",
                                "fax server": "fax-server", "honeypot": "answers-all"})

    def test_a_single_address_must_be_a_printer(self):  # R9
        other = next(device["address"] for device in self.truth if not device["is_printer"])
        got = self.platen("scan", self.a_printer(), other, "--json")
        self.assertEqual((got.returncode, len(got.stdout.splitlines())), (1, 1))
        self.assertRegex(got.stderr, rf"platen: {re.escape(other)}: .+\n  .+\n  \[not-printer\.")
        self.assertEqual(self.platen("scan", self.a_printer()).returncode, 0)

    def test_targets_from_stdin(self):
        got = run("scan", "-", "--json", *self.how(), stdin="\n".join(list(self.printers)[:3]))
        self.assertEqual({json.loads(line)["address"] for line in got.stdout.splitlines()}, set(list(self.printers)[:3]))

    def test_a_reader_who_goes_ends_the_scan_quietly(self):
        with subprocess.Popen([BIN / "platen", "scan", self.everybody, "--json", "-q", *map(str, self.how())], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as scan:
            self.assertTrue(scan.stdout.readline())
            scan.stdout.close()
            self.assertEqual((scan.wait(timeout=60), scan.stderr.read()), (0, b""))

    def test_on_a_terminal(self):  # R5, R6, R7
        screen = Screen("scan", self.everybody, *self.how(), columns=50)
        self.assertEqual(screen.end(), 0)
        shown = screen.shown.decode()
        self.assertIn("\x1b[1maddress", shown)
        self.assertIn("addresses asked", shown)
        table = shown[shown.index("\x1b[1maddress"):].replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()[:len(self.printers) + 1]
        self.assertLessEqual(max(map(len, table)), 50)
        for env, words in (({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({}, ["--color=never"])):
            screen = Screen("scan", self.everybody, *self.how(), *words, env=env)
            screen.end()
            self.assertNotIn(b"\x1b[1m", screen.shown)
        self.assertIn("\x1b[1m", self.platen("scan", self.everybody, "--color", "always").stdout)

    def test_progress_counts_one_printer_and_two_printers(self):
        for printers, said in ((list(self.printers)[:1], b", 1 printer, "), (list(self.printers)[:2], b", 2 printers, ")):
            screen = Screen("scan", *printers, "127.54.0.1-2", *self.how(), "--timeout", "20s")
            self.assertTrue(screen.read_until(lambda shown, said=said: said in shown), screen.shown)
            screen.process.send_signal(signal.SIGINT)
            self.assertEqual(screen.end(), 130)

    def test_ctrl_c_prints_what_was_finished(self):  # R8
        silent = "127.54.0.1-127.54.0.250"
        screen = Screen("scan", self.a_printer(), silent, "--json", "--all", *self.how(), "--timeout", "20s")
        self.assertTrue(screen.read_until(lambda shown: b'"is_printer":true' in shown))
        screen.process.send_signal(signal.SIGINT)
        self.assertEqual(screen.end(), 130)


class Read(WithTheZoo):
    def test_formats(self):
        address = self.a_printer()
        document = json.loads(self.platen("read", address, "--json").stdout)
        self.assertEqual(document["serial"], self.printers[address]["serial"])
        text = self.platen("read", address).stdout
        for part in (address, document["model"], document["serial"], "\nCounters\n", "\nSupplies\n"):
            self.assertIn(part, text)
        rows = list(csv.DictReader(io.StringIO(self.platen("read", address, "--format", "csv").stdout, newline="")))
        self.assertEqual([row["serial"] for row in rows], [document["serial"]])

    def test_evidence_shows_where_each_counter_comes_from(self):
        for address in list(self.printers)[:20]:
            document = json.loads(self.platen("read", address, "--json").stdout)
            rows = {row["oid"]: row for row in map(json.loads, self.platen("read", address, "--json", "--evidence").stdout.splitlines())}
            for counter in document["counters"]:
                oid = counter["oid"].split(" ")[0]
                self.assertIn(oid, rows, address)
                self.assertIn(counter["source"], rows[oid]["rule"])
        table = self.platen("read", self.a_printer(), "--evidence").stdout
        self.assertRegex(table, r"(?m)^oid +object +type +raw +rule$")
        self.assertRegex(table, r"(?m)^1\.3\.6\.1\.2\.1\.43\.10\.2\.1\.4\.1\.1 +prtMarkerLifeCount\.1\.1 +Counter32 +\d+ ")

    def test_what_is_no_printer(self):
        other = next(device["address"] for device in self.truth if not device["is_printer"])
        got = self.platen("read", other)
        self.assertEqual((got.returncode, got.stdout), (1, ""))

    def test_a_wrong_pass_phrase_is_named_and_not_shown(self):
        wrong = Path(self.folder.name, "wrong.toml")
        wrong.write_text(re.sub(r'(auth_pass|priv_pass) = "[^"]*"', r'\1 = "entirely wrong"', self.credentials.read_text().replace('"public"', '"nothing"').replace('"zoo-office"', '"nowhere"')))
        wrong.chmod(0o600)
        got = run("scan", self.everybody, "--all", "--json", "--port", self.port, "--allow-loopback", "--v3-credential", wrong)
        codes = {json.loads(line).get("code") for line in got.stdout.splitlines()}
        self.assertIn("snmp.v3.wrong-auth", codes)
        self.assertNotIn("entirely wrong", got.stdout + got.stderr)


class Incomplete(WithTheZoo):
    """Printers that cannot be read in full: a table without end, one that follows itself, values of the wrong type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad, cls.bad_port = cls.start_zoo("--fleet", "bad-manners", "--base", "127.56.0.1")
        cls.whole, cls.endless, cls.repeat, cls.wrong = (f"127.56.0.{place}" for place in (1, 9, 10, 15))

    @classmethod
    def tearDownClass(cls):
        cls.bad.end(signal.SIGKILL)
        super().tearDownClass()

    def how(self):
        return ["--port", self.bad_port, "--allow-loopback"]

    def range_of(self, *addresses):
        return [f"{address}-{address.split('.')[-1]}" for address in addresses]

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.platen(*words, "--format", "csv").stdout, newline="")))

    def test_csv_says_so_in_its_last_column(self):
        bad = [self.endless, self.repeat, self.wrong]
        for words, last in (([], ["worst_alert", "complete"]), (["--all"], ["worst_alert", "result", "reason", "complete"])):
            rows = self.rows("scan", *self.range_of(*bad, self.whole), *words)
            self.assertEqual(list(rows[0])[-len(last):], last)
            self.assertEqual({row["address"]: row["complete"] for row in rows}, {**dict.fromkeys(bad, "no"), self.whole: "yes"})
        self.assertEqual([row["complete"] for row in self.rows("read", self.wrong)], ["no"])
        document = json.loads(self.platen("read", self.wrong, "--json").stdout)
        self.assertFalse(document["complete"])

    def test_the_table_says_so(self):
        for words in ([], ["--all"]):
            lines = self.platen("scan", *self.range_of(self.wrong, self.whole), *words).stdout.splitlines()
            marked = [line.split()[0] for line in lines if "printer, incomplete" in line]
            self.assertEqual(marked, [self.wrong])
            self.assertRegex(lines[0], " result( |$)")
        self.assertNotIn("result", self.platen("scan", *self.range_of(self.whole)).stdout)
        self.assertRegex(self.platen("read", self.wrong).stdout, r"(?m)^  complete +no$")
        screen = Screen("scan", *self.range_of(self.wrong), *self.how(), columns=50)  # which cuts the column off
        screen.end()
        self.assertIn(b"1 printer among 1 address, 1 read incompletely", screen.shown)

    def test_a_single_address_must_be_read_in_full(self):  # R9
        for command in ("scan", "read"):
            got = self.platen(command, self.wrong)
            self.assertEqual(got.returncode, 1)
            self.assertRegex(got.stderr, rf"\Aplaten: {re.escape(self.wrong)}: the reading is not complete: wrong-type [^\n]+\n  [^\n]+\n  \[read.incomplete\]\n\Z")
            self.assertIn(self.wrong, got.stdout)
            self.assertIn("The numbers that came are shown; values were of another type", got.stderr)
            self.assertNotIn("--timeout", got.stderr)
        got = self.platen("scan", *self.range_of(self.wrong))
        self.assertEqual((got.returncode, got.stderr), (0, ""))


class Record(WithTheZoo):
    def test_a_recording_is_the_printer_without_the_people(self):
        address = self.a_printer()
        device = self.printers[address]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "new.snmprec")
            screen = Screen("record", address, "--output", file, *self.how(), columns=1000)
            self.assertEqual(screen.end(), 0, screen.shown)
            self.assertIn(b"sysName (1)", screen.shown)
            text = file.read_text(encoding="utf-8")
            self.assertNotIn(device["sys_name"], text)
            self.assertIn("1.3.6.1.2.1.1.5.0|4|scrubbed", text)
            self.assertEqual(self.platen("record", address, "--output", file).returncode, 2)

            zoo, port = self.start_zoo("--recordings", folder, "--base", "127.55.0.1")
            try:
                again = json.loads(run("read", "127.55.0.1", "--json", "--allow-loopback", "--port", port).stdout)
            finally:
                zoo.end(signal.SIGKILL)
        self.assertEqual((again["model"], again["serial"]), (device["model"], device["serial"]))
        self.assertEqual(len(again["supplies"]), len(device["supplies"]))

    def test_unless_asked_otherwise(self):
        address = self.a_printer()
        got = self.platen("record", address, "--keep-personal")
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertIn(self.printers[address]["sys_name"], got.stdout)
        self.assertNotIn("scrubbed", got.stderr)

    def test_a_device_that_is_no_printer_can_be_recorded(self):
        other = next(device["address"] for device in self.truth if not device["is_printer"])
        got = self.platen("record", other)
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertIn("1.3.6.1.2.1.1.1.0|", got.stdout)


if __name__ == "__main__":
    unittest.main()
