"""The habits of docs/cli.md (R1-R24) on the real programs, driven by their own command tables: `help` names the commands.

No printer is needed. What needs one is in cli_zoo_test.py."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
BIN = Path(os.environ["PLATEN_BIN"])
ROOT = Path(__file__).resolve().parents[2]
SLOW = 4 if "asan" in str(BIN) else 1
CALM = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
CALM.pop("NO_COLOR", None)


def run(*words, program="platen", stdin="", env=None, **more):
    return subprocess.run([BIN / program, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=60, check=False,
                          env={**CALM, **(env or {})}, **more)


def commands(program="platen"):
    listed = run("help", program=program).stdout.split("\nCommands\n")[1].split("\n\n")[0]
    return [line[2:26].strip().split() for line in listed.splitlines() if line[2:3].strip()]


def programs():
    """Those of Platen's programs that are built and have several commands."""
    return [name for name in ("platen", "platen-agent", "platen-cloud") if (BIN / name).exists()]


class Screen:
    """A program on a terminal of its own; `shown` is what it wrote there."""

    def __init__(self, *words, env=None, columns=100, stdout=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen([BIN / "platen", *map(str, words)], stdin=slave, stdout=stdout or slave, stderr=slave,
                                        env={**CALM, **(env or {})}, start_new_session=True)
        os.close(slave)
        self.shown = b""

    def read_until(self, condition, seconds=20):
        """Reads until the condition holds or the program has closed the terminal; False when neither comes in time."""
        end = time.monotonic() + seconds * SLOW
        while not condition(self.shown):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                return False
            try:
                self.shown += os.read(self.master, 65536)
            except OSError:
                return condition(self.shown)
        return True

    def end(self):
        self.read_until(lambda _: False)
        code = self.process.wait(timeout=20 * SLOW)
        os.close(self.master)
        return code


class SilentPort:
    """A UDP port that takes every datagram and answers none."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.close()


class EveryCommand(unittest.TestCase):
    def each(self):
        for program in programs():
            for words in commands(program):
                with self.subTest(program=program, command=" ".join(words)):
                    yield program, words

    def test_help_is_the_same_three_ways_and_fits(self):  # R12, R21
        for program, words in self.each():
            helps = [run(*words, "--help", program=program), run(*words, "-h", program=program), run("help", *words, program=program)]
            self.assertEqual({(one.returncode, one.stderr) for one in helps}, {(0, "")})
            self.assertEqual(len({one.stdout for one in helps}), 1)
            text = helps[0].stdout
            parts = [text.find(part) for part in ("\nExamples\n", "\nUsage\n", "\nOptions\n", "\nExit codes\n", "\nPage\n")]
            self.assertEqual(parts, sorted(parts))
            self.assertNotIn(-1, parts)
            self.assertGreaterEqual(text.split("\nExamples\n")[1].split("\n\n")[0].count("\n"), 1)
            self.assertLessEqual(max(map(len, text.splitlines())), 80)
            self.assertNotIn("\x1b", text)

    def test_an_unknown_option_is_named_with_its_neighbour(self):  # R1, R9, R11
        for program, words in self.each():
            got = run(*words, "--colro", program=program)
            self.assertEqual((got.returncode, got.stdout), (2, ""))
            self.assertIn(f"{program}: unknown option '--colro'\n  Did you mean: --color\n  [usage]\n", got.stderr)

    def test_a_wrong_choice_is_named_with_its_neighbour(self):  # R11
        for program, words in self.each():
            got = run(*words, "--color", "alwasy", program=program)
            self.assertEqual((got.returncode, got.stdout), (2, ""))
            self.assertIn("Did you mean: always", got.stderr)

    def test_lists_know_json(self):  # R2
        for program, words in self.each():
            options = run(*words, "--help", program=program).stdout.split("\nOptions\n")[1]
            self.assertEqual("--format FORMAT" in options, "--json" in options)
            for common in ("--color WHEN", "--no-input", "--quiet", "--help"):
                self.assertIn(common, options)

    def test_no_option_takes_a_secret(self):  # R14
        for program, words in self.each():
            for option, value in re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+) ([A-Z]+)", run(*words, "--help", program=program).stdout, re.M):
                if re.search("pass|secret|token|key|code|credential|auth", option):
                    self.assertEqual(value, "FILE", option)

    def test_an_option_means_the_same_everywhere(self):  # R16
        seen = {}
        for program, words in self.each():
            options = run(*words, "--help", program=program).stdout.split("\nOptions\n")[1].split("\n\n")[0]
            for option, value in re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)(?: ([A-Z=+]+))?", options, re.M):
                self.assertEqual(seen.setdefault(option, value), value, option)

    def test_unknown_commands(self):  # R11
        for program in programs():
            got = run("verison", program=program)
            self.assertEqual((got.returncode, got.stdout), (2, ""))
            self.assertIn(f"Did you mean: {program} version", got.stderr)
            alone = run(program=program)
            self.assertEqual((alone.returncode, alone.stdout), (2, ""))
            self.assertIn("Commands", alone.stderr)

    def test_version(self):  # R18
        for program in programs():
            document = json.loads(run("version", "--json", program=program).stdout)
            self.assertEqual(document, json.loads(run("--version", "--json", program=program).stdout))
            self.assertEqual((document["program"], document["licence"]), (program, "Apache-2.0"))
            self.assertIn("tls_library", document)
            self.assertTrue(run("--version", program=program).stdout.startswith(f"{program} {document['version']}\n"))


class Pages(unittest.TestCase):
    def test_exit_codes_say_what_to_do_with_others(self):  # R9
        self.assertIn("treat an unknown code as a failure", run("help", "exit-codes").stdout.replace("\n", " "))

    def test_the_page_in_docs_is_the_table(self):
        page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
        self.assertEqual(page.split("\n---\n\n", 1)[1], run("help", "markdown").stdout,
                         "docs/cli.md is old: replace what stands below its line with the output of `platen help markdown`")

    def test_manual_page(self):  # R20
        for program in programs():
            with self.subTest(program=program):
                page = run("help", "man", program=program).stdout
                self.assertTrue(page.startswith(f".TH {program.upper()} 1 "))
                for words in commands(program):
                    self.assertIn(" ".join(words).replace("-", "\\-"), page)
                if shutil.which("man"):
                    read = subprocess.run(["man", "--warnings", "-l", "-Tutf8", "-Z", "-"], input=page, capture_output=True, text=True, check=False)
                    self.assertEqual((read.returncode, read.stderr), (0, ""))

    def bash_completes(self, *words):
        script = run("completion", "bash").stdout + f"""
COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}
compopt() {{ :; }}
_platen
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completion(self):  # R19
        names = {words[0] for words in commands()}
        rows = [
            (["platen", ""], names),
            (["platen", "sca"], {"scan"}),
            (["platen", "config", ""], {"check"}),
            (["platen", "scan", "--format", ""], {"table", "json", "csv"}),
            (["platen", "scan", "x", "--exc"], {"--exclude"}),
            (["platen", "config", "check", "--js"], {"--json"}),
            (["platen", "config", "check", "--config", "CMakeL"], {"CMakeLists.txt"}),
            (["platen", "scan", "--profiles", "snmp/prof"], {"snmp/profiles"}),
            (["platen", "completion", "f"], {"fish"}),
            (["platen", "scan", "--community", ""], set()),
        ]
        for words, wanted in rows:
            with self.subTest(words=words):
                self.assertEqual(set(self.bash_completes(*words)), wanted)

    def test_completions_are_what_the_shells_read(self):  # R19
        for program in programs():
            for shell, check in {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}.items():
                with self.subTest(program=program, shell=shell):
                    script = run("completion", shell, program=program)
                    self.assertEqual((script.returncode, script.stderr), (0, ""))
                    with tempfile.NamedTemporaryFile("w", suffix=f".{shell}") as file:
                        file.write(script.stdout)
                        file.flush()
                        try:
                            read = subprocess.run([*check, file.name], capture_output=True, text=True, check=False)
                        except FileNotFoundError:
                            continue  # that shell is not on this machine
                        self.assertEqual((read.returncode, read.stderr), (0, ""))


