"""CITATION.cff cites the package that pyproject.toml describes."""

import tomllib

import pytest
import yaml

from ..architecture.source import ROOT

CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", PROJECT["name"]),
        ("abstract", PROJECT["description"]),
        ("version", PROJECT["version"]),
        ("license", PROJECT["license"]),
        ("keywords", PROJECT["keywords"]),
        ("authors", PROJECT["authors"]),
    ],
)
def test_it_cites_what_is_built(key, value):
    assert CITED[key] == value


def test_it_has_what_the_format_asks_for():
    assert CITED["cff-version"] == "1.2.0"
    assert CITED["type"] == "software"
    assert CITED["message"]
