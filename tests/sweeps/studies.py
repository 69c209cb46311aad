"""Small studies for tests."""

from aimarket.experiments.sweeps.study_file import parse_study

SMALL = """
question = "What makes a surge?"
quarters = 14
seed = 7
chunk = 6
[design]
method = "latin_hypercube"
size = 10
parameters = ["announcement_effect", "deployment"]
[outcomes]
surge = "C1a.funding"
compute = { quantity = "ai_labs.powered_compute", firm = "recipient", at = "2027Q2", versus = "twin" }
"""


def small(**changes):
    """Return a small study, with some lines of its text replaced."""
    text = SMALL
    for old, new in changes.values():
        assert old in text, old
        text = text.replace(old, new)
    return parse_study(text, "small.toml")
