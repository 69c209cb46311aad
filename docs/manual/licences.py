"""List the licences of all libraries that a run needs, as their packages say: ``python docs/manual/licences.py``.

Exit code 1 names what nobody has judged yet: a licence that is none of those below, or none at all.
"""

import importlib.metadata
import re
import sys
from collections import Counter

from packaging.requirements import Requirement

EXTRAS = ("", "all")
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software|HPND|Unlicense|0BSD|Zlib|CC0|Public Domain)\b", re.I
)
WEAK = re.compile(r"\b(MPL|Mozilla|LGPL|Lesser)\b", re.I)
"""Copyleft of the library's own files alone: using it as it is asks for nothing."""

JUDGED_ALONE = {
    "platypus-opt": "copyleft; ema_workbench asks for it, in the extra analysis alone, and nothing here imports it",
}
"""Libraries under other licences, and why they may stay: nothing of them is shipped with this package."""

JUDGED = {"permissive": PERMISSIVE, "weak copyleft": WEAK}


def needed(name="aimarket", extras=EXTRAS, found=None):
    """Return the names of all libraries that a run needs, those that they need among them."""
    found = {} if found is None else found
    for text in importlib.metadata.requires(name) or ():
        wanted = Requirement(text)
        applies = wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)
        key = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if applies and found.get(key, frozenset()) < (asked := found.get(key, frozenset()) | {"", *wanted.extras}):
            found[key] = asked
            if installed(key):
                needed(key, tuple(asked), found)
    return found


def installed(name):
    """Return a library's metadata, and nothing if it is not installed here."""
    try:
        return importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def licence_of(about):
    """Return what a package says of its licence, in a line."""
    classified = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier", ()) if line.startswith("License ::")
    ]
    said = about.get("License-Expression") or ", ".join(classified) or (about.get("License") or "").strip()
    return said.partition("\n")[0][:60] or "says nothing"


def judgement(licence):
    """Return what kind of licence it is; nothing if nobody has judged it."""
    return next((kind for kind, known in JUDGED.items() if known.search(licence)), "")


def main():
    """Print name, version, licence and kind of every library; name those that nobody has judged."""
    open_ones, kinds = [], Counter()
    for name in sorted(set(needed()) - {"aimarket"}):
        about = installed(name)
        if about is None:
            print(f"{name}: not installed here")
            continue
        licence = licence_of(about)
        kind = JUDGED_ALONE.get(name) or judgement(licence)
        open_ones += [] if kind else [name]
        kinds[kind.partition(";")[0] or "not judged"] += 1
        print(f"{name} {about['Version']}: {licence} ({kind or 'not judged'})")
    print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    if open_ones:
        sys.exit(f"not judged: {', '.join(open_ones)}")


if __name__ == "__main__":
    main()
