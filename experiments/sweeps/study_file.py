"""Study files: a question in TOML, with what is varied and what is kept. Nothing in a file is run or imported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...model.dates import quarter_number
from ...model.inputs.paths import AnyPath, located
from ...model.inputs.text import unicode_text
from ...model.inputs.value_forms import TEXT, YES, Key, elsewhere, known, whole
from ...model.scenarios.scenario import Scenario, load_scenario
from ...model.scenarios.toml_reader import Place, read_text, read_toml
from ..comparison.control import BASELINE, control_of
from ..designs.design import METHODS
from ..designs.factors import UNCERTAIN, Factor, factors_of
from ..designs.salib_problems import read_problem
from ..runs.firm_classes import FirmClasses
from ..runs.posterior import POSTERIOR, posterior
from .outcomes import Outcome, made
from .study import COMMON_RANDOM_NUMBERS, WHOLES, Study, StudyError, check_sizes, study
from .variants import variants_of

STUDY_KEYS = (
    Key("question", TEXT, "what one wants to know; the report's title", needed=True),
    Key(
        "scenarios",
        elsewhere("name or list of names, or of files beside the study"),
        "what is run",
        usual='["deal_35bn"]',
    ),
    Key("against", elsewhere("name, or file beside the study"), "the twin of all of them", usual='"baseline"'),
    Key("quarters", whole(*WHOLES["quarters"]), "length of a run", usual=str(Study.quarters)),
    Key("replicates", whole(*WHOLES["replicates"]), "runs at each point", usual=str(Study.replicates)),
    Key("seed", whole(*WHOLES["seed"]), "seed of all random numbers", usual=str(Study.seed)),
    Key(
        "common_random_numbers",
        elsewhere(" or ".join(COMMON_RANDOM_NUMBERS)),
        "which points share them: those that an analysis compares, all, or none",
        usual=COMMON_RANDOM_NUMBERS[0],
    ),
    Key("chunk", whole(*WHOLES["chunk"]), "runs that are computed and written together", usual="by size, 25 to 500"),
    Key("parameters", elsewhere("table, written [parameters]"), "values that hold at every point"),
    Key("design", elsewhere("table, written [design]"), "which points are run", needed=True),
    Key("deal", elsewhere("table, written [deal]"), "terms of the scenarios' only deal that are crossed"),
    Key("outcomes", elsewhere("table, written [outcomes]"), "what is kept of each run", needed=True),
)
DESIGN_KEYS = (
    Key("method", elsewhere(" or ".join(METHODS)), "how points are chosen", needed=True),
    Key(
        "size",
        elsewhere("whole number"),
        "levels of a grid, points of a latin_hypercube, blocks of sobol, trajectories of morris",
        usual="needed but for a grid with levels, one_at_a_time and table",
    ),
    Key(
        "parameters",
        elsewhere(f'list of names, or "{UNCERTAIN}"'),
        "what is varied",
        usual=f'"{UNCERTAIN}"; the columns of a table',
    ),
    Key("without", elsewhere("list of names"), "which of them are not varied after all"),
    Key("ranges", elsewhere("table: by parameter, low and high"), "narrower ranges", usual="the declared ones"),
    Key(
        "problem",
        elsewhere("name of a file of SALib beside the study"),
        "names, ranges and groups in place of parameters, ranges and groups",
    ),
    Key(
        "groups",
        elsewhere("table: by name, a list of parameters"),
        "parameters that sobol or morris move together",
        usual="each stands alone",
    ),
    Key(
        "levels",
        elsewhere("table: by parameter, a number or a list of values; of morris, an even number"),
        "levels of a grid, or of Morris' grid",
        usual="size; 4 for morris",
    ),
    Key("second_order", YES, "whether sobol tells pairs of parameters, too", usual="false"),
    Key("steps", elsewhere("whole number"), "steps of one_at_a_time across each range", usual="2, the ends"),
    Key(
        "table",
        elsewhere(f'name of a table beside the study, or "{POSTERIOR}"'),
        f"points of one's own, a row a point; {POSTERIOR} for the sample that the data leave likely",
    ),
)
SIZES = ("quarters", "replicates", "seed", "common_random_numbers", "chunk")


def load_study(path: AnyPath | Study, firms: FirmClasses | None = None) -> Study:
    """Return the study that a TOML file describes.

    Args:
        path: the file; scenarios and tables that it names are looked for beside it.
        firms: by firm's name, the subclass that decides for it in every run, which no file can name.

    Raises:
        StudyError: the file cannot be read, or says something that cannot be run.

    Examples:
        >>> import aimarket
        >>> study = aimarket.load_study("study.toml")
        >>> study.question
        'What decides whether the deal sets off an investment surge?'
    """
    if isinstance(path, Study):
        found = path
    else:
        file = located(path)
        found = parse_study(read_text(file, "study", StudyError), unicode_text(os.fsdecode(path)), file.parent)
    return found if firms is None else replace(found, firms=firms)


def parse_study(text: str, source: str = "study", folder: AnyPath = ".") -> Study:
    """Return the study that a TOML text describes.

    Args:
        text: the TOML.
        source: what messages call it.
        folder: where the files that it names are.

    Raises:
        StudyError: the text is no TOML (with its line), or says something that cannot be run.
    """
    content = read_toml(text, source, "study", StudyError)
    location = Place(source, "a study", StudyError)
    location.keys(content, *known(STUDY_KEYS))
    try:
        return _made(content, location, folder)
    except (KeyError, TypeError, ValueError) as error:
        message = str(error if isinstance(error, UnicodeError) else error.args[0])
        raise StudyError(message if message.startswith(source) else f"{source}: {message}") from None


def _made(content: Mapping[str, Any], location: Place, folder: AnyPath) -> Study:
    """Return the study, part by part."""
    scenarios = [
        _scenario(name, folder, location) for name in _names(content.get("scenarios", ["deal_35bn"]), location)
    ]
    sizes = {name: content[name] for name in SIZES if name in content}
    check_sizes(sizes)
    method, factors, size, options = _design(content["design"], location.inside("design"), folder)
    first = quarter_number(scenarios[0].start) + 1
    return study(
        location.text(content, "question") or location.where,
        factors,
        _outcomes(content["outcomes"], first, content.get("quarters", Study.quarters), location),
        method=method,
        size=size,
        options=options,
        variants=variants_of(scenarios, content.get("deal", {}), location.inside("deal")),
        against=control_of(scenarios[0], _scenario(content.get("against", BASELINE), folder, location)),
        parameters=location.parameters(content.get("parameters", {})),
        source=location.where,
        **sizes,
    )


def _names(value: Any, location: Place) -> list[str]:
    """Return the names of the scenarios."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise location.fail('scenarios is a list of names or files, as in scenarios = ["deal_35bn"]')
    if len(set(names)) < len(names):
        raise location.fail("scenarios names one of them twice")
    return names


