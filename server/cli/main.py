"""The command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import BadInputError, OneLineErrors, heed_termination
from ..streams import say
from .arguments import whole
from .command_line import as_typed
from .commands.backtest import backtest
from .commands.balance_sheet import balance_sheet
from .commands.compare import compare
from .commands.facts import facts
from .commands.replay import replay
from .commands.replicate import replicate
from .commands.run import run
from .commands.tipping import tipping
from .commands.trail import trail
from .options import Engine, Json, Progress, example
from .progress_bar import ProgressBar
from .run_limits import Yes

app = typer.Typer(
    cls=OneLineErrors,
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


app.command(
    epilog=example(
        "aimarket run deal_35bn --seed 7 --set loan_to_value=0.6 --out results",
        "aimarket run my.toml --quarters 20 --save half.run",
        "aimarket run --resume half.run --quarters 40",
    )
)(run)
app.command(
    epilog=example(
        "aimarket compare deal_35bn --against baseline",
        "aimarket compare deal_35bn --set announcement_effect=0.3 --out results",
        "aimarket compare deal_35bn --figure deal.svg --theme dark",
    )
)(compare)
app.command(
    epilog=example(
        "aimarket tipping earmark_pace C1a",
        "aimarket tipping spillover C4a.edge_16 deal_35bn --replicates 200 --set progress_rate=0.3",
    )
)(tipping)
app.command(
    epilog=example(
        "aimarket facts",
        "aimarket facts baseline --replicates 200 --set loan_to_value=0.8",
    )
)(facts)
app.command(epilog=example("aimarket replicate", "aimarket replicate wright"))(replicate)


@app.command(
    epilog=example(
        "aimarket sweep docs/studies/surge/study.toml --out surge",
        "aimarket sweep study.toml --out results --resume",
        "aimarket sweep study.toml --out results --dask tcp://10.0.0.1:8786",
    )
)
def sweep(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
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
    engine: Engine = None,
    yes: Yes = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Run a study: thousands of runs in Parquet parts, which may be interrupted at any moment and resumed."""
    from . import arguments
    from .commands import report as reporting
    from .commands import sweep as sweeping

    arguments.check_folder(out)
    asked = sweeping.read(study)
    sweeping.approve_study(asked, workers, yes=yes or resume or dask is not None)
    with ProgressBar(forced=progress, unit="runs") as bar:
        result = sweeping.run(asked, out, bar, resume=resume, workers=workers, dask=dask)
    reported = report and bool(result.parts)
    written = reporting.write(out, None, board=True, tips=True, forced=progress) if reported else None
    sweeping.print_answer(result, as_typed(context, resume=True), written, json=json)


@app.command(epilog=example("aimarket report results", "aimarket report results --out surge.html --no-tips"))
def report(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a sweep.")],
    *,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The page.  [default: DIR/report.html]")] = None,
    board: Annotated[bool, typer.Option(help="Judge the claims by 200 pairs of runs, and show both worlds.")] = True,
    tips: Annotated[bool, typer.Option(help="Look for the values at which claims tip, by runs of their own.")] = True,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Write the report of a sweep: one page to send to anybody, and its figures as SVG and PNG."""
    from .commands import report as reporting
    from .commands import sweep as sweeping

    written, swept = reporting.write(folder, out, board=board, tips=tips, forced=progress), sweeping.opened(folder)
    reporting.print_answer(written, swept, as_typed(context), json=json)


@app.command(epilog=example("aimarket scenarios", "aimarket scenarios --json"))
def scenarios(*, json: Json = False) -> None:
    """List the scenarios that come with the model."""
    from ...model.scenarios.scenario import scenarios as known
    from . import console

    found = known().values()
    if json:
        console.print_json({"scenarios": [item.describe() for item in found]})
    else:
        console.print_scenarios(found)


@app.command(epilog=example("aimarket parameters loan", "aimarket parameters --markdown > parameters.md"))
def parameters(
    pattern: Annotated[str | None, typer.Argument(help="Part of a name, symbol, group or meaning.")] = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print all of them as Markdown tables.")] = False,
    json: Json = False,
) -> None:
    """List parameters with default, range, unit, meaning and source."""
    from . import arguments, console

    if markdown and (json or pattern is not None):
        raise BadInputError("--markdown prints all parameters: leave PATTERN and --json out")
    found = arguments.matching(pattern)
    if markdown:
        from ...experiments.publishing.generated_tables import parameter_tables

        say(parameter_tables())
    elif json:
        console.print_json({"parameters": [vars(item) for item in found]})
    else:
        console.print_parameters(found)


@app.command(
    epilog=example("aimarket validate my.toml", "aimarket validate study.toml scenarios/", "aimarket validate --keys")
)
def validate(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Scenario and study files, or folders of them.")
    ] = None,
    *,
    keys: Annotated[
        bool, typer.Option("--keys", help="Print all keys of both kinds of file, as docs/reference.md has them.")
    ] = False,
    json: Json = False,
) -> None:
    """Check scenario and study files as strictly as a run does, and say what each was taken for."""
    from .commands import validate as validating

    if keys == bool(files) or (keys and json):
        raise BadInputError(
            "validate takes files, or --keys alone; see aimarket validate --help"
            if files or json
            else "Missing argument 'FILE...'. See aimarket validate --help"
        )
    if keys:
        say(validating.keys())
    else:
        validating.validate(files or [], json=json)


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
    embed_in: Annotated[
        list[str] | None,
        typer.Option(metavar="SITE", help="This site may show charts in frames, as https://paper.example; repeatable."),
    ] = None,
) -> None:
    """Show the market in the browser: press play, click a firm, share the link."""
    import warnings

    from ...model.scenarios.scenario_warnings import ScenarioWarning
    from ..web import asgi
    from . import arguments

    if sweep is not None:
        arguments.check_sweep(sweep, "choose another folder for --sweep")
    warnings.simplefilter("ignore", ScenarioWarning)  # a visitor's deals are nobody else's business
    asgi.serve(host, port, max_sessions, sweep, root_path, say, embed_in=embed_in or ())


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
app.command(
    epilog=example("aimarket replay deal_35bn --out replay.html", "aimarket replay bust --until 2029Q4 --out bust.gif")
)(replay)
app.command(epilog=example("aimarket trail deal_35bn", "aimarket trail deal_reported --quarter 2029Q4 --json"))(trail)


def main() -> None:
    """Run the command line."""
    heed_termination()
    app(prog_name="aimarket")


def _version(wanted: bool) -> None:
    """Show the version and leave."""
    if wanted:
        from ... import __version__

        say(f"aimarket {__version__}")
        raise typer.Exit


if __name__ == "__main__":
    main()
