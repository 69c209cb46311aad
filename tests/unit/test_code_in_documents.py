"""The code that documents show runs as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aimarket.server.cli import app

ROOT = Path(__file__).parents[2]
PLACES = ("README.md", "CONTRIBUTING.md", "docs/experiments.md", "docs/frames.md")
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)


def blocks(language):
    """Return the blocks of a language, with the document and their number."""
    found = []
    for place in PLACES:
        text = (ROOT / place).read_text(encoding="utf-8")
        for number, (indent, named, body) in enumerate(BLOCK.findall(text)):
            if named == language:
                lines = [line.removeprefix(indent) for line in body.splitlines()]
                found.append(pytest.param("\n".join(lines), id=f"{place}-{number}"))
    return found


def commands():
    """Return the lines of README that call the command line."""
    lines = [line.partition("#")[0].strip() for block in blocks("") for line in block.values[0].splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("aimarket ")]


@pytest.fixture
def beside_the_study(tmp_path, monkeypatch):
    """A folder with the study that a document shows, a small one."""
    (study,) = blocks("toml")
    (tmp_path / "study.toml").write_text(study.values[0].replace("size = 2048", "size = 2"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("beside_the_study")
@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_documents_runs(code, capsys):
    exec(compile(code, "document", "exec"), {"__name__": "document"})
    assert "Error" not in capsys.readouterr().err


@pytest.mark.parametrize("words", [words for words in commands() if words[0] != "validate"], ids=" ".join)
def test_commands_in_documents_run(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = ("--replicates", "2", "--quarters", "3") if words[0] in {"run", "compare"} else ()
    kept = [word for word in words if not word.isdigit() and word != "--replicates"]
    done = CliRunner().invoke(app, [*kept, *small], prog_name="aimarket")
    assert done.exit_code == 0, done.stderr


def test_readme_shows_commands_and_code_of_all_uses():
    assert len(commands()) >= 6
    assert len(blocks("python")) >= 3
