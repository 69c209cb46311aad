"""What strangers bring to each border, and what may come of it: success, or exit code 2 with one line.

Each class makes cases of one kind from a random number generator: ``attempt`` tries one, and raises `BrokenError` where
anything else came of it.
"""

import json
import random
import shutil
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd

import aimarket
from aimarket.experiments.calibration.observations import checked_table, observed, text_of
from aimarket.experiments.calibration.series import ObservationError
from aimarket.experiments.storage import frames
from aimarket.model.scenarios.scenario import load_scenario
from aimarket.server.cli.commands import sweep as sweeping
from aimarket.server.errors import BadInputError, FailedRunError
from aimarket.server.sessions.controller import Controller
from aimarket.server.url.custom_deal import case_of, settings_of
from aimarket.server.url.view_state import PARTS, link_of, read_link

from ..cli.line import STUDY, typed
from ..sweeps.studies import SMALL
from . import mutations

ROOT = Path(__file__).parents[2]
SCENARIOS = tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "model/data/scenarios").glob("*.toml")))
DESIGNS = (
    'method = "sobol"\nsize = 4\nparameters = ["dilution", "deployment"]\nsecond_order = true\n',
    'method = "morris"\nsize = 3\nlevels = 4\nparameters = ["dilution"]\nranges = { dilution = [0.01, 0.02] }\n',
    'method = "grid"\nsize = 3\nparameters = ["dilution"]\nlevels = { dilution = [0.01, 0.02] }\n',
    'method = "table"\ntable = "points.csv"\n',
    'method = "one_at_a_time"\nparameters = "uncertain"\nwithout = ["dilution"]\nsteps = 2\n',
)
STUDIES = (
    *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/studies").glob("*/study.toml"))),
    *(STUDY.replace(STUDY.split("[design]\n")[1].split("[outcomes]")[0], design) for design in DESIGNS),
    SMALL,
)
POINTS = "dilution,deployment\n0.01,0.2\n0.02,0.3\n0.03,0.25\n"


class BrokenError(AssertionError):
    """A case ended otherwise than it may; the message says how."""


def expect_success_or_one_line(*words: object) -> bool:
    """Type a command; return whether it succeeded, and break unless it did or said in one line why not."""
    result = typed(*words)
    if result.exit_code not in (0, 2):
        raise BrokenError(f"exit code {result.exit_code}: {result.stderr[-300:]} {result.exception!r}")
    said = [line for line in result.stderr.splitlines() if not line.startswith("aimarket: warning: ")]
    most = max(1, len(words) - 1) if words[0] == "validate" else 1  # a line a file
    if result.exit_code == 2 and not (0 < len(said) <= most and said[0].startswith("aimarket: ")):
        raise BrokenError(f"{len(said)} lines: {result.stderr[:300]!r}")
    if "Traceback" in result.stdout + result.stderr:
        raise BrokenError(result.stderr[-300:])
    return result.exit_code == 0


class Scenarios:
    """Scenario files: what `aimarket validate` takes runs, and stays finite."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "mine.toml"

    def attempt(self, chance: random.Random) -> None:
        self.file.write_bytes(mutations.content(chance, chance.choice(SCENARIOS).encode(), SCENARIOS))
        if expect_success_or_one_line("validate", self.file):
            model = aimarket.MarketModel(load_scenario(self.file), rng=7)
            model.step()
            if not np.isfinite(model.labs.cash).all():
                raise BrokenError("what was validated does not stay finite")


class Studies:
    """Study files, with tables of points beside them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "study.toml"
        (folder / "points.csv").write_text(POINTS)

    def attempt(self, chance: random.Random) -> None:
        self.file.write_bytes(mutations.content(chance, chance.choice(STUDIES).encode(), STUDIES))
        expect_success_or_one_line("validate", self.file)


