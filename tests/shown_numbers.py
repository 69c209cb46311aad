"""Numbers as pages show them, each with its name, quarter and world; and which of them contradict one another."""

import itertools
import json
import math
import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from aimarket.experiments.formatting import DECIMALS, shown
from aimarket.server.jobs.compared_runs import Runs
from aimarket.server.presenters import compare, firm, money_trail, network, pair_means, sector_books, twin, watch
from aimarket.server.presenters.compared_summary import summary_of
from aimarket.server.presenters.events import events_in
from aimarket.server.presenters.firm_labels import focus
from aimarket.server.presenters.quantities import row_of_focus
from aimarket.server.url.dates import date_of
from aimarket.server.url.view_state import read_link

OWN, TWIN, CHANGE = "own", "twin", "difference"
WORDS = re.compile(r"([\d.]+) % of AI revenue in (\d{4} Q\d)(?:, ([\d.]+) points? (more|less))?")
SOLD = {
    "AI services",
    "Chips, on delivery",
    "Chips, in advance",
    "Chips, to others",
    "Clusters",
    "Clusters, to others",
    "Halls",
    "Halls, to others",
    "Power, to labs",
    "Power, to clouds",
    "Rent under contracts",
    "Short lets",
    "Rent to the own parent, at cost",
    "Halls for labs’ own chips",
    "Rent paid in advance",
    "Power, to others",
    "Power, for being ready",
}
RAISED = {"Loans", "Loans, of lenders outside", "The deal"}
RAISED |= {"Shares, bought by managers", "Shares, bought by vendors", "Shares, bought by others"}
GROUPS = {"labs": "Labs", "clouds": "Clouds", "chips": "Vendors", "works": "Builders", "power": "Energy"}
COLUMNS = {"Vehicles": "Labs", **{name: name for name in GROUPS.values()}}
PRICES = (("landed_price", "chip_price", "Chip price, k$/H100e"), ("power_price", "power_price", "Power price, $/MWh"))
LINES = {
    "revenue_share": ("share", "share of AI revenue, %"),
    "capability": ("capability", "capability, OOM"),
    "powered_compute": ("compute", "compute, M H100e"),
}
MARKET_LINES = {
    "rents": ("Rent asked of labs, $/H100e-hour", "Spot price of compute, $/H100e-hour"),
    "use": ("Part of labs’ compute that is rented, %", "Part of clouds’ compute that is idle, %"),
}
CLOUD_LINES = {
    "running": ("Compute that runs at clouds, M H100e", "runs, M H100e"),
    "spent": ("Clouds’ capital spending, bn $/quarter", "capital spending, bn $/quarter"),
    "debt": ("Clouds’ debt, bn $", "debt, bn $"),
}
BACKLOG, BACKLOG_OF = "Backlog of rent, bn $", "backlog of rent, bn $"
IN_WORDS = {
    "Chip lead time, quarters": r"buyers wait (\S+) quarters",
    "Power price, $/MWh": r"(?:costs|brings) (\S+) \$/MWh",
}
SHARE, REVENUE, CAPITAL = "share of AI revenue, %", "AI revenue, bn $/quarter", "Capital raised, bn $/quarter"
DRAWN = "The deal, drawn so far, bn $"
MEAN, DUST = ", mean", 1e-6


class ShownNumber(NamedTuple):
    """A number as it is shown: name with unit, date, world, its text or range, and where it stands."""

    name: str
    date: str
    world: str
    text: object
    where: str


class Range(NamedTuple):
    """The numbers that a text may stand for."""

    low: float
    high: float


def range_of(text, unit=""):
    """Return the numbers that a text may stand for: they were rounded as their unit asks, or to three digits."""
    plain = text.replace(",", "").replace("−", "-")
    if plain.startswith("<"):
        return Range(0.0, float(plain[1:]))
    value = float(plain)
    digits = DECIMALS[unit] if unit in DECIMALS else 2 - math.floor(math.log10(abs(value))) if value else 9
    half = 0.5 * 10.0 ** -max(digits, 0)
    return Range(value - half, value + half)


def sum_of(ranges):
    """Return the numbers that a sum may be."""
    lows, highs = zip(*ranges, strict=True)
    return Range(sum(lows), sum(highs))


