"""The command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..experiments.losses import warn_of
from .again import typed
from .backtesting import backtest
from .bookkeeping import balance_sheet
from .failures import BAD_INPUT, BadInputError, OneLineErrors, complain
from .following import trail
from .inputs import whole
from .options import (
    COMPARE,
    RUN,
    TIPPING,
    Draws,
    Json,
    Out,
    Progress,
    Quarters,
    Replicate,
    Replicates,
    Seed,
    Settings,
    example,
    replicates_option,
    seed_option,
)
from .progress import ProgressBar
from .streams import say

app = typer.Typer(
    cls=OneLineErrors,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=example("aimarket scenarios", "aimarket run deal_35bn", "aimarket compare deal_35bn --against baseline"),
)


@app.callback()
def aimarket(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Run a model of the AI infrastructure industry, and see what one large deal changes in it."""


@app.command(
    epilog=example(
        "aimarket run deal_35bn --seed 7 --set loan_to_value=0.6 --out results",
        "aimarket run my.toml --quarters 20 --save half.run",
        "aimarket run --resume half.run --quarters 40",
    )
)
def run(  # noqa: PLR0913 - the options of a command are its arguments
    scenario: Annotated[str | None, typer.Argument(help="A name (see aimarket scenarios) or your own .toml.")] = None,
    *,
    settings: Settings = None,
    draws: Draws = None,
    seed: Annotated[int | None, seed_option(help="Seed of all draws.  [default: 0]")] = None,
    replicates: Annotated[int | None, replicates_option(help="How many times to run.  [default: 200]")] = None,
    replicate: Replicate = None,
    quarters: Quarters = RUN["quarters"],
    out: Out = None,
    record: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Also keep, for --out or --save: flows, events, ai_labs, ai_labs.compute."),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save the run where it stops.")] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Go on with a saved run; --quarters is its whole length.")
    ] = None,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Run a scenario many times and show the industry at a few dates."""
    from . import inputs, output, running, written

    inputs.check_place(save)
    inputs.check_folder(out)
    with ProgressBar(forced=progress) as bar:
        if resume is not None:
            _refuse_with_resume(scenario=scenario, seed=seed, replicates=replicates, replicate=replicate, set=settings,
                                parameters=draws, record=record)  # fmt: skip
            result = running.take_up(resume, quarters, save, bar)
        elif scenario is None:
            raise BadInputError("name a scenario, as in `aimarket run deal_35bn`; `aimarket scenarios` lists them")
        else:
            given = inputs.settings(settings or [])
            case = inputs.case(scenario, given)
            kinds = inputs.record(case, record or [], kept=bool(out or save))
            numbers = inputs.numbers(replicates or RUN["replicates"], replicate, both=replicates is not None)
            values, first = inputs.drawn(draws, given, numbers), RUN["seed"] if seed is None else seed
            result = running.simulate(case, values, (first, numbers, quarters), kinds, save, bar)
    warn_of(result.loss)
    words = ["aimarket", "run", *(["--resume", str(resume)] if resume else [str(scenario)])]
    told = {"replicates": result.replicates} if replicate is None else {"replicate": replicate}
    words += typed(settings, draws, **({} if resume else {"seed": result.seed, **told}), quarters=quarters)
    files = written.run(out, result, words)
    if json:
        output.print_json({"command": words, **output.run_content(result), "files": files})
    else:
        output.print_run(result, words, files)


@app.command(
    epilog=example(
        "aimarket compare deal_35bn --against baseline",
        "aimarket compare deal_35bn --set announcement_effect=0.3 --out results",
        "aimarket compare deal_35bn --figure deal.svg --theme dark",
    )
)
def compare(  # noqa: PLR0913 - the options of a command are its arguments
    scenario: Annotated[str, typer.Argument(help="A name (see aimarket scenarios) or your own .toml.")],
    *,
    against: Annotated[str, typer.Option(help="The scenario it is compared with.")] = "baseline",
    settings: Settings = None,
    draws: Draws = None,
    seed: Seed = COMPARE["seed"],
    replicates: Replicates = COMPARE["replicates"],
    quarters: Quarters = COMPARE["quarters"],
    out: Out = None,
    figure: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the deal's effect: .svg or .png.")] = None,
    theme: Annotated[str, typer.Option(help="Of the figure: light or dark.")] = "light",
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Compare a scenario with its twin on the same luck: what it changed, and how sure that is."""
    from . import inputs, output, written

    given = inputs.settings(settings or [])
    case, other = inputs.case(scenario, given), inputs.case(against, given)
    inputs.check_folder(out)
    inputs.check_figure(figure, theme, case)
    from ..experiments.comparison import compare as run_twins

    with ProgressBar(forced=progress) as bar:
        result = run_twins(
            case, against=other, replicates=replicates, quarters=quarters, rng=seed,
            parameters=inputs.drawn(draws, given, range(replicates)), progress=bar,
        )  # fmt: skip
    words = ["aimarket", "compare", scenario, "--against", against]
    words += typed(settings, draws, seed=seed, replicates=replicates, quarters=quarters)
    files = written.comparison(out, result, words)
    if figure is not None:
        from ..experiments.figures import draw

        files.append(draw(result, figure, theme))
    if json:
        told = {"scenario": case.describe(), "against": other.describe(), "note": output.NO_FORECAST}
        output.print_json({"command": words, **result.to_json(), **told, "files": files})
    else:
        output.print_comparison(result, words, files)


