"""The package holds every folder with source: one that is not listed would be missing from an installation alone."""

import tomllib

from .source import PACKAGE, ROOT, files


def test_every_folder_with_source_is_listed_as_a_package():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    folders = {path.relative_to(ROOT).parent.as_posix().replace("/", ".") for path in files("*.py", *PACKAGE)}
    assert set(listed) == {"aimarket", *(f"aimarket.{folder}" for folder in folders)}