def booked(texts):
    """Return the numbers that a sum of cells may be: books have one decimal, and a dash for what is less."""
    values = [float(text.replace(",", "").replace("−", "-")) for text in texts]
    return Range(sum(values) - 0.05 * len(values) - 0.2, sum(values) + 0.05 * len(values) + 0.2)


def contradictions(numbers):
    """Return numbers of one name that differ, and those whose difference is not that of what is shown beside it."""
    by_name = defaultdict(list)
    for one in numbers:
        by_name[one.name, one.date, one.world].append(one)
    differing = [(*name, [(one.text, one.where) for one in same]) for name, same in by_name.items() if _differ(same)]
    return differing + _not_adding_up(numbers)


def _differ(numbers):
    """Return whether no number can be behind all texts; differences have to be the same to the letter."""
    if numbers[0].world == CHANGE:
        return len({one.text for one in numbers}) > 1
    unit = numbers[0].name.removesuffix(MEAN).rpartition(", ")[2]
    ranges = [one.text if isinstance(one.text, Range) else range_of(one.text, unit) for one in numbers]
    return max(one.low for one in ranges) > min(one.high for one in ranges) + DUST


def _not_adding_up(numbers):
    """Return the numbers beside their twins' whose difference is not the difference of what is shown."""
    beside = defaultdict(dict)
    for one in numbers:
        if isinstance(one.text, str):
            beside[one.name, one.date, one.where][one.world] = one.text
    whole = {key: texts for key, texts in beside.items() if {OWN, TWIN, CHANGE} <= texts.keys()}
    return [
        (*key, texts)
        for key, texts in whole.items()
        if abs(_exact(texts[OWN]) - _exact(texts[TWIN]) - _exact(texts[CHANGE])) > DUST
    ]


def _exact(text):
    """Return the number that a text shows; what is none, or too small, is nothing."""
    plain = text.replace(",", "").replace("−", "-")
    return float(plain) if re.fullmatch(r"[-+]?[\d.]+", plain) else 0.0


def of_sentence(text, lab, where):
    """Yield the share, and how much it differs from the twin's, that a sentence tells."""
    share, date, points, way = WORDS.search(text).groups()
    yield ShownNumber(f"{lab}’s {SHARE}", date, OWN, share, where)
    if "world" in text:
        change = f"{'+' if way == 'more' else '−'}{points}" if points else ""
        yield ShownNumber(f"{lab}’s {SHARE}", date, CHANGE, change, where)


def row_of(name, date, texts, where, *, has_twin=True):
    """Yield a value, its twin's and their difference; the value alone where it is its own twin."""
    for world, text in zip((OWN, TWIN, CHANGE) if has_twin else (OWN,), texts, strict=False):
        yield ShownNumber(name, date, world, text, where)


def in_words(text, date, where):
    """Yield the numbers of the market that stand in a sentence."""
    for name, rule in IN_WORDS.items():
        yield from (ShownNumber(name, date, OWN, found, where) for found in re.findall(rule, text))


def off_watch(run, quarter):
    """Yield all numbers of the page Watch."""
    setup, payload = json.loads(watch.setup(run)), json.loads(run.frame(watch.frame, quarter))
    date, labs = payload["date"], [name for _, _, name in setup["labs"]]
    for (label, unit), texts in zip(setup["figures"], payload["figures"], strict=True):
        yield from row_of(f"{label}, {unit}", date, texts, "Watch, figures", has_twin=setup["twin"])
    yield from of_sentence("".join(piece[0] for piece in payload["sentence"]), labs[setup["focus"]], "Watch, sentence")
    yield from _off_lines(setup, payload, labs)
    for name, points, title in PRICES:
        yield ShownNumber(title, date, OWN, payload["labels"][name][0][0], f"Watch, chart {name}")
        for world, value in zip((OWN, TWIN), payload[points], strict=True):
            yield ShownNumber(title, date, world, shown(value), f"Watch, line {name}")
    for name, (text, _), value in zip(
        run.firms["chip_vendors"], payload["labels"]["wait"], payload["wait"][0], strict=True
    ):
        yield ShownNumber(f"{name}’s lead time, quarters", date, OWN, text, "Watch, chart wait")
        yield ShownNumber(f"{name}’s lead time, quarters", date, OWN, shown(value, "quarters"), "Watch, line wait")
    yield ShownNumber(CAPITAL, date, OWN, shown(sum(payload["raised"][0])), "Watch, columns")
    yield from _off_network(run, setup, payload)
    yield from _off_clouds(run, setup, payload)
    for _, _, _, text, note, _, name in payload["log"]:
        yield from in_words(text, date, "Watch, log")
        if note.startswith("gap "):
            yield ShownNumber(f"{name}’s gap to the leader, OOM", date, OWN, note[4:], "Watch, log")


