"""Texts in links: packed, and unpacked to no more than was said."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode


def packed(text: str) -> str:
    """Return a text as a link holds it."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(text: str, longest: int, most: int, what: str) -> str:
    """Return the text that a link holds.

    Args:
        text: what the link holds.
        longest: how many characters of it are read.
        most: how many bytes are unpacked.
        what: what it is, for messages.

    Raises:
        ValueError: it holds none, or not a whole one.
    """
    if len(text) > longest:
        raise ValueError(f"it has {len(text):,} characters, and at most {longest:,} are read")
    unpack = zlib.decompressobj()
    try:
        whole = unpack.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), most).decode()
    except (ValueError, zlib.error):
        raise ValueError(f"it holds no {what}") from None
    if not unpack.eof:
        raise ValueError(f"it holds no whole {what}")
    return whole