class BadInput(unittest.TestCase):
    def refused(self, *words, says, code=2, **more):
        with self.subTest(words=words):
            got = run(*words, **more)
            self.assertEqual((got.returncode, got.stdout), (code, ""), got.stderr)
            self.assertRegex(got.stderr, r"\Aplaten: [^\n]+\n(  [^\n]+\n)*\Z")
            self.assertIn(says, got.stderr)

    def test_targets(self):
        for target, says in {"10.0.0.0/0": "wider than /12", "0.0.0.0/0": "0.0.0.0/0", "192.0.2.9-192.0.2.1": "backwards", "224.0.0.1": "multicast",
                             "::/0": "IPv6 ranges", "fe80::/64": "IPv6 ranges", "127.0.0.1": "--allow-loopback", "::1": "--allow-loopback",
                             "255.255.255.255": "broadcast", "192.0.2.300": "192.0.2.300", "192.0.2.0/33": "/33", "192.0.2.1:161": "target '192.0.2.1:161': give a plain address or name, without http:// and without a port",
                             "http://192.0.2.1/": "target 'http://192.0.2.1/': give a plain address or name, without http:// and without a port",
                             "http://printer.example": "without http://"}.items():
            self.refused("scan", target, says=says)
        self.refused("scan", "192.0.2.1", "--exclude", "10.0.0.9-10.0.0.1", says="backwards")
        self.refused("read", "192.0.2.0/24", says="is not one address")
        self.refused("scan", "192.0.2.1", "--exclude", "no-such-host.invalid", says="could not be left out")
        self.refused("scan", "192.0.2.1", "--within", "10.0.0.0/8", says="--mdns, --wsd or --slp")
        self.refused("scan", "fe80::1%no-such-one", says="no network interface 'no-such-one'")
        self.refused("read", says="missing ADDRESS")

    def test_without_a_target_the_own_networks_are_proposed_and_nothing_is_asked(self):
        for words in ([], ["--json"], ["--community", "office"]):
            self.refused("scan", *words, says="no target was named, so nothing is asked")
        self.refused("scan", says="platen scan ")

    def test_values(self):
        for words, says in {("--port", "0"): "from 1 to 65535", ("--port", "http"): "'http'", ("--timeout", "2"): "500ms", ("--timeout", "9h"): "from 10ms to 1m",
                            ("--retries", "-1"): "--retries: '-1' is not a whole number from 0 to 10", ("--timeout", "-2s"): "from 10ms to 1m",
                            ("--retries", "--all"): "option --retries needs a value", ("--format", "xml"): "table, json, csv", ("--json", "--format", "csv"): "contradict"}.items():
            self.refused("scan", "192.0.2.1", *words, says=says)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            open_file = Path(folder, "open")
            open_file.write_text("secret-name\n")
            open_file.chmod(0o644)
            self.refused("scan", "192.0.2.1", "--community-file", open_file, says="chmod 0600")
            self.refused("scan", "192.0.2.1", "--community-file", Path(folder, "none"), says="No such file")
            self.refused("scan", "192.0.2.1", "--community-file", folder, says="name a file, not a folder")
            self.refused("scan", "192.0.2.1", "--community-file", "-", stdin="one\n" + "x" * 256, says="--community-file: stdin:2: SNMP community is longer than 255 characters; write one community a line")
            self.refused("scan", "192.0.2.1", "--community-file", "-", stdin="\n" * (1 << 20) + "\n", says="stdin holds more than 1 MiB")
            self.refused("scan", "192.0.2.1", "--v3-credential", open_file, says="open:1")
            self.refused("scan", "@" + str(Path(folder, "none")), says="No such file")
            listed = Path(folder, "floor3.txt")
            for content, says in ((b"192.0.2.1\n192.0.2.9-192.0.2.1\n", "floor3.txt:2: target '192.0.2.9-192.0.2.1'"), (b"\x7fELF\0", "floor3.txt:1: this is no text"),
                                  (b"192.0.2.1\n\n@more\n", "floor3.txt:3: '@more'"), (b"# none\n", "floor3.txt names no target"), (b"#" * (5 << 20), "larger than")):
                listed.write_bytes(content)
                self.refused("scan", f"@{listed}", says=says)
                self.refused("scan", "192.0.2.1", "--exclude", f"@{listed}", says=says)
            self.refused("scan", "-", says="stdin names no target")
            self.refused("scan", "192.0.2.1", "--profiles", Path(folder, "none"), says=f"--profiles: cannot read the folder {folder}/none: No such file or directory; check the path")
            self.refused("scan", "192.0.2.1", "--profiles", open_file, says="Not a directory")
            bad = Path(folder, "bad.toml")
            bad.write_text("[vendor]\nname = 3\n")
            with SilentPort() as port:  # one bad profile stops nothing else
                got = run("scan", "127.0.0.1", "--allow-loopback", "--port", port, "--timeout", "20ms", "--retries", "0", "--profiles", folder)
            self.assertEqual(got.returncode, 1)
            self.assertIn("bad.toml:1: unknown key 'vendor'", got.stderr)
            self.assertIn("127.0.0.1: ", got.stderr)
            self.refused("profile", "check", bad, says="bad.toml:1")
            self.refused("profile", "test", bad, says="--recording")
            self.refused("profile", "test", bad, "--recording", open_file, says="open:")
            recording, good = Path(folder, "one.snmprec"), Path(folder, "good.toml")
            recording.write_text("1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1\n1.3.6.1.4.1.99999.7.0|65|12\n")
            self.refused("profile", "test", bad, "--recording", recording, says="bad.toml:1")
            good.write_text('name = "acme"\nenterprises = [99999]\nroots = ["99999.7"]\n[[counter]]\nlabel = "total"\noid = "99999.7.0"\nconfidence = "B"\n')
            self.assertEqual(run("profile", "check", good).returncode, 0)
            tried = json.loads(run("profile", "test", good, "--recording", recording, "--json").stdout)
            self.assertEqual((tried["used"], tried["matched"], tried["rules"][0]["value"]), ("acme", 1, "12"))
            Path(folder, "others").mkdir()
            for words in (["check", good], ["test", good, "--recording", recording]):  # as scan and read do
                self.refused("profile", *words, "--profiles", Path(folder, "none"), says="--profiles: cannot read the folder")
                got = run("profile", *words, "--profiles", Path(folder, "others"))
                self.assertEqual((got.returncode, got.stderr), (0, ""))
            Path(folder, "others", "bad.toml").write_text(bad.read_text())
            for words in (["check", good], ["test", good, "--recording", recording]):
                got = run("profile", *words, "--profiles", Path(folder, "others"))
                self.assertEqual(got.returncode, 1)
                self.assertRegex(got.stderr, r"bad.toml:1: unknown key 'vendor'.*\n  The others are used. Correct it, see docs/profiles.md.\n  \[profile\]\n\Z")
            self.assertEqual(run("profile", "check", bad, "--profiles", Path(folder, "others")).returncode, 2)
            recording.write_text("1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99998.1\n")
            got = run("profile", "test", good, "--recording", recording)
            self.assertEqual(got.returncode, 1)
            self.assertIn("no rule matched anything", got.stderr)
            self.assertIn("nothing answered there", got.stdout)
            self.refused("record", "192.0.2.1", "--output", open_file, says="exists already")
            config = Path(folder, "agent.toml")
            config.write_text("[scan]\nintervall = \"1h\"\n")
            config.chmod(0o600)
            self.refused("config", "check", "--config", config, "-q", says="agent.toml:2")
            self.assertFalse(json.loads(run("config", "check", "--config", config, "--json").stdout)["good"])

    def test_profiles_may_stand_in_a_folder_of_somebody_else(self):
        with tempfile.TemporaryDirectory() as folder, SilentPort() as port:
            os.chmod(folder, 0o555)
            more = {"user": 65534} if os.geteuid() == 0 else {}
            try:
                run("version", **more)
            except PermissionError:
                self.skipTest("others may not run this build")
            got = run("scan", "127.0.0.1-1", "--allow-loopback", "--port", port, "--timeout", "20ms", "--retries", "0", "--profiles", folder, **more)
            self.assertEqual((got.returncode, got.stderr), (0, ""))
            os.chmod(folder, 0o311)
            self.refused("scan", "127.0.0.1-1", "--allow-loopback", "--profiles", folder, says=f"--profiles: cannot read the folder {folder}: Permission denied", **more)
            os.chmod(folder, 0o755)

    def test_a_name_without_an_address_is_said(self):
        got = run("scan", "no-such-host.invalid")
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertIn("no-such-host.invalid", got.stderr)

    def test_status_without_an_agent(self):
        with tempfile.TemporaryDirectory() as folder:
            self.refused("status", "--state-dir", folder, says="[status.absent]", code=1)
            Path(folder, "status.json").write_text("[]")
            self.refused("status", "--state-dir", folder, says="[status.corrupt]", code=1)
            Path(folder, "status.json").write_text('{"schema":"x/1","ledger":{"last":7,"name":"a\\u001b[2J"},"list":[true]}')
            self.assertEqual(run("status", "--state-dir", folder).stdout, "key          value\nledger.last  7\nledger.name  a\\x1b[2J\nlist.1       yes\n")

    def test_status_of_an_agent_that_was_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            gone = subprocess.Popen(["true"])
            gone.wait()
            told = {"running": True, "process": gone.pid, "config": {"lines": {"agent.id": 2}}, "uplink": {"connected": True}}
            Path(folder, "status.json").write_text(json.dumps(told))
            shown = json.loads(run("status", "--json", "--state-dir", folder).stdout)
            self.assertEqual((shown["running"], shown["uplink"]["connected"]), (False, False))
            self.assertIn("ended", shown)
            told["process"] = os.getpid()
            Path(folder, "status.json").write_text(json.dumps(told))
            shown = run("status", "--state-dir", folder).stdout
            self.assertRegex(shown, r"running +yes")
            self.assertNotIn("agent.id", shown)

    def test_hostile_words_do_not_reach_the_terminal(self):  # R24
        got = run("scan", "\x1b[2J192.0.2.1", "--port", "\x1b]0;x\x07")
        self.assertNotIn("\x1b", got.stderr)
        self.assertIn("\\x1b", got.stderr)