def _off_lines(setup, payload, labs):
    """Yield what lines of labs tell at their ends, and the points that they are drawn by."""
    for (key, (points, name)), (row, lab) in itertools.product(LINES.items(), enumerate(labs)):
        text, change = payload["labels"][key][row]
        yield ShownNumber(f"{lab}’s {name}", payload["date"], OWN, text, f"Watch, chart {key}")
        if setup["twin"]:
            yield ShownNumber(f"{lab}’s {name}", payload["date"], CHANGE, change, f"Watch, chart {key}")
        for world, values in zip((OWN, TWIN), payload[points], strict=True):
            value = shown(values[row], name.rpartition(", ")[2])
            yield ShownNumber(f"{lab}’s {name}", payload["date"], world, value, f"Watch, line {key}")


def _off_clouds(run, setup, payload):
    """Yield what the charts of clouds tell: ends of lines and points, of the market and of each cloud."""
    date, names = payload["date"], run.firms["clouds"]
    lines = [(key, row, name) for key, titles in MARKET_LINES.items() for row, name in enumerate(titles)]
    for key, (whole, of_each) in CLOUD_LINES.items():
        titles = (whole, *(f"{name}’s {of_each}" for name in names))
        lines += [(key, row, name) for row, name in enumerate(titles)]
    output = [
        (name, payload["labels"][key][row], [world[row] for world in payload[key]], key) for key, row, name in lines
    ]
    output.append((BACKLOG, payload["labels"]["backlog"][0], payload["backlog"], "backlog"))
    for name, (text, change), values, key in output:
        unit = name.rpartition(", ")[2]
        yield ShownNumber(name, date, OWN, text, f"Watch, chart {key}")
        for world, value in zip((OWN, TWIN), values, strict=True):
            yield ShownNumber(name, date, world, shown(value, unit), f"Watch, line {key}")
        if setup["twin"]:
            yield ShownNumber(name, date, CHANGE, change, f"Watch, chart {key}")


def _off_network(run, setup, payload):
    """Yield what groups sold and were funded by, as titles say and as edges add up to."""
    date, totals, drawn = payload["date"], payload["totals"], defaultdict(float)
    sold, placed = defaultdict(float), defaultdict(float)
    kinds, names = ([node[place] for node in setup["nodes"]] for place in (2, 0))
    for payer, payee, amount, _, use in payload["net"]:
        drawn["labs" if kinds[payee] == "deal" else kinds[payee], use] += amount
        sold[payee] += amount if use == network.SALE else 0.0
        placed[payer] += amount if use == network.CAPITAL else 0.0
    room = 8 * network.SMALLEST * (len(run.firms["ai_labs"]) + len(run.firms["clouds"]))
    begun = sum(float(group[2]) for group in totals.values() if group[2:] and group[2])
    panels = [(sold, place, {"labs": "revenue"}.get(kinds[place], "sales"), 0.0) for place in sold]
    panels += [(placed, place, "placed", begun) for place in placed if kinds[place] == "capital"]
    for amounts, place, what, less in panels:
        amount = Range(amounts[place] - less - DUST, amounts[place] + room)
        yield ShownNumber(f"{names[place]}’s {what}, bn $/quarter", date, OWN, amount, "Watch, edges")
    yield ShownNumber(CAPITAL, date, OWN, totals["capital"][0], "Watch, network")
    yield ShownNumber(REVENUE, date, OWN, totals["labs"][0], "Watch, network")
    for (group, column), value in zip(GROUPS.items(), payload["raised"][0], strict=True):
        sales, funded, first = totals[group]
        yield ShownNumber(f"{column}, funding", date, OWN, funded, "Watch, network")
        yield ShownNumber(f"{column}, funding", date, OWN, shown(value), "Watch, columns")
        for what, use, texts in (("sales", network.SALE, [sales]), ("new money", network.CAPITAL, [funded, first])):
            amount = drawn[group, use]
            yield ShownNumber(
                f"{column}, {what}", date, OWN, sum_of(range_of(text) for text in texts if text), "Watch, network"
            )
            yield ShownNumber(f"{column}, {what}", date, OWN, Range(amount - DUST, amount + room), "Watch, edges")


