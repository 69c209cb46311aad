"""Use an installed aimarket as a stranger would: compare, sweep, report, and open a page.

    PYTHON tests/installed.py

PYTHON is the interpreter of an environment with `aimarket[page]`; nothing else has to be there. Everything is done by
the command, in a folder of its own, and nothing is taken from the repository.
"""

import json
import os
import subprocess
import sysconfig
import tempfile
import urllib.request
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 120.0
COMMAND = Path(sysconfig.get_path("scripts")) / "aimarket"
STUDY = """
question = "What decides it?"
quarters = 14
[design]
method = "one_at_a_time"
parameters = ["announcement_effect"]
[outcomes]
funding = "C1a.funding"
"""


def main():
    """Use it, and end with an error where something is missing."""
    place = Path(find_spec("aimarket").origin)
    assert place.is_relative_to(sysconfig.get_path("purelib")), f"{place} is no installation"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("study.toml").write_text(STUDY, encoding="utf-8")
        compare()
        report()
        serve()
    print(f"compared, swept, reported and served by {place.parent}")


def compare():
    claims = json.loads(aimarket("compare", "deal_35bn", "--replicates", "4", "--quarters", "14", "--json"))["claims"]
    assert any(claim["claim"] == "C1a" for claim in claims), claims


def report():
    aimarket("sweep", "study.toml", "--out", "results")
    aimarket("report", "results", "--no-board", "--no-tips")
    assert "<h1>What decides it?</h1>" in Path("results/report.html").read_text(encoding="utf-8")


def serve():
    command = [COMMAND, "serve", "--port", "0", "--sweep", "results"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().removeprefix("aimarket: ").partition(" ")[0].rstrip("/\n")
        for path in ("readyz", "", "browser/app.css", "browser/charts.js"):
            with urllib.request.urlopen(f"{address}/{path}", timeout=PATIENCE) as answer:
                assert answer.status == 200, path
                assert answer.read() or path == "readyz", f"{path} is empty"
    finally:
        server.terminate()
        server.wait(PATIENCE)
    assert server.returncode == 0


def aimarket(*words):
    """Return what the command prints, or end with what it says is wrong."""
    done = subprocess.run([COMMAND, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, f"aimarket {' '.join(words)}\n{done.stderr}"
    return done.stdout


if __name__ == "__main__":
    main()
