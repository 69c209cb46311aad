"""The code that documents and --help show runs as it stands there, with fewer replicates."""

import re
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aimarket.experiments.sweeps.study_file import parse_study
from aimarket.model.market_model import MarketModel
from aimarket.model.scenarios.scenario import parse_scenario
from aimarket.server.cli.commands import report, tipping
from aimarket.server.cli.main import app

from ..small_studies import small_study

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *(p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob("docs/**/*.md"))),
)
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`((?:aimarket|make|python -m aimarket\S*) [^`]+)`")
SHELL = ("", "console", "sh", "bash")
COMMANDS = (
    "run",
    "compare",
    "tipping",
    "sweep",
    "report",
    "backtest",
    "replicate",
    "scenarios",
    "parameters",
    "validate",
    "serve",
    "balance-sheet",
    "trail",
    "replay",
)

NO_CODE = {
    "text": "formulas, and what stands in which file",
    "js": "runs in a page, where tests/browser runs it",
    "html": "runs in a page, where tests/browser runs it",
    "nginx": "is nginx's own, which tests/browser/test_proxy.py starts",
}
EXEMPT = {
    "aimarket sweep study.toml --out results --dask tcp://10.0.0.1:8786": "needs a cluster at that address",
    "aimarket sweep benchmarks/large.toml --out large": "measures a large study",
    "TITLE = ": "is a part of a page, which is nothing by itself",
}
"""What begins like this is not run, and why."""

SMALL = {
    "run": ("--replicates", "2", "--quarters", "4"),
    "compare": ("--replicates", "1", "--quarters", "2"),
    "tipping": ("--replicates", "2"),
    "backtest": ("--replicates", "2"),
    "sweep": ("--workers", "0"),
    "replay": ("--until", "2026Q3"),
}
SCENARIO = 'title = "Tight grid"\n[[changes]]\nparameter = "grid_available"\nfrom = "2027Q1"\nmultiply = 0.5\n'
OBSERVED = "series,quarter,value\nnvidia_data_center,2026Q1,60\n"


def blocks(*languages):
    """Return the blocks of some languages, with the document and their number."""
    found = []
    for place in DOCUMENTS:
        for number, (indent, named, body) in enumerate(BLOCK.findall((ROOT / place).read_text(encoding="utf-8"))):
            if named in languages:
                text = "\n".join(line.removeprefix(indent) for line in body.splitlines())
                found.append(pytest.param(text, id=f"{place}-{number}"))
    return found


def exempt(text):
    return any(text.startswith(beginning) for beginning in EXEMPT)


def of_blocks():
    """Yield the lines of shells' blocks that are typed."""
    for language in SHELL:
        for block in blocks(language):
            for line in block.values[0].splitlines():
                if language != "console" or line.startswith("$ "):
                    yield (
                        line.removeprefix("$ ")
                        .removeprefix(".venv/bin/")
                        .partition("  #")[0]
                        .partition("   #")[0]
                        .strip()
                    )


def of_sentences():
    """Yield the commands within sentences; a word in capitals stands for something, and a command alone is its name."""
    for place in DOCUMENTS:
        text = BLOCK.sub("", (ROOT / place).read_text(encoding="utf-8"))
        for found in INLINE.findall(text):
            line = " ".join(found.split())
            if not re.search(r"\b[A-Z]{2,}\b", line.replace("C1a", "")) and (len(line.split()) > 2 or "make" in line):
                yield line


def of_help():
    """Yield the examples of every --help."""
    for command in ((), *((name,) for name in COMMANDS)):
        shown = CliRunner().invoke(app, [*command, "--help"], prog_name="aimarket").stdout
        yield from (line.strip() for line in shown.partition("Example:\n")[2].splitlines() if line.strip())


TYPED = sorted({line for source in (of_blocks, of_sentences, of_help) for line in source() if line})
LONGEST = [line for line in TYPED if not any(other.startswith(f"{line} ") for other in TYPED)]
"""A command that another only adds options to is tried with these."""

AIMARKET = [line for line in LONGEST if line.startswith("aimarket ") and not exempt(line)]
OTHERS = [line for line in TYPED if not line.startswith("aimarket ")]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return a folder with what the commands of documents name: studies, a sweep, files of one's own, a run.

    Our studies are one small study there; tests/report runs them as they are, on few points.
    """
    place = tmp_path_factory.mktemp("documents")
    (study,) = [block.values[0] for block in blocks("toml") if block.values[0].startswith("question")]
    _write(place / "study.toml", small_study(study))
    for path in (ROOT / "docs" / "studies").glob("*/study.toml"):
        _write(place / path.relative_to(ROOT), small_study(study))
    for name in ("my.toml", "my_scenario.toml", "mine.toml", "scenarios/one.toml", "scenarios/two.toml"):
        _write(place / name, SCENARIO)
    _write(place / "mine.csv", OBSERVED)
    shutil.copytree(ROOT / "docs" / "forecasts", place / "docs" / "forecasts")
    (place / "docs" / "figures").mkdir()
    run(f"sweep {place}/study.toml --out {place}/results --workers 0")
    run(f"run baseline --replicates 2 --quarters 2 --save {place}/half.run")
    return place


@pytest.fixture
def beside(prepared, tmp_path, monkeypatch):
    """Work in a copy of the folder; reports hold no runs of their own, searches end soon, and nothing is served."""
    whole, find = report.write, tipping.find
    small = {"board": False, "tips": False}
    monkeypatch.setattr(report, "write", lambda folder, out, **options: whole(folder, out, **{**options, **small}))
    monkeypatch.setattr(tipping, "find", lambda *asked, **options: find(*asked, **options, tolerance=0.5))
    monkeypatch.setattr("aimarket.server.web.asgi.serve", lambda *words, **options: None)
    shutil.copytree(prepared, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"


def run(line):
    done = CliRunner().invoke(app, shlex.split(line), prog_name="aimarket")
    assert done.exit_code == 0, done.stderr
    return done


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _shortened(line, place):
    """Return the words of a command, with fewer replicates, its pattern of files told and its output left alone."""
    words = shlex.split(line.partition(" > ")[0])[1:]
    words = [str(file) for word in words for file in (sorted(place.glob(word)) if "*" in word else [word])]
    if {"--resume", "--replicate", "--score"} & set(words) and words[0] != "sweep":
        return words
    return [*words, *SMALL.get(words[0], ())]


@pytest.mark.parametrize("line", AIMARKET)
def test_commands_in_documents_and_help_run(line, beside):
    words = _shortened(line, beside)
    if words[0] == "report" and not Path(words[1]).exists():
        shutil.copytree("results", words[1])
    if words[0] == "sweep" and "--resume" not in words:
        shutil.rmtree("results")
    done = CliRunner().invoke(app, words, prog_name="aimarket")
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("line", OTHERS)
def test_other_commands_name_what_is_there(line):
    words = shlex.split(line)
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert words[1] in targets
    elif words[:2] == ["python", "-m"]:  # takes minutes, as the documents say
        assert find_spec(words[2]) is not None
        assert all((ROOT / name).exists() for name in words[3:])
    elif words[0] == "docker":
        assert {"build": words[-1] == ".", "run": "aimarket" in words}[words[1]]
    else:
        assert words[0] in ("pytest", "nox"), f"{line}: nobody knows how to run this"
        words = words if words[0] == "pytest" else _of_pytest(words)
        assert (ROOT / words[1]).exists()


def _of_pytest(words):
    """Return what nox runs with pytest; its session has to be there."""
    session = re.match(r"\w+", words[words.index("--session") + 1])[0]
    assert f"def {session}(session" in (ROOT / "noxfile.py").read_text(encoding="utf-8")
    return ["pytest", *words[words.index("--") + 1 :]]


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("code", [block for block in blocks("python") if not exempt(block.values[0].strip())])
def test_python_in_documents_runs(code, capsys):
    shutil.rmtree("results")
    exec(compile(code, "document", "exec"), {"__name__": "document"})
    assert "Error" not in capsys.readouterr().err


@pytest.mark.parametrize("text", blocks("toml"))
def test_files_in_documents_are_sound(text):
    if text.startswith("question"):
        assert parse_study(text).runs > 0
    else:
        MarketModel(parse_scenario(text, "document", "document.toml"), record=()).close()


def test_every_block_is_of_a_language_that_is_run_or_says_why_not():
    found = {named for place in DOCUMENTS for _, named, _ in BLOCK.findall((ROOT / place).read_text(encoding="utf-8"))}
    assert found <= {*SHELL, "python", "toml", *NO_CODE}


def test_what_is_exempt_is_still_shown():
    shown = [*TYPED, *(block.values[0].strip() for block in blocks("python"))]
    assert [beginning for beginning in EXEMPT if not any(text.startswith(beginning) for text in shown)] == []


def test_readme_and_help_show_commands_and_code_of_all_uses():
    assert {line.split()[1] for line in AIMARKET} == set(COMMANDS)
    assert len(blocks("python")) >= 5
