"""A command on a terminal, as a person sees it."""

import contextlib
import os
import subprocess
import sys

COMMAND = (sys.executable, "-m", "aimarket.server.cli.main")


def on_a_terminal(*words, command=COMMAND, **options):
    """Return the exit code of a command and all that it writes to a pseudo-terminal, standard error included."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    process = subprocess.Popen(
        [*command, *map(str, words)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, **options
    )
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # a terminal that everybody has left answers with an error
        while piece := os.read(ours, 65536):
            seen += piece
    os.close(ours)
    return process.wait(), seen.decode()
