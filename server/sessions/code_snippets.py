"""The code that makes what a page shows: in Python, and for the shell."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from ...experiments.comparison.control import twin_of
from ...model.scenarios.scenario_writer import scenario_toml
from ..url.custom_deal import AMOUNT, case_of, settings_of

if TYPE_CHECKING:
    from ..url.view_state import View

OWN = "own_deal"
"""What a scenario with a deal of one's own, or of one's own altogether, is called."""

FIGURES = ("ai_revenue", "lab_compute", "funding", "chip_lead_time", "power_price")
"""The headline figures that are indicators."""


def shell_code(view: View) -> str:
    """Return the command that prints what a view shows, and before it the file that the command needs."""
    file = _own_file(view)
    words = ["aimarket", "run", f"{OWN}.toml" if file else view.scenario, "--seed", str(view.seed)]
    words += ["--replicate", str(view.replicate), "--quarters", str(max(view.quarter, 1))]
    for name, value in sorted(settings_of(view).items()):
        words += ["--set", f"{name}={value!r}"]
    written = f"cat > {OWN}.toml <<'END'\n{file}END\n" if file else ""
    return f"{written}{shlex.join(words)}\n"


def python_code(view: View) -> str:
    """Return the program that prints what a view shows, and the same of its twin."""
    file, twin = _own_file(view), twin_of(case_of(view))
    lines = ["import aimarket", ""]
    if file:
        lines[1:] = ["from aimarket.model.scenarios.scenario import parse_scenario", "", f'OWN = r"""\n{file}"""', ""]
    own = f'parse_scenario(OWN, "{OWN}", "{OWN}.toml")' if file else json.dumps(view.scenario)
    cases = ", ".join([own, *([json.dumps(twin.name)] if twin else [])])
    settings = ", ".join(f'"{name}": {value!r}' for name, value in sorted(settings_of(view).items()))
    given = f", parameters={{{settings}}}" if settings else ""
    lines += [
        f"for scenario in [{cases}]:",
        f"    model = aimarket.MarketModel(scenario, rng={view.seed}, replicate={view.replicate}{given})",
        f"    for _ in range({max(view.quarter, 1)}):",
        "        model.step()",
        '    indicators = model.history.to_frame("indicators")',
        f"    print(indicators[{json.dumps(FIGURES)}].tail(1).to_string(index=False))",
    ]
    return "\n".join(lines) + "\n"


def _own_file(view: View) -> str:
    """Return the file of a view whose scenario, deal or amount is the visitor's own; empty where none is."""
    return scenario_toml(case_of(view)) if view.deal or view.file or AMOUNT in view.settings else ""
