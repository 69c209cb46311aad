"""Check files of the user's own from the command line: scenarios and studies, as strictly as a run does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer

from ...errors import BAD_INPUT, BadInputError, complain, message_of
from ...streams import say
from .. import console
from ..options import RUN

SCENARIO, STUDY = "a scenario", "a study"
MOST_FILES = 10_000
"""A folder with more files than this is the wrong folder."""


class Checked(NamedTuple):
    """What came of a file: what it was taken for, empty where that cannot be said, and what is wrong with it."""

    file: str
    kind: str
    error: str | None
    note: str = ""


def validate(files: Sequence[str], *, json: bool) -> None:
    """Check files and all in folders, say what each was taken for, and leave with an error if one is bad."""
    items = [checked(file) for file in _found(files)]
    sound = all(item.error is None for item in items)
    if json:
        answers = [
            {
                "file": item.file,
                "kind": item.kind.removeprefix("a ") or None,
                "ok": item.error is None,
                "error": item.error,
            }
            for item in items
        ]
        console.print_json({"ok": sound, "files": answers})
    for item in items:
        if item.error is not None:
            complain(item.error)
        elif not json:
            say(f"{item.file}: ok, {item.kind}{item.note}")
    if not sound:
        raise typer.Exit(BAD_INPUT)


def _found(files: Sequence[str]) -> Iterator[str]:
    """Yield files, each once, and in the place of a folder all that it and its folders hold."""
    seen = set[str]()
    for file in files:
        for name in _inside(Path(file)) if _is_folder(file) else [file]:
            if name not in seen:
                seen.add(name)
                yield name


def _is_folder(file: str) -> bool:
    """Return whether a file is a folder; of a name that none can have, whoever reads it tells what is wrong."""
    try:
        return Path(file).is_dir() and not file.endswith(".toml")
    except OSError:
        return False


def _inside(folder: Path) -> list[str]:
    """Return the TOML files in a folder and in folders of it, hidden ones apart."""
    found = [
        str(path)
        for path in sorted(folder.rglob("*.toml"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise BadInputError(f"{folder} holds no file that ends in .toml")
    if len(found) > MOST_FILES:
        raise BadInputError(f"{folder} holds {len(found):,} files that end in .toml; at most {MOST_FILES:,}")
    return found


def checked(file: str) -> Checked:
    """Check a file as what it is."""
    kind = ""
    try:
        kind = _kind_of(file)
        note = _check_study(file) if kind == STUDY else _check_scenario(file)
    except (BadInputError, KeyError, TypeError, ValueError) as error:
        message = " ".join(message_of(error).split())
        named = message if file in message else f"{file}: {message}"
        return Checked(file, kind, named + (f" (taken for {kind})" if kind == STUDY else ""))
    return Checked(file, kind, None, note)


def _kind_of(file: str) -> str:
    """Return whether a file is a scenario or a study, by the keys that only one of them has."""
    from ....experiments.sweeps.study_file import STUDY_KEYS
    from ....model.deals.deal import ScenarioError
    from ....model.inputs.paths import located
    from ....model.scenarios.scenario import SCENARIO_KEYS
    from ....model.scenarios.toml_reader import read_text, read_toml

    if not file.endswith(".toml"):
        raise BadInputError(f"{file}: a scenario or a study file ends in .toml")
    content = read_toml(read_text(located(file), "file", ScenarioError), file, "file", ScenarioError)
    scenario, study = ({key.name for key in keys} for keys in (SCENARIO_KEYS, STUDY_KEYS))
    return STUDY if len(content.keys() & (study - scenario)) > len(content.keys() & (scenario - study)) else SCENARIO


def _check_scenario(file: str) -> str:
    """Check a scenario: what it says, and that a model can be made of it; return what is to be noted of it."""
    from ....model.market_model import MarketModel
    from ....model.scenarios.funding_checks import warn_of_late
    from ....model.scenarios.scenario import USUAL_START, load_scenario

    case = load_scenario(Path(file))
    model = MarketModel(case, record=())
    warn_of_late(case, model.first, RUN["quarters"])
    says = case.parameters or case.changes or case.deals or case.entries or case.firms or case.start != USUAL_START
    return "" if says else " that changes nothing"


def _check_study(file: str) -> str:
    """Check a study with the scenarios and the table that it names; return what is to be noted of it.

    Reading it makes its points, and a model of each scenario.
    """
    from ....experiments.sweeps.study_file import load_study

    found = load_study(Path(file))
    return f" of {found.runs:,} runs"


def keys() -> str:
    """Return every key of both kinds of file, as Markdown."""
    from ....experiments.publishing.key_reference import scenario_keys, study_keys

    parts: dict[str, Any] = {"Keys of a scenario file": scenario_keys(), "Keys of a study file": study_keys()}
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in parts.items())
