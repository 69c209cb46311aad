"""The compiler on the path: which it is, and what it makes of a kernel's text."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np

NAMES = ("cc", "gcc", "clang")

FLAGS = (
    "-O1",
    "-march=native",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fPIC",
    "-shared",
    "-w",
)
"""No contraction and nothing that changes the order of sums: the bits are those of the text."""

LONGEST = 300
"""Seconds that a compiler may take."""


class CompilerError(OSError):
    """There is no compiler, or it made nothing of a kernel; the message says why."""


def compiler() -> str | None:
    """Return the path of a C compiler, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def compiling(to: Path) -> subprocess.Popen[bytes]:
    """Start a compiler that makes a file of the text that it will be handed.

    Raises:
        CompilerError: there is no compiler.
    """
    path = compiler()
    if path is None:
        raise CompilerError(f"no C compiler on the path ({', '.join(NAMES)})")
    command = [path, *FLAGS, "-x", "c", "-", "-o", str(to), "-lm"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(work: subprocess.Popen[bytes], text: str) -> None:
    """Hand a compiler the text and wait until it is done.

    Raises:
        CompilerError: it fails, or takes too long.
    """
    try:
        _, said = work.communicate(text.encode(), timeout=LONGEST)
    except subprocess.TimeoutExpired:
        work.kill()
        work.communicate()
        raise CompilerError(f"the compiler took more than {LONGEST} seconds") from None
    if work.returncode:
        raise CompilerError(f"the compiler fails: {said.decode(errors='replace').strip().splitlines()[-1:]}")


@cache
def machine() -> str:
    """Return what a compiled kernel and its bits hang on: compiler, its flags, NumPy and the processor."""
    path = compiler()
    said = b""
    if path is not None:
        said = subprocess.run([path, "--version"], capture_output=True, check=False).stdout
    parts = (str(path), said.decode(errors="replace"), *FLAGS, np.__version__, platform.platform(), _processor())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _processor() -> str:
    """Return what is known of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    told = {line.partition(":")[0].strip(): line for line in lines}
    return "\n".join(told.get(name, "") for name in ("model name", "flags", "Features"))
