"""The reference of all keys of scenario and study files, written from what reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...model.inputs.value_forms import Key
from ...model.scenarios.deal_reader import CONDITION_KEYS, COVENANT_KEYS, DEAL_KEYS, GUARANTEE_KEYS, TRANCHE_KEYS
from ...model.scenarios.firm_overrides import OVERRIDE_KEYS
from ...model.scenarios.scenario import CHANGE_KEYS, ENTRY_KEYS, SCENARIO_KEYS
from ..sweeps.outcomes import OUTCOME_KEYS
from ..sweeps.study_file import DESIGN_KEYS, STUDY_KEYS
from ..sweeps.variants import TERM_KEYS
from .markdown_tables import markdown_table

SCENARIO: tuple[tuple[str, Sequence[Key]], ...] = (
    ("At the top", SCENARIO_KEYS),
    ("`[[changes]]`: a parameter that differs for a while", CHANGE_KEYS),
    ("`[[deals]]`: a financing", DEAL_KEYS),
    ("`when` of a deal", CONDITION_KEYS),
    ("`covenant` of a deal", COVENANT_KEYS),
    ("`[[deals.tranches]]`: the notes of a lease's vehicle", TRANCHE_KEYS),
    ("`guarantee` of a deal", GUARANTEE_KEYS),
    ("`[[entries]]`: a firm that enters", ENTRY_KEYS),
    ('`[firms."NAME"]`: a firm that differs from others of its kind', OVERRIDE_KEYS),
)
"""The tables of a scenario file with their keys."""

STUDY: tuple[tuple[str, Sequence[Key]], ...] = (
    ("At the top", STUDY_KEYS),
    ("`[design]`: which points are run", DESIGN_KEYS),
    ("`[deal]`: terms of the deal that are crossed", TERM_KEYS),
    ("`[outcomes]`: by name, what is kept of each run", OUTCOME_KEYS),
)
"""The tables of a study file with their keys."""


def scenario_keys() -> str:
    """Return every key of a scenario file, a Markdown table for each table of the file."""
    return _tables(SCENARIO)


def study_keys() -> str:
    """Return every key of a study file, a Markdown table for each table of the file."""
    return _tables(STUDY)


def _tables(named: Iterable[tuple[str, Sequence[Key]]]) -> str:
    """Return tables of keys with their titles."""
    return "\n\n".join(f"**{title}**\n\n{_table(keys)}" for title, keys in named)


def _table(keys: Sequence[Key]) -> str:
    """Return a Markdown table of keys."""
    rows = ((f"`{key.name}`", key.form.words, key.doc, _default(key)) for key in keys)
    return markdown_table(("key", "value", "meaning", "where it is left out"), rows)


def _default(key: Key) -> str:
    """Return what holds where a key is left out."""
    return "needed" if key.needed else key.usual or "nothing"