class Points:
    """Tables of points of one's own, as CSV and as Parquet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "study.toml"
        frame = pd.read_csv(folder / "points.csv") if (folder / "points.csv").exists() else None
        frame = pd.DataFrame({"dilution": [0.01, 0.02], "deployment": [0.2, 0.3]}) if frame is None else frame
        frame.to_parquet(folder / "valid.parquet")
        self.packed = (folder / "valid.parquet").read_bytes()

    def attempt(self, chance: random.Random) -> None:
        packed = chance.random() < 0.3
        name = "points.parquet" if packed else "points.csv"
        content = mutations.raw(chance, self.packed) if packed else mutations.content(chance, POINTS.encode())
        (self.folder / name).write_bytes(content)
        self.file.write_text(STUDIES[-3].replace(DESIGNS[4], DESIGNS[3]).replace("points.csv", name))
        expect_success_or_one_line("validate", self.file)


class Saved:
    """Saved runs that are taken up again."""

    def __init__(self, folder: Path) -> None:
        self.valid, self.file = folder / "valid.run", folder / "mine.run"
        model = aimarket.MarketModel(rng=7)
        model.step()
        model.save(self.valid)
        with np.load(self.valid) as arrays:
            self.arrays = dict(arrays)

    def attempt(self, chance: random.Random) -> None:
        if chance.random() < 0.3:
            self.file.write_bytes(mutations.raw(chance, self.valid.read_bytes()))
        else:
            arrays = dict(self.arrays)
            if chance.random() < 0.6:
                header = json.loads(arrays["header"].tobytes())
                changed = json.dumps(mutations.changed(chance, header)).encode()
                arrays["header"] = np.frombuffer(changed, dtype=np.uint8)
            else:
                name = chance.choice(list(arrays))
                arrays[name] = _other(chance, arrays.pop(name))
            with self.file.open("wb") as file:
                np.savez(file, **arrays)
        expect_success_or_one_line("run", "--resume", self.file, "--quarters", "2", "--json")


def _other(chance: random.Random, array: np.ndarray) -> np.ndarray:
    """Return an array of another shape, kind or content."""
    return chance.choice(
        (
            array[:0],
            array[..., None],
            array.astype(str),
            np.zeros(3),
            np.array({}, dtype=object),
            array.astype(np.float32, copy=True) if array.dtype.kind == "f" else array[:-1],
        )
    )


class Folders:
    """Folders of sweeps that something has happened to, and single files of results: damage is told in a line, too."""

    def __init__(self, folder: Path) -> None:
        self.valid, self.folder = folder / "valid", folder / "swept"
        (folder / "study.toml").write_text(STUDY)
        assert typed("sweep", folder / "study.toml", "--out", self.valid, "--workers", 0).exit_code == 0

    def attempt(self, chance: random.Random) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.valid, self.folder)
        victim = chance.choice([path for path in sorted(self.folder.rglob("*")) if path.is_file()])
        self._harm(chance, victim)
        for read in (lambda: sweeping.opened(self.folder).frame(), lambda: _read(victim)):
            try:
                with sweeping.reported_errors():
                    read()
            except (BadInputError, FailedRunError) as error:
                if "\n" in str(error).strip():
                    raise BrokenError(f"more than a line: {error}") from None

    def _harm(self, chance: random.Random, victim: Path) -> None:
        """Change a file, take it away, or put it where it does not belong."""
        if chance.random() < 0.15:
            victim.unlink()
        elif chance.random() < 0.1:
            victim.rename(victim.with_name(f"{victim.name}{chance.choice(('2', '.parquet', ' '))}"))
        elif victim.suffix == ".json" and chance.random() < 0.8:
            victim.write_text(json.dumps(mutations.changed(chance, json.loads(victim.read_text()))))
        else:
            victim.write_bytes(mutations.raw(chance, victim.read_bytes()))


def _read(path: Path) -> None:
    """Read a file of results, as `aimarket.read` does, in the terms of the command line."""
    if path.suffix == ".parquet":
        frames.read(path)


class Links:
    """Links: what they say is shown, or said in words; what was read comes back from a clean link."""

    def __init__(self, folder: Path) -> None:
        self.valid = (
            "scenario=deal_35bn&quarter=2026Q4&seed=3&set=loan_to_value:0.6&page=money&firm=OpenAI&theme=dark",
            "deal=200~2026Q2~loan~xAI:1~Apollo:1~~1&page=twin&drawer=steer",
            "page=explore&replicate=4&speed=8",
        )

    def attempt(self, chance: random.Random) -> None:
        query = mutations.text(chance, chance.choice(self.valid).replace("&", "\n")).replace("\n", "&")
        if chance.random() < 0.2:
            query = f"{chance.choice((*PARTS, 'x'))}={quote(str(mutations.value(chance)), errors='replace')}&{query}"
        view, problems = read_link(query)
        if not all(problem.isprintable() for problem in problems):
            raise BrokenError(f"a problem is not printable: {problems}")
        if read_link(link_of(view)) != (view, ()):
            raise BrokenError("what was read does not come back from its own link")
        case_of(view)
        settings_of(view)


class Messages:
    """Messages of a browser to the page, many to one visitor's run."""

    LIFE = 200

    def __init__(self, folder: Path) -> None:
        self.controller, self.left = Controller("speed=8"), self.LIFE
        self.acts = tuple(self.controller._acts)
        self.deal = aimarket.load_scenario("deal_35bn").deals[0].describe()

    def attempt(self, chance: random.Random) -> None:
        if not self.left:
            self.controller.close()
            self.controller, self.left = Controller("speed=8"), self.LIFE
        self.left -= 1
        what = chance.choice((*self.acts, "close", "__init__", "", 3))
        value = mutations.value(chance)
        if what == "deal" and chance.random() < 0.7:
            value = mutations.changed(chance, self.deal)
        elif what == "set":
            value = [chance.choice(("dilution", "loan_to_value", "x", 3)), mutations.value(chance, 0)]
        elif what in ("seek", "step") and chance.random() < 0.8:
            value = chance.randint(-3, 6)
        self.controller.act(chance.choice(({"what": what, "value": value}, {"what": what, "value": value}, value)))
        read_link(self.controller.link())