def off_twin(run, quarter, pairs=None):
    """Yield all numbers of the page Twin: of the visitor's own pair, and of many pairs where there are some."""
    base, payload = json.loads(twin.setup(run)), json.loads(run.frame(twin.frame, quarter))
    date = payload["date"]
    for name, (_, unit, *texts) in zip(base["names"], payload["rows"], strict=True):
        yield from row_of(f"{name}, {unit}", date, texts, "Twin, table", has_twin=base["twin"])
    for name, label, unit in base["charts"]:
        levels = "M H100e" if name == base["relative"] else unit
        texts = [shown(value, levels) for value in payload["values"][name]]
        yield from row_of(f"{label.removeprefix('Effect on ')}, {levels}", date, texts, f"Twin, line {name}")
    yield from of_sentence("".join(piece[0] for piece in payload["sentence"]), base["lab"], "Twin, sentence")
    if pairs:
        yield from _off_pairs(run, pairs, twin.shown_at(run, quarter), base)


def _off_pairs(run, pairs, quarter, base):
    """Yield what many pairs say on Twin, and beside the finding of one run on Watch."""
    payload = json.loads(twin.effect(run, pairs, quarter))
    means = json.loads(pair_means.payload(run, pairs))[quarter - 1]
    for name, (_, unit, *texts) in zip(base["names"], payload["rows"], strict=True):
        yield from row_of(f"{name}, {unit}{MEAN}", payload["date"], texts, "Twin, means")
    name, change = f"{base['lab']}’s {SHARE}{MEAN}", payload["change"].replace("±0", "")
    yield ShownNumber(name, payload["date"], CHANGE, change, "Twin, dots")
    for pieces, where in ((payload["sentence"], "Twin, sentence of many"), (means, "Watch, mean of many")):
        for text in (piece[0].split()[0] for piece in pieces if piece[1] == "deal"):
            yield ShownNumber(name, payload["date"], CHANGE, change[:1] + text, where)


def off_compare(run, quarter, pairs):
    """Yield what the page Compare says of many pairs, as means of their worlds."""
    sound = np.ones(pairs.size, dtype=bool)
    view = read_link(f"scenario={run.case.name}&compare=baseline,own").view
    found = {"baseline": Runs(pairs.twin, sound), "own": Runs(pairs.own, sound)}
    summary = summary_of(found, ("baseline", "own"), row_of_focus(run))
    payload = json.loads(compare.table(view, run, summary, twin.shown_at(run, quarter)))
    for name, unit, ((control, *_), (own, change, *_)) in payload["rows"]:
        texts = own, control, change.replace("±0", "")
        yield from row_of(f"{name}, {unit}{MEAN}", payload["date"], texts, "Compare, table")
    for points, way in re.findall(r"([\d.]+) points? (more|less)", "".join(piece[0] for piece in payload["sentence"])):
        text = f"{'+' if way == 'more' else '−'}{points}"
        yield ShownNumber(f"{focus(run)}’s {SHARE}{MEAN}", payload["date"], CHANGE, text, "Compare, sentence")


