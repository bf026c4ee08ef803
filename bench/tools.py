"""The tools that read a fleet, ours and the ones that people use today: each returns what it cost (Usage)."""

import json
import subprocess
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from exporter_config import module
from measure import BIN, Usage, answers, cpu_of, rss_of, until


def platen(addresses, port, out):
    def run():
        with open(out, "w", encoding="utf-8") as lines:
            subprocess.run([BIN / "platen", "scan", f"{addresses[0]}-{addresses[-1]}", "--port", str(port), "--allow-loopback", "--format", "json"],
                           stdout=lines, check=True)
        return sum(1 for line in open(out, encoding="utf-8") if json.loads(line).get("is_printer"))

    return Usage(run)


def snmpbulkwalk(addresses, port, _out):
    def walk(address):
        command = ["snmpbulkwalk", "-v2c", "-c", "public", "-Cr25", "-OnQ", "-t", "2", "-r", "2", f"{address}:{port}", ".1.3.6.1.2.1.43"]
        return subprocess.run(command, capture_output=True, check=False).stdout.count(b"\n") > 10

    def run():
        with ThreadPoolExecutor(16) as pool:
            return sum(pool.map(walk, addresses))

    return Usage(run)


def snmp_exporter(addresses, port, _out):
    with tempfile.TemporaryFile() as log, tempfile.NamedTemporaryFile("w", suffix=".yml") as config:
        config.write(module("printer"))
        config.flush()
        listen = "127.0.0.1:19116"
        process = subprocess.Popen(["prometheus-snmp-exporter", f"--config.file={config.name}", f"--web.listen-address={listen}"], stdout=log, stderr=log)
        try:
            until(lambda: answers(f"http://{listen}/"), 10)

            def scrape(address):
                url = f"http://{listen}/snmp?target={address}:{port}&module=printer"
                return b"prtMarkerEntry_4" in urllib.request.urlopen(url, timeout=60).read()

            def run():
                with ThreadPoolExecutor(64) as pool:
                    return sum(pool.map(scrape, addresses))

            start, before = time.monotonic(), cpu_of(process.pid)
            found = run()
            usage = Usage(lambda: found)
            usage.wall, usage.cpu, usage.rss = time.monotonic() - start, cpu_of(process.pid) - before, rss_of(process.pid)
            return usage
        finally:
            process.terminate()
            process.wait()


def fusioninventory(addresses, port, _out):
    def inventory(address):
        command = ["fusioninventory-netinventory", "--host", str(address), "--port", str(port), "--community", "public", "--type", "PRINTER"]
        return b"<TYPE>PRINTER</TYPE>" in subprocess.run(command, capture_output=True, check=False).stdout

    def run():
        with ThreadPoolExecutor(8) as pool:
            return sum(pool.map(inventory, addresses))

    return Usage(run)
