"""The code that makes the comparison that the page Compare shows: in Python, and for the shell."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from ...model.scenarios.scenario_writer import scenario_toml
from ..jobs.paired_runs import MOST, RECORD
from ..sessions.code_snippets import OWN as OWN_FILE
from ..url.compared_scenarios import names_of, view_of
from ..url.custom_deal import case_before_scale
from .compare import lab_of
from .compared_summary import MEASURES
from .twin import shown_at

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun
    from ..url.view_state import View


def shell_code(view: View, run: TwinRun) -> str:
    """Return the commands that hold each scenario against the first, after the file that they need."""
    first, *others = names_of(view)
    options = ["--replicates", str(MOST), "--quarters", str(shown_at(run, view.quarter)), "--seed", str(view.seed)]
    for name, value in sorted(view.settings.items()):
        options += ["--set", f"{name}={value!r}"]
    lines = [["aimarket", "compare", _said(view, name), "--against", _said(view, first), *options] for name in others]
    return _file(view, "cat > {name}.toml <<'END'\n{file}END\n") + "".join(f"{shlex.join(words)}\n" for words in lines)


def python_code(view: View, run: TwinRun) -> str:
    """Return the program that prints the page's table: means, and differences from the first with intervals."""
    names, settings = names_of(view), dict(sorted(view.settings.items()))
    given = f", parameters={settings!r}" if settings else ""
    asked = {item.name: item.factor for item in MEASURES}
    lines = [
        "import aimarket",
        "from aimarket.experiments.statistics import mean_interval",
        *(["from aimarket.model.scenarios.scenario import parse_scenario"] if _own(view) else []),
        "",
        *_file(view, 'OWN = r"""\n{file}"""\n').splitlines(),
        "SCENARIOS = {",
        *(f"    {json.dumps(_name(view, name))}: {_argument(view, name)}," for name in names),
        "}",
        f"QUANTITIES = {json.dumps(asked)}  # by name, and what each is multiplied by",
        f"RECORD = {json.dumps(RECORD)}",
        "",
        "runs = [",
        f"    aimarket.run_ensemble(one, {MOST}, {shown_at(run, view.quarter)}, {view.seed}{given}, record=RECORD)",
        "    for one in SCENARIOS.values()",
        "]",
        f"lab = aimarket.MarketModel(next(iter(SCENARIOS.values()))).labs.names.index({json.dumps(lab_of(view, run))})",
        "for name, factor in QUANTITIES.items():",
        '    labs = f"ai_labs.{name}" in RECORD',
        "    last = [",
        '        factor * (one.values(name, "ai_labs")[-1, lab] if labs else one.values(name)[-1]) for one in runs',
        "    ]",
        "    for scenario, values in zip(SCENARIOS, last):",
        "        mean, low, high = mean_interval(values - last[0])",
        '        print(f"{name}, {scenario}: {values.mean():.5g} ({mean:+.4g}, {low:+.4g} to {high:+.4g})")',
    ]
    return "\n".join(lines) + "\n"


def _own(view: View) -> str:
    """Return the file of the view's own scenario; empty where a name says it."""
    return scenario_toml(case_before_scale(view)) if view.deal or view.file else ""


def _file(view: View, form: str) -> str:
    """Return what writes the file of the view's own scenario down; empty where none is needed."""
    file = _own(view)
    return form.format(name=OWN_FILE, file=file) if file else ""


def _name(view: View, name: str) -> str:
    """Return what a compared scenario is called in a program."""
    one = view_of(view, name)
    return OWN_FILE if one is view and _own(view) else one.scenario


def _said(view: View, name: str) -> str:
    """Return how a command names a compared scenario."""
    called = _name(view, name)
    return f"{called}.toml" if called == OWN_FILE else called


def _argument(view: View, name: str) -> str:
    """Return how a program names a compared scenario."""
    called = _name(view, name)
    return f'parse_scenario(OWN, "{OWN_FILE}", "{OWN_FILE}.toml")' if called == OWN_FILE else json.dumps(called)