class Streams(unittest.TestCase):
    def test_nothing_there_is_one_error_on_stderr(self):  # R1, R9, R10
        with SilentPort() as port:
            got = run("read", "127.0.0.1", "--allow-loopback", "--port", port, "--timeout", "20ms", "--retries", "0")
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertRegex(got.stderr, r"\Aplaten: 127\.0\.0\.1: [^\n]+\n  [^\n]+\n  \[snmp\.[a-z.-]+\]\n\Z")
        self.assertIn(f"UDP {port} let through?", got.stderr)

    def test_all_lists_what_is_silent(self):
        with SilentPort() as port:
            got = run("scan", "127.0.0.1-127.0.0.1", "--all", "--json", "--allow-loopback", "--port", port, "--timeout", "20ms", "--retries", "0", "-q")
        document = json.loads(got.stdout)
        self.assertEqual((got.returncode, got.stderr, document["is_printer"], document["result"]), (0, "", False, "silent"))

    def test_a_pipe_hears_errors_alone(self):  # R7
        with SilentPort() as port:
            got = run("scan", "127.0.0.1-127.0.0.1", "--allow-loopback", "--port", port, "--timeout", "20ms", "--retries", "0")
        self.assertEqual((got.returncode, got.stdout, got.stderr), (0, "", ""))

    def test_an_interruption_is_said_in_a_pipe_too(self):  # R8
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
            device.bind(("127.0.0.1", 0))
            device.settimeout(20 * SLOW)
            words = ["scan", "127.0.0.1-127.0.0.250", "--allow-loopback", "--port", str(device.getsockname()[1]), "--timeout", "20s"]
            scan = subprocess.Popen([BIN / "platen", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=CALM)
            device.recv(65536)
            scan.send_signal(signal.SIGINT)
            out, err = scan.communicate(timeout=20 * SLOW)
        self.assertEqual((scan.returncode, out), (130, ""))
        self.assertRegex(err, r"\Aplaten: interrupted: [0-9]+ of 250 addresses asked, 0 printers read\n\Z")

    def test_stdout_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            got = subprocess.run([BIN / "platen", "version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(got.returncode, 1)
        self.assertIn("No space left", got.stderr)
        closed = subprocess.run(["sh", "-c", f"'{BIN}/platen' version >&-"], capture_output=True, text=True, check=False)
        self.assertEqual(closed.returncode, 1)
        self.assertIn("could not be written", closed.stderr)

    def test_a_reader_who_goes_is_no_error(self):
        reader, writer = os.pipe()
        os.close(reader)
        got = subprocess.run([BIN / "platen", "help"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
        os.close(writer)
        self.assertEqual((got.returncode, got.stderr), (0, ""))

    @unittest.skipIf("asan" in str(BIN), "a sanitized program starts slowly")
    def test_start_to_first_octet(self):  # R22, as a ratio: what people use today takes its time, too
        def once(*words):
            start = time.monotonic()
            subprocess.run(words, capture_output=True, check=True)
            return time.monotonic() - start

        pairs = [(once(BIN / "platen", "version"), once("snmpget", "-V")) for _ in range(10)]
        self.assertLess(min(ours for ours, _ in pairs), 3 * min(theirs for _, theirs in pairs))


class OnATerminal(unittest.TestCase):
    def test_no_summary_of_what_was_not_seen(self):
        with SilentPort() as port, open("/dev/full", "wb") as full:
            quick = ["--allow-loopback", "--port", port, "--timeout", "300ms", "--retries", "0"]
            for words, stdout, code, says in ((["127.0.0.1-127.0.0.1", "--all", "--json", *quick], full, 1, b"No space left"),
                                              (["127.0.0.1-127.0.0.1", "--all", *quick], full, 1, b"No space left"),
                                              (["no-such-host.invalid"], None, 1, b"no-such-host.invalid")):
                with self.subTest(words=words):
                    screen = Screen("scan", *words, stdout=stdout)
                    self.assertEqual(screen.end(), code)
                    self.assertIn(says, screen.shown)
                    self.assertNotIn(b"among", screen.shown)

    def test_progress_comes_at_once_and_goes(self):  # R7
        with SilentPort() as port:
            words = ["scan", "127.0.0.1-127.0.0.1", "--allow-loopback", "--port", port, "--timeout", "300ms", "--retries", "0"]
            screen = Screen(*words)
            self.assertTrue(screen.read_until(lambda shown: b"of 1 address asked, 0 alive, 0 printers, " in shown), screen.shown)
            self.assertEqual(screen.end(), 0)
            self.assertIn(b"\r\x1b[K", screen.shown)
            self.assertTrue(screen.shown.rstrip().endswith(b"platen: 0 printers among 1 address"), screen.shown)
            for silent in (["--json"], ["--quiet"]):
                screen = Screen(*words, *silent)
                screen.end()
                self.assertNotIn(b"asked", screen.shown)
            screen = Screen(*words, env={"TERM": "dumb"})
            screen.end()
            self.assertNotIn(b"\x1b", screen.shown)

    def test_ctrl_c_ends_it_at_once(self):  # R8
        with SilentPort() as port:
            screen = Screen("scan", "127.0.0.1-127.0.0.250", "--allow-loopback", "--port", port, "--timeout", "20s")
            self.assertTrue(screen.read_until(lambda shown: b"asked" in shown))
            start = time.monotonic()
            screen.process.send_signal(signal.SIGINT)
            self.assertEqual(screen.end(), 130)
            self.assertLess(time.monotonic() - start, 10)  # nobody waited for an answer: that takes 20 s
            self.assertIn(b"platen: interrupted: ", screen.shown)
            self.assertNotIn(b"among", screen.shown)


if __name__ == "__main__":
    unittest.main()