@app.command(
    epilog=example(
        "aimarket tipping announcement_effect C1a",
        "aimarket tipping spillover C4a.edge_16 deal_35bn --replicates 200 --set progress_rate=0.8",
    )
)
def tipping(  # noqa: PLR0913 - the options of a command are its arguments
    parameter: Annotated[str, typer.Argument(help="What is moved (see aimarket parameters).")],
    claim: Annotated[str, typer.Argument(help="A claim as C1a, or a statistic of one as C1a.others.")],
    scenario: Annotated[str, typer.Argument(help="A scenario with a deal, or your own .toml.")] = "deal_35bn",
    *,
    against: Annotated[str, typer.Option(help="The scenario it is compared with.")] = "baseline",
    low: Annotated[float | None, typer.Option(metavar="VALUE", help="Where the search begins.")] = None,
    high: Annotated[float | None, typer.Option(metavar="VALUE", help="Where the search ends.")] = None,
    settings: Settings = None,
    seed: Seed = TIPPING["seed"],
    replicates: Annotated[
        int, typer.Option(metavar="N", parser=whole("--replicates", 2), help="Pairs of runs for each value.")
    ] = TIPPING["replicates"],
    quarters: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=whole("--quarters", 1), help="How many; as few as the claim needs if not given."
        ),
    ] = None,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Find the value of a parameter at which the verdict on a claim flips, all values on the same luck."""
    from ..agents.state.numbers import exact
    from . import inputs
    from . import tipping as search

    given = inputs.settings(settings or [])
    with ProgressBar(forced=progress) as bar:
        found = search.find(
            parameter, claim, (scenario, against), given,
            low=low, high=high, replicates=replicates, quarters=quarters, rng=seed, progress=bar,
        )  # fmt: skip
    ends = [(f"--{name}", exact(end)) for name, end in (("low", low), ("high", high)) if end is not None]
    command = ["aimarket", "tipping", parameter, claim, scenario, "--against", against]
    command += [word for pair in ends for word in pair]
    command += typed(settings, None, seed=seed, replicates=replicates, quarters=found.quarters)
    search.tell(found, command, json=json)


@app.command(
    epilog=example(
        "aimarket sweep docs/studies/surge/study.toml --out surge",
        "aimarket sweep study.toml --out results --resume",
        "aimarket sweep study.toml --out results --dask tcp://10.0.0.1:8786",
    )
)
def sweep(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="What is varied and what is kept of each run.")],
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results; it takes up where it was left.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the sweep in DIR: run what is missing.")] = False,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole("--workers", 0), help="Worker processes.  [default: one a core]"),
    ] = None,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on the Dask cluster at tcp://...")] = None,
    report: Annotated[bool, typer.Option("--report", help="Write the report, too: see aimarket report.")] = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Run a study: thousands of runs in Parquet parts, which may be interrupted at any moment and resumed."""
    from . import reporting, sweeping

    with ProgressBar(forced=progress, unit="runs") as bar:
        result = sweeping.run(study, out, bar, resume=resume, workers=workers, dask=dask)
    told = report and bool(result.parts)
    written = reporting.write(out, None, board=True, tips=True, forced=progress) if told else None
    command = ["aimarket", "sweep", str(study), "--out", str(out), *(["--report"] if report else [])]
    sweeping.tell(result, command, written, json=json)


