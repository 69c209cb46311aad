"""The project reads the same wherever it is: no file names a place on somebody's machine."""

import re

import pytest

from .source import ROOT, tracked

# Written so that this file does not find itself.
PLACE = re.compile(r"(?<![\w.~])/(?:w[o]rk|r[o]ot|h[o]me|U[s]ers)/|(?<!\w)\.l[i]brary\b|\bf[a]rm-")
TEXT = {".py", ".toml", ".md", ".csv", ".yaml", ".yml", ".cfg", ".txt", ".json", ".vue", ".js", ".css", ".html", ""}


def test_no_file_names_a_place_on_one_machine():
    texts = [path for path in tracked() if path.suffix in TEXT and path.is_file() and not path.is_symlink()]
    assert texts
    found = {path.relative_to(ROOT).as_posix(): PLACE.findall(path.read_text("utf-8", "replace")) for path in texts}
    assert {place: words for place, words in found.items() if words} == {}


@pytest.mark.parametrize("parts", [(" /w", "ork/x"), ("'/ro", "ot/.cache'"), ("see .lib", "rary/env"), ("fa", "rm-12")])
def test_the_rule_sees(parts):
    assert PLACE.search("".join(parts))


@pytest.mark.parametrize("text", ["network/orders", "docs/work/plan.md", "wind farms", "the library", "$HOME/x"])
def test_ordinary_words_are_allowed(text):
    assert not PLACE.search(text)
