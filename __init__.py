"""aimarket: an agent-based model of the AI infrastructure industry.

Labs, asset managers, chip vendors, energy suppliers and the builders beside them are Mesa agents who meet in markets;
one large financing shifts the competition, and the model shows how, beside its twin without the financing.

    >>> import aimarket
    >>> model = aimarket.MarketModel("deal_35bn", rng=7)
    >>> model.step()
    >>> model.date
    '2026Q2'
    >>> aimarket.__version__
    '0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_WHERE = {
    "AILab": "agents.ai_lab",
    "AssetManager": "agents.asset_manager",
    "ChipVendor": "agents.chip_vendor",
    "Cloud": "agents.cloud",
    "EnergySupplier": "agents.energy_supplier",
    "EquipmentSupplier": "agents.equipment_supplier",
    "CautiousLab": "agents.alternatives.cautious_lab",
    "MomentumManager": "agents.alternatives.momentum_manager",
    "Column": "agents.state.column",
    "Signals": "agents.state.signals",
    "decision": "agents.state.population",
    "parameter": "agents.state.quantity",
    "Vehicle": "agents.vehicle",
    "MarketModel": "model.market_model",
    "Deal": "model.deals.deal",
    "Tranche": "model.deals.deal",
    "Condition": "model.deals.deal",
    "Scenario": "model.scenarios.scenario",
    "ScenarioError": "model.deals.deal",
    "load_scenario": "model.scenarios.scenario",
    "scenarios": "model.scenarios.scenario",
    "parameters": "model.parameters",
    "load_start": "model.initial_state",
    "quarter_date": "model.dates",
    "quarter_number": "model.dates",
    "run_ensemble": "experiments.runs.ensemble",
    "Ensemble": "experiments.runs.ensemble",
    "compare": "experiments.comparison.comparison",
    "posterior": "experiments.runs.posterior",
    "backtest": "experiments.backtest.scores",
    "score_forecast": "experiments.backtest.given",
    "published_forecasts": "experiments.backtest.external",
    "observations": "experiments.calibration.own_observations",
    "Comparison": "experiments.comparison.comparison",
    "FundingWarning": "model.scenarios.scenario_warnings",
    "LateWarning": "model.scenarios.scenario_warnings",
    "ScenarioWarning": "model.scenarios.scenario_warnings",
    "load_study": "experiments.sweeps.study_file",
    "run_sweep": "experiments.sweeps.sweep",
    "open_sweep": "experiments.sweeps.results",
    "Study": "experiments.sweeps.study",
    "Sweep": "experiments.sweeps.results",
    "tipping": "experiments.analysis.tipping",
    "Tipping": "experiments.analysis.tipping",
    "convergence": "experiments.analysis.convergence",
    "stylised_facts": "experiments.facts.board",
    "StylisedFacts": "experiments.facts.board",
    "replicate": "experiments.replications.board",
    "Replication": "experiments.replications.board",
    "sobol_indices": "experiments.analysis.sensitivity",
    "morris_effects": "experiments.analysis.sensitivity",
    "find_box": "experiments.analysis.discovery",
    "write_report": "experiments.report.page",
}

__all__ = [
    "AILab",
    "AssetManager",
    "CautiousLab",
    "ChipVendor",
    "Cloud",
    "Column",
    "Comparison",
    "Condition",
    "Deal",
    "EnergySupplier",
    "Ensemble",
    "EquipmentSupplier",
    "FundingWarning",
    "LateWarning",
    "MarketModel",
    "MomentumManager",
    "Replication",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "Signals",
    "Study",
    "StylisedFacts",
    "Sweep",
    "Tipping",
    "Tranche",
    "Vehicle",
    "__version__",
    "backtest",
    "compare",
    "convergence",
    "decision",
    "find_box",
    "load_scenario",
    "load_start",
    "load_study",
    "morris_effects",
    "observations",
    "open_sweep",
    "parameter",
    "parameters",
    "posterior",
    "published_forecasts",
    "quarter_date",
    "quarter_number",
    "replicate",
    "run_ensemble",
    "run_sweep",
    "scenarios",
    "score_forecast",
    "sobol_indices",
    "stylised_facts",
    "tipping",
    "write_report",
]

if TYPE_CHECKING:
    from .agents.ai_lab import AILab
    from .agents.alternatives.cautious_lab import CautiousLab
    from .agents.alternatives.momentum_manager import MomentumManager
    from .agents.asset_manager import AssetManager
    from .agents.chip_vendor import ChipVendor
    from .agents.cloud import Cloud
    from .agents.energy_supplier import EnergySupplier
    from .agents.equipment_supplier import EquipmentSupplier
    from .agents.state.column import Column
    from .agents.state.population import decision
    from .agents.state.quantity import parameter
    from .agents.state.signals import Signals
    from .agents.vehicle import Vehicle
    from .experiments.analysis.convergence import convergence
    from .experiments.analysis.discovery import find_box
    from .experiments.analysis.sensitivity import morris_effects, sobol_indices
    from .experiments.analysis.tipping import Tipping, tipping
    from .experiments.backtest.external import published_forecasts
    from .experiments.backtest.given import score_forecast
    from .experiments.backtest.scores import backtest
    from .experiments.calibration.own_observations import observations
    from .experiments.comparison.comparison import Comparison, compare
    from .experiments.facts.board import StylisedFacts, stylised_facts
    from .experiments.replications.board import Replication, replicate
    from .experiments.report.page import write_report
    from .experiments.runs.ensemble import Ensemble, run_ensemble
    from .experiments.runs.posterior import posterior
    from .experiments.sweeps.results import Sweep, open_sweep
    from .experiments.sweeps.study import Study
    from .experiments.sweeps.study_file import load_study
    from .experiments.sweeps.sweep import run_sweep
    from .model.dates import quarter_date, quarter_number
    from .model.deals.deal import Condition, Deal, ScenarioError, Tranche
    from .model.initial_state import load_start
    from .model.market_model import MarketModel
    from .model.parameters import parameters
    from .model.scenarios.scenario import Scenario, load_scenario, scenarios
    from .model.scenarios.scenario_warnings import FundingWarning, LateWarning, ScenarioWarning


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
