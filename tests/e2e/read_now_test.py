#!/usr/bin/env python3
"""The demo as somebody sees it in a browser: its page, the button "Read now", and what became of it. Skipped (77) where nginx or
mosquitto are missing."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

from deployment import installed
from system import SLOW, run, until

ROOT = Path(__file__).resolve().parents[2]


class Page(HTMLParser):
    """The forms of a page and its words."""

    def __init__(self, url):
        super().__init__()
        self.forms, self.words = [], ""
        with urllib.request.urlopen(url, timeout=10) as answer:
            self.url = answer.url
            self.feed(answer.read().decode())

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            self.forms.append({"action": said.get("action", ""), "method": said.get("method", "get"), "fields": {}, "label": ""})
        elif tag == "input" and self.forms and said.get("type") == "hidden":
            self.forms[-1]["fields"][said["name"]] = said.get("value", "")

    def handle_data(self, data):
        self.words += data
        if self.forms and not self.forms[-1]["label"]:
            self.forms[-1]["label"] = data.strip()

    def press(self, label):
        """As a browser does; the page that comes then."""
        form = next(form for form in self.forms if form["method"] == "post" and form["label"].startswith(label))
        where = urllib.parse.urlsplit(self.url)
        request = urllib.request.Request(urllib.parse.urljoin(self.url, form["action"]), urllib.parse.urlencode(form["fields"]).encode(),
                                         {"Origin": f"{where.scheme}://{where.netloc}", "Content-Type": "application/x-www-form-urlencoded"})
        with urllib.request.urlopen(request, timeout=10) as answer:  # follows the 303
            return answer.url


def demo_on(folder):
    said = open(folder / "said", "w", encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(folder), "PLATEN_DEMO_DEADLINE": str(120 * SLOW)}
    return subprocess.Popen([ROOT / "installer" / "demo"], stdout=said, stderr=subprocess.STDOUT, env=environment, start_new_session=True)


def read_now(folder, demo):
    said = folder / "said"
    until(lambda: "Runs until" in said.read_text() or demo.poll() is not None, "the demo has its fleet", 120)
    assert demo.poll() is None, said.read_text()[-3000:]
    page = re.search(r"Its page: (http://\S+/)", said.read_text())[1]
    data = next(folder.glob("platen-demo.*/cloud"))
    newest = max(json.loads(line)["cloud"]["last_read"] for line in run("platen-cloud", "printers", "--data", data, "--json").stdout.splitlines())
    shown = Page(page + "agents").press("Read now")

    def over():
        words = Page(shown).words
        assert not any(bad in words for bad in ("failed", "refused", "expired", "forbidden")), words
        return "done" in words

    until(over, "the page says that it was done", 60)
    lines = [json.loads(line) for line in run("platen-cloud", "printers", "--data", data, "--json").stdout.splitlines()]
    assert lines and all(line["cloud"]["last_read"] > newest for line in lines if line["complete"]), "not every printer was read again"
    print(Page(shown).words.split("Result")[-1].split("\n")[0][:200])


def main():
    if not installed():
        print("nginx with its stream module, or mosquitto, is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="platen-test.") as name:
        folder = Path(name)
        demo = demo_on(folder)
        try:
            read_now(folder, demo)
        finally:
            demo.send_signal(signal.SIGTERM)
            code = demo.wait(timeout=30 * SLOW)
        assert code == 143, code
    return 0


if __name__ == "__main__":
    sys.exit(main())