class CommandLines:
    """Command lines of small runs with words changed, left out, doubled and mixed."""

    SMALL = ("--replicates", "2", "--quarters", "2")
    VALID = (
        ("run", "deal_35bn", "--seed", "7", "--set", "loan_to_value=0.6", "--record", "flows", "--out", "results"),
        ("run", "baseline", "--save", "half.run", "--json", "--replicate", "1"),
        ("compare", "deal_35bn", "--against", "baseline", "--set", "dilution=0.03", "--json"),
        ("trail", "deal_35bn", "--quarter", "2026Q2", "--csv", "trail.csv"),
        ("balance-sheet", "baseline", "--quarter", "2026Q1", "--csv", "books.csv"),
        ("parameters", "loan", "--json"),
        ("scenarios", "--json"),
        ("validate", "mine.toml", "--json"),
        ("tipping", "loan_to_value", "C0", "deal_35bn", "--seed", "3"),
        ("report", "results", "--no-board", "--no-tips", "--out", "page.html"),
        ("sweep", "study.toml", "--out", "swept", "--workers", "0"),
    )
    HOSTILE = (
        *("", "-", "--", "-1", "0", "1e9", "9" * 30, "9" * 5000, "nan", "../x", "/dev/null/x", ".", "x\x00y", "\ud800"),
        *("--help", "--version", "--json", "--progress", "--yes", "-x", "--out", "--set", "=", "a=b=c", "dilution=inf"),
        *("mine.toml", "study.toml", "é\u202e", "2026Q2", "2026Q5", "%s", "$(x)", "--seed=1", "--set=dilution"),
    )

    def __init__(self, folder: Path) -> None:
        (folder / "mine.toml").write_text(SCENARIOS[1])
        (folder / "study.toml").write_text(STUDY)
        self.words = tuple(word for words in self.VALID for word in words)

    def attempt(self, chance: random.Random) -> None:
        words = list(chance.choice(self.VALID))
        sized = words[0] in ("run", "compare", "trail", "tipping")
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(words))
            new = chance.choice((*self.HOSTILE, *self.words, words[place][:-1], words[place].upper()))
            words[place : place + chance.choice((0, 1, 1, 1))] = chance.choice(([new], [new], [new], []))
            words = words or [new]
        if words[0] in ("serve", "backtest", "facts", "replicate"):
            return  # these run for long, or until they are stopped
        expect_success_or_one_line(*words, *(self.SMALL[: 2 + 2 * (words[0] != "tipping")] if sized else ()))


class Observations:
    """Tables of observations, which whoever adds a series edits."""

    def __init__(self, folder: Path) -> None:
        self.file, self.valid = folder / "observed.csv", text_of(observed())

    def attempt(self, chance: random.Random) -> None:
        table = pd.read_csv(self.file, keep_default_na=False) if self._written(chance) else None
        if table is not None:
            try:
                checked_table(table)
            except ObservationError as error:
                if "\n" in str(error):
                    raise BrokenError(f"more than a line: {error}") from None

    def _written(self, chance: random.Random) -> bool:
        """Write a mutated table; return whether a CSV reader takes it at all."""
        head, *rows = self.valid.splitlines()
        rows = chance.sample(rows, 12)
        self.file.write_text(mutations.text(chance, "\n".join((head, *rows))), errors="replace")
        try:
            pd.read_csv(self.file, keep_default_na=False)
        except (ValueError, pd.errors.ParserError):
            return False
        return True


BORDERS = {
    "scenario files": Scenarios,
    "study files": Studies,
    "tables of points": Points,
    "saved runs": Saved,
    "folders of sweeps": Folders,
    "links": Links,
    "messages of browsers": Messages,
    "command lines": CommandLines,
    "tables of observations": Observations,
}
