"""How should a deal be earmarked to help the recipient's sales most? Ask Optuna (pip install optuna).

Every trial runs on the same random numbers, so that trials differ by the earmark alone.
"""

from dataclasses import replace

import optuna

import aimarket

RECIPIENT = "Anthropic"
QUARTERS = 16
REPLICATES = 16
TRIALS = 30
SEED = 7


def earmarked(parts):
    """Return the deal of the news item with other parts for its uses; what is missing to one is free cash."""
    case = aimarket.load_scenario("deal_35bn")
    return replace(case, deals=tuple(replace(deal, earmark=parts) for deal in case.deals))


def sales(scenario, replicates, quarters):
    """Return what the recipient sells over the run, USD bn, the mean over replicates."""
    runs = aimarket.run_ensemble(scenario, replicates, quarters, SEED, record=("ai_labs.revenue",))
    row = runs.records["ai_labs"].firms.index(RECIPIENT)
    return float(runs.values("revenue", "ai_labs")[:, row].sum(0).mean())


def chosen(trial):
    """Return the parts of the uses in a trial; with free cash they add to one."""
    weights = {use: trial.suggest_float(use, 0.01, 1.0) for use in ("clusters", "chips", "halls", "research")}
    whole = sum(weights.values()) + trial.suggest_float("free", 0.0, 1.0)
    return {use: weight / whole for use, weight in weights.items()}


def search(trials=TRIALS, replicates=REPLICATES, quarters=QUARTERS):
    """Return Optuna's study of the earmark; the news item's own is its first trial."""
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=SEED))
    study.enqueue_trial({"clusters": 0.20, "chips": 0.45, "halls": 0.25, "research": 0.10, "free": 0.0})
    study.optimize(lambda trial: sales(earmarked(chosen(trial)), replicates, quarters), n_trials=trials)
    return study


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    found = search()
    print(f"as in the news item: {found.trials[0].value:.1f} USD bn over {QUARTERS} quarters")
    print(f"best of {TRIALS} trials: {found.best_value:.1f} USD bn")
    for use, part in chosen(optuna.trial.FixedTrial(found.best_params)).items():
        print(f"  {use:9} {100 * part:3.0f} %")