def off_panels(run, quarter):
    """Yield all numbers that panels of firms share with other pages, and the shares that their revenues make."""
    revenues, clouds = {}, []
    for kind, names in run.firms.items():
        for name in names:
            payload = json.loads(firm.payload(run, name, quarter))
            yield from _off_panel(name, payload, is_borrower=kind not in ("asset_managers", "vehicles"))
            if kind == "ai_labs":
                revenues[name] = range_of(payload["figures"][0][2])
            if kind == "clouds":
                clouds.append({f"{_begun(label)}, {unit}": text for label, unit, text, *_ in payload["figures"]})
    for title, label in (*CLOUD_LINES.values(), (BACKLOG, BACKLOG_OF)):
        parts = sum_of(range_of(figures[label]) for figures in clouds)
        yield ShownNumber(title, payload["date"], OWN, parts, "panels, sum of clouds")
    whole = sum_of(revenues.values())
    yield ShownNumber(REVENUE, payload["date"], OWN, whole, "panels, sum")
    for name, part in revenues.items():
        share = Range(100.0 * part.low / whole.high, 100.0 * part.high / max(whole.low, DUST))
        yield ShownNumber(f"{name}’s {SHARE}", payload["date"], OWN, share, "panels, revenue by revenue")


def _off_panel(name, payload, *, is_borrower):
    """Yield the figures, the ends of lines and the sentences of a firm's panel."""
    date = payload["date"]
    for label, unit, *texts in payload["figures"]:
        yield from row_of(f"{name}’s {_begun(label)}, {unit}", date, texts, "panel, figures", has_twin=payload["twin"])
    for label, *worlds in payload["history"]:
        texts = [shown(values[-1], label.rpartition(", ")[2]) for values in worlds]
        yield from row_of(f"{name}’s {_begun(label)}", date, texts, "panel, history")
    if is_borrower:
        yield ShownNumber(f"{name}’s cash, bn $", date, OWN, payload["cash"][-1][2], "panel, cash flow")
    for _, text in payload["decisions"]:
        yield from in_words(text, date, "panel, decisions")
        for found in re.findall(r"Sees (\S+) quarters", text):
            yield ShownNumber(f"{name}’s lead time, quarters", date, OWN, found, "panel, decisions")


def _begun(label):
    """Return a label as it stands after a name."""
    return label[0].lower() + label[1:]


def off_model(run, quarter):
    """Yield what the books of the page Model say of sales and funding."""
    for world in (OWN, TWIN) if run.has_twin else (OWN,):
        payload = json.loads(sector_books.payload(run, quarter, world))
        rows = [(row[0], row[1]) for _, group in payload["flows"] for row in group]
        yield from off_books([column for column, _ in payload["columns"]], rows, payload["date"], world)


def off_books(columns, rows, date, world=OWN):
    """Yield what a flow matrix says of sales and funding, by group as the network has them."""
    sums = {(column, what): [] for column in GROUPS.values() for what in ("sales", "new money")}
    for label, cells in rows:
        for column, text in zip(columns, cells, strict=True):
            what = "sales" if label in SOLD else "new money" if label in RAISED else ""
            if what and column in COLUMNS and text[0].isdigit():
                sums[COLUMNS[column], what].append(text)
    for (column, what), texts in sums.items():
        yield ShownNumber(f"{column}, {what}", date, world, booked(texts), "Model, flows")
    yield ShownNumber(REVENUE, date, world, booked(sums["Labs", "sales"]), "Model, flows")


def off_money(run, quarter):
    """Yield what the pages Money trail and Watch say of the deal's dollars so far."""
    payload, date = json.loads(run.frame(money_trail.frame, quarter)), date_of(run.case, quarter)
    yield ShownNumber(DRAWN, date, OWN, shown(payload["drawn"]), "Money, stairs")
    yield ShownNumber(DRAWN, date, OWN, shown(sum(part for _, _, part, _ in payload["funders"])), "Money, funders")
    past = [one for number in range(1, quarter + 1) for one in events_in(run, number)]
    notes = [one.note for one in past if one.kind == "draw"]
    if len(run.case.deals) == 1 and notes:
        yield ShownNumber(DRAWN, date, OWN, notes[-1].removesuffix(" so far"), "Watch, log")


def off_all(run, quarter, pairs=None):
    """Return all numbers of all pages at a quarter."""
    return [
        *off_watch(run, quarter),
        *off_twin(run, quarter, pairs),
        *(off_compare(run, quarter, pairs) if pairs else ()),
        *off_panels(run, quarter),
        *off_model(run, quarter),
        *off_money(run, quarter),
    ]
