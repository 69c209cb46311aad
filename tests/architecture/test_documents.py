"""A file that a document names is there, so that nobody is sent to where nothing is."""

import re

import pytest

from .source import ROOT

NAMED = re.compile(r"`((?:[\w-]+/)+[\w-]+\.(?:py|vue|js|css|toml))\b")
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
BESIDE = (ROOT, ROOT / "server")
"""Where a name begins: at the root, or in the folder of the pages, for the documents that speak of those."""


def missing(text):
    """Return the files that a text names and that are not there."""
    return [place for place in NAMED.findall(text) if not any((folder / place).exists() for folder in BESIDE)]


def test_every_file_that_a_document_names_is_there():
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}
    assert sum(len(NAMED.findall(text)) for text in texts.values()) > len(texts)
    assert {name: found for name, text in texts.items() if (found := missing(text))} == {}


ABSENT = "/".join(("model", "nowhere.py"))
"""A file of the model that is none, and that no guard may take for one that it names."""


@pytest.mark.parametrize("text", [f"`{ABSENT}`", "`tests/unit/nothing.py::test`"])
def test_a_file_that_is_not_there_is_seen(text):
    assert missing(text)


@pytest.mark.parametrize("text", ["`model/quarter.py`", "`pages/watch.py`", "`study.toml`", ABSENT])
def test_what_is_there_or_no_file_is_allowed(text):
    assert not missing(text)