@app.command(epilog=example("aimarket report results", "aimarket report results --out surge.html --no-tips"))
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a sweep.")],
    *,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The page.  [default: DIR/report.html]")] = None,
    board: Annotated[bool, typer.Option(help="Judge the claims by 200 pairs of runs, and show both worlds.")] = True,
    tips: Annotated[bool, typer.Option(help="Look for the values at which claims tip, by runs of their own.")] = True,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Write the report of a sweep: one page to send to anybody, and its figures as SVG and PNG."""
    from . import reporting, sweeping

    written, swept = reporting.write(folder, out, board=board, tips=tips, forced=progress), sweeping.opened(folder)
    reporting.tell(written, swept, ["aimarket", "report", str(folder)], json=json)


@app.command(epilog=example("aimarket scenarios", "aimarket scenarios --json"))
def scenarios(*, json: Json = False) -> None:
    """List the scenarios that come with the model."""
    from ..model.scenario import scenarios as known
    from . import output

    found = known().values()
    if json:
        output.print_json({"scenarios": [item.describe() for item in found]})
    else:
        output.print_scenarios(found)


@app.command(epilog=example("aimarket parameters loan", "aimarket parameters --markdown > parameters.md"))
def parameters(
    pattern: Annotated[str | None, typer.Argument(help="Part of a name, symbol, group or meaning.")] = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print all of them as Markdown tables.")] = False,
    json: Json = False,
) -> None:
    """List parameters with default, range, unit, meaning and source."""
    from . import inputs, output

    if markdown and (json or pattern is not None):
        raise BadInputError("--markdown prints all parameters: leave PATTERN and --json out")
    found = inputs.matching(pattern)
    if markdown:
        from ..experiments.documents import parameter_tables

        say(parameter_tables())
    elif json:
        output.print_json({"parameters": [vars(item) for item in found]})
    else:
        output.print_parameters(found)


@app.command(epilog=example("aimarket validate my.toml", "aimarket validate scenarios/*.toml"))
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.")], *, json: Json = False
) -> None:
    """Check scenario files as strictly as our own."""
    from . import inputs, output

    errors: dict[str, str | None] = {}
    for file in files:
        try:
            inputs.check_file(file)
            errors[file] = None
        except BadInputError as bad:
            errors[file] = " ".join(str(bad).split())
    if json:
        told = [{"file": file, "ok": error is None, "error": error} for file, error in errors.items()]
        output.print_json({"ok": not any(errors.values()), "files": told})
    for file, error in errors.items():
        if error is not None:
            complain(error)
        elif not json:
            say(f"{file}: ok")
    if any(errors.values()):
        raise typer.Exit(BAD_INPUT)


@app.command(
    epilog=example("aimarket serve", "aimarket serve --port 9000 --sweep results", "aimarket serve --root-path /market")
)
def serve(
    *,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Listen here; 0.0.0.0 lets anybody in.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="N", parser=whole("--port", 0, 65535), help="The port; 0 for a free one.")
    ] = 8765,
    max_sessions: Annotated[
        int, typer.Option(metavar="N", parser=whole("--max-sessions", 1), help="How many visitors at once.")
    ] = 20,
    sweep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Show the results of this sweep on the page Explore.")
    ] = None,
    root_path: Annotated[
        str, typer.Option(metavar="PREFIX", help="A proxy shows the pages under this prefix, as in /market.")
    ] = "",
) -> None:
    """Show the market in the browser: press play, click a firm, share the link."""
    import warnings

    from ..model.means import FundingWarning
    from . import serving

    serving.check_sweep(sweep)
    warnings.simplefilter("ignore", FundingWarning)  # a visitor's deals are nobody else's business
    serving.serve(host, port, max_sessions, sweep, root_path, say)


app.command(
    epilog=example(
        "aimarket backtest --origin 2023Q4 --horizon 8",
        "aimarket backtest --origin 2025Q4 --observations mine.csv",
        "aimarket backtest --score docs/forecasts/2025Q4.csv --observations mine.csv",
    )
)(backtest)
app.command(
    epilog=example("aimarket balance-sheet deal_reported --quarter 2028Q2", "aimarket balance-sheet baseline --flows")
)(balance_sheet)
app.command(epilog=example("aimarket trail deal_35bn", "aimarket trail deal_reported --quarter 2029Q4 --json"))(trail)


def main() -> None:
    """Run the command line."""
    app(prog_name="aimarket")


def _version(wanted: bool) -> None:
    """Show the version and leave."""
    if wanted:
        from .. import __version__

        say(f"aimarket {__version__}")
        raise typer.Exit


def _refuse_with_resume(**given: Any) -> None:
    """Say which argument a saved run knows already."""
    for name, value in given.items():
        if value is not None:
            what = "a scenario" if name == "scenario" else f"--{name}"
            raise BadInputError(f"--resume takes the run as it was saved: leave {what} out")


if __name__ == "__main__":
    main()
