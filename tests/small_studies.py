"""Studies of the documents in a size that a test can run."""

import re

LISTED = re.compile(r"^(recipient|instrument) = (\[.*\])", re.MULTILINE)


def small_study(text):
    """Return a study with two points, and two recipients and instruments where it compares more."""
    few = LISTED.sub(lambda found: f"{found[1]} = [{', '.join(found[2][1:-1].split(', ')[:2])}]", text)
    return re.sub(r"^size = \d+", "size = 2", few, flags=re.MULTILINE)
