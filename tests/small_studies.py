"""Studies of the documents in a size that a test can run."""

import re

STUDY = """
question = "What moves revenue?"
scenarios = ["deal_35bn"]
quarters = 6
[design]
method = "latin_hypercube"
size = 12
parameters = ["announcement_effect", "spillover"]
[design.ranges]
spillover = [0.1, 0.2]
[outcomes]
revenue = { quantity = "ai_revenue", at = "2027Q2", versus = "twin" }
"""
"""A study that a page runs as well as the command line, twelve points in a second."""

LISTED = re.compile(r"^(recipient|instrument) = (\[.*\])", re.MULTILINE)


def small_study(text):
    """Return a study with two points, and two recipients and instruments where it compares more."""
    few = LISTED.sub(lambda found: f"{found[1]} = [{', '.join(found[2][1:-1].split(', ')[:2])}]", text)
    return re.sub(r"^size = \d+", "size = 2", few, flags=re.MULTILINE)