def _scenario(name: str, folder: AnyPath, location: Place) -> Scenario:
    """Return a scenario by name, or from a file beside the study."""
    if not isinstance(name, str):
        raise location.fail(f"against = {name!r} is no scenario: give a name or a file")
    return load_scenario(located(name, folder) if name.endswith(".toml") else name)


def _design(content: Any, location: Place, folder: AnyPath) -> tuple[str, tuple[Factor, ...], Any, dict[str, Any]]:
    """Return method, factors, size and options of the design."""
    if not isinstance(content, dict):
        raise location.fail("a table is missing, written [design]")
    taken = tuple(dict.fromkeys(option for options in METHODS.values() for option in options))
    location.keys(content, *known(DESIGN_KEYS))
    method = location.text(content, "method")
    options = {key: value for key, value in content.items() if key in taken}
    if "table" in options:
        name = location.text(options, "table")
        options["table"] = posterior() if name == POSTERIOR else located(name, folder)
    if method == "table" and not {"parameters", "problem"} & set(content):
        for key in ("ranges", "without"):
            if key in content:
                raise location.fail(
                    f"{key} is about parameters, and the table's columns are taken as they are: name them"
                )
        return method, (), content.get("size"), options
    varied, groups = _varied(content, location, folder)
    return method, varied, content.get("size"), options | ({"groups": groups} if groups else {})


def _varied(
    content: Mapping[str, Any], location: Place, folder: AnyPath
) -> tuple[tuple[Factor, ...], dict[str, list[str]] | None]:
    """Return what is varied, and in which groups where a problem of SALib says so."""
    if "problem" in content:
        for key in ("parameters", "ranges", "without", "groups"):
            if key in content:
                raise location.fail(f"problem names the parameters, their ranges and groups: leave {key} out")
        factors, groups = read_problem(located(location.text(content, "problem"), folder))
        return factors, groups if "groups" in METHODS.get(location.text(content, "method"), ()) else None
    without = content.get("without", [])
    if not isinstance(without, list):
        raise location.fail(f"without = {without!r} has to be a list of names")
    varied = factors_of(content.get("parameters", UNCERTAIN), content.get("ranges"))
    for name in without:
        if name not in [factor.name for factor in varied]:
            raise location.fail(f"without = {name!r} is not varied anyway")
    return tuple(factor for factor in varied if factor.name not in without), None


def _outcomes(content: Any, first: int, quarters: int, location: Place) -> list[Outcome]:
    """Return what is kept of each run; a text stands for a claim's statistic."""
    if not isinstance(content, dict):
        raise location.fail("outcomes is a table, written [outcomes]")
    found = []
    for name, value in content.items():
        if not name.isidentifier():
            raise location.fail(f"outcomes.{name}: name it with letters, digits and underscores")
        content = {"statistic": value} if isinstance(value, str) else value
        if not isinstance(content, dict):
            raise location.fail(f'outcomes.{name} is a statistic, as in {name} = "C1a.funding", or a table')
        try:
            found.append(made(name, content, first, quarters))
        except (KeyError, ValueError) as error:
            raise location.fail(f"outcomes.{name}: {error.args[0]}") from None
    return found
