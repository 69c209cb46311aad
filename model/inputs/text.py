"""Text for whatever holds less than all letters: what cannot be written is written as something like it, never lost."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Any

SUBSTITUTES = {
    "\u2212": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2011": "-",
    "\u2500": "-",
    "\u00d7": "x",
    "\u00b7": "*",
    "\u00b1": "+/-",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u2192": "->",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u20ac": "EUR",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00f8": "o",
    "\u00b0": " deg",
}
"""What is written where a terminal has no such letter; of an accented letter it is the letter."""

LIKENESS = "aimarket.likeness"
"""The name under which `likeness` is known to streams."""

UNDECODED = range(0xDC80, 0xDD00)
"""What Python makes of the bytes of a file's name that are no letters of the terminal's."""


def likeness(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what is written in place of the first letter that an encoding lacks, and where to go on.

    An error handler as `codecs.register_error` takes it. Bytes of a file's name come out as the bytes that they were.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter = error.object[error.start]
    if ord(letter) in UNDECODED:
        return bytes([ord(letter) - 0xDC00]), error.start + 1
    return _like(letter), error.start + 1


def unicode_text(text: str) -> str:
    """Return a text that a file in UTF-8 can hold: the bytes of a file's name are read as UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-8", LIKENESS).decode("utf-8", "replace")


def ascii_text(text: str) -> str:
    """Return a text in letters of ASCII that look like its own."""
    return text.encode("ascii", LIKENESS).decode("ascii", "replace")


def legible(text: str) -> str:
    """Return a text in which the bytes of a file's name, quoted as `repr` quotes them, are bytes again."""
    return re.sub(r"\\u(dc[89a-f][0-9a-f])", lambda found: chr(int(found[1], 16)), text)


def write_likeness(*streams: Any) -> None:
    """Let streams write something like what their encoding lacks, instead of ending in an error."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=LIKENESS)


def _like(letter: str) -> str:
    """Return letters of ASCII that look like one that is not; a question mark where there are none."""
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return SUBSTITUTES.get(letter) or plain or "?"


codecs.register_error(LIKENESS, likeness)
