"""A walk over the pages: every number that a visitor sees, with its name and quarter, and no two that contradict."""

import pytest

from ..shown_numbers import (
    CAPITAL,
    GROUPS,
    OWN,
    SHARE,
    TWIN,
    ShownNumber,
    contradictions,
    of_sentence,
    off_books,
    range_of,
    row_of,
    sum_of,
)

LAB = "Anthropic"
CHARTS = {
    "Share of AI revenue, per cent": "share of AI revenue, %",
    "Capability, OOM over the start’s frontier": "capability, OOM",
    "Compute, M H100e": "compute, M H100e",
}

CARDS = """() => [...document.querySelectorAll('.kpi')].map((card) => ['.l', '.v small', '.v', '.t span', '.t b']
  .map((part) => card.querySelector(part)?.innerText.trim() ?? ''))"""
TABLE = """(title) => {
  const button = [...document.querySelectorAll('.tblb')].find((one) => one.ariaLabel === title + ': show as table')
  if (button) button.click()
  const table = [...document.querySelectorAll('.tbl table')].find((one) => one.caption.innerText === title)
  return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()))
}"""
ROWS = """(selector) => [...document.querySelectorAll(selector + ' tr')]
  .map((row) => [row.ariaLabel ?? '', ...[...row.cells].map((cell) => cell.innerText.trim())])"""


def headline(page):
    return page.locator(".story h1").inner_text()


def cards(page, date, where, whose=""):
    """Yield the numbers of cards: label, unit, value, twin's value, difference."""
    for label, unit, value, twin, change in page.evaluate(CARDS):
        name = f"{whose}’s {label[0].lower()}{label[1:]}" if whose else label
        texts = [value.removesuffix(unit).strip(), twin.removeprefix("twin ")]
        texts.append("" if change in ("no difference", "same") else change)
        yield from row_of(f"{name}, {unit}", date, texts, where)


def of_watch(page, date):
    """Yield the numbers of the page Watch: cards, sentence, charts as tables, and the network."""
    yield from cards(page, date, "Watch, cards")
    yield from of_sentence(headline(page), LAB, "Watch, sentence")
    for title, name in CHARTS.items():
        heads, *_, last = page.evaluate(TABLE, title)
        assert last[0] == date
        for lab, text in zip(heads[1:], last[1:], strict=True):
            whose = {"DeepMind": "Google DeepMind"}.get(lab.removesuffix(", twin"), lab.removesuffix(", twin"))
            yield ShownNumber(f"{whose}’s {name}", date, TWIN if lab.endswith("twin") else OWN, text, f"Watch, {title}")
    yield from _of_network(page.evaluate(TABLE, "Who pays whom"), date)
    last = page.evaluate(TABLE, "Capital raised, by sector, bn $ a quarter")[-1]
    for column, text in zip(GROUPS.values(), last[1:], strict=False):
        yield ShownNumber(f"{column}, funding", date, OWN, text, "Watch, columns")


def _of_network(rows, date):
    """Yield what the network's table says: what labs sold to customers, and the sums of groups."""
    titles = dict(zip(("Labs", "Clouds", "Chips", "Building", "Power"), GROUPS.values(), strict=True))
    sold = {payee: text for payer, payee, _, text in rows[1:] if payer == "Customers"}
    for lab, text in sold.items():
        whose = {"DeepMind": "Google DeepMind"}.get(lab, lab)
        yield ShownNumber(f"{whose}’s revenue, bn $/quarter", date, OWN, text, "Watch, network")
    whole = sum_of(range_of(text) for text in sold.values())
    for payer, group, what, text in rows[1:]:
        if payer == "All" and what in ("sales", "funding"):
            yield ShownNumber(f"{titles[group]}, {what}", date, OWN, text, "Watch, network")
            if (group, what) == ("Labs", "sales"):
                yield ShownNumber("AI revenue, bn $/quarter", date, OWN, text, "Watch, network")
                yield ShownNumber("AI revenue, bn $/quarter", date, OWN, whole, "Watch, customers")
    given = [range_of(text) for payer, _, what, text in rows[1:] if payer == "All" and what == "funding"]
    yield ShownNumber(CAPITAL, date, OWN, sum_of(given), "Watch, network")


def of_twin(page, date):
    """Yield the numbers of one pair on the page Twin: sentence and table."""
    yield from of_sentence(headline(page), LAB, "Twin, sentence")
    units = page.locator(".sumt tbody small").all_inner_texts()
    for (name, _, *texts), unit in zip(page.evaluate(ROWS, ".sumt tbody"), units, strict=True):
        output = ["" if text == "none" else text for text in texts[:3]]
        yield from row_of(f"{name}, {unit}", date, output, "Twin, table")


def of_model(page, date):
    """Yield the numbers of the flow matrix on the page Model."""
    (_, _, *heads), *rows = page.evaluate(ROWS, "[aria-label='Flows of the quarter'] table")
    yield from off_books(heads[:-1], [(row[1], row[2:-1]) for row in rows if len(row) == len(heads) + 2], date)


PAINTED = """() => Object.fromEntries([...document.querySelectorAll('li.est')]
  .map((one) => [one.dataset.key, one.querySelector('.n').innerText.replaceAll('\\u00a0', ' ').trim()]))"""
JUDGED = """() => {
  const board = document.querySelector('main.claims')?.__vue__
  return board && JSON.parse(board.work).pairs === 200 && JSON.parse(board.board)
}"""


def test_the_arrival_and_the_story_say_what_the_page_claims_finds(opened):
    page = opened("", drawn=".verdicts")
    arrival, headline_there = page.evaluate(PAINTED), page.locator("h1").inner_text()
    page.goto(page.url + "story?step=6")
    assert page.evaluate(PAINTED) == arrival
    page.get_by_role("link", name="Move them yourself").click()
    board = page.wait_for_function(JUDGED).json_value()
    judged = {
        row["key"]: f"{row['shown']} ({row['interval']}) {row['unit']}".strip()
        for card in board["cards"]
        for row in card["rows"]
    }
    assert arrival == judged
    assert board["headline"] == headline_there == headline(page)


MEANS = """() => {
  const twin = document.querySelector('main.twin'), found = twin && twin.__vue__.found
  return found && !document.querySelector('.stale') && [found.count, twin.__vue__.base.names, found.rows]
}"""
COMPARED = """(count) => {
  const board = document.querySelector('main.compare'), table = board && board.__vue__.found
  return table && table.count === count && table.rows.every((row) => row[2].every(Boolean)) && table.rows
}"""


def test_means_of_as_many_runs_are_the_same_on_twin_and_on_compare(opened):
    page, date = opened("?page=twin&quarter=2028Q1&seed=4099&compare=baseline,own"), "2028 Q1"
    count, names, rows = page.wait_for_function(MEANS).json_value()
    numbers = [
        number
        for name, (_, unit, *texts) in zip(names, rows, strict=True)
        for number in row_of(f"{name}, {unit}", date, texts[:3], "Twin, table")
    ]
    page.get_by_role("link", name="Compare").click()
    there = [
        number
        for name, unit, ((control, *_), (own, change, *_)) in page.wait_for_function(COMPARED, arg=count).json_value()
        for number in row_of(f"{name}, {unit}", date, (own, control, change.replace("±0", "")), "Compare, table")
    ]
    assert len({one.name for one in numbers} & {one.name for one in there}) == 7
    assert contradictions([*numbers, *there]) == []


@pytest.mark.parametrize(("quarter", "date"), [("2028Q1", "2028 Q1"), ("2030Q4", "2030 Q4")])
def test_no_number_of_a_walk_over_the_pages_contradicts_another(opened, quarter, date):
    page = opened(f"?quarter={quarter}")
    numbers = list(of_watch(page, date))
    for firm in (LAB, "OpenAI", "NVIDIA", "Microsoft"):
        page.evaluate("(name) => document.querySelector('main.watch').__vue__.pick(name)", firm)
        page.get_by_role("dialog", name=firm).wait_for()
        panel = page.get_by_role("dialog", name=firm)
        numbers += [one for one in cards(page, date, f"panel of {firm}", firm) if one.name.startswith(f"{firm}’s ")]
        page.keyboard.press("Escape")
        panel.wait_for(state="detached")
    page.get_by_role("link", name="Twin").click()
    page.get_by_role("button", name="One pair").click()
    page.wait_for_function("() => document.querySelector('main.twin .sumt tbody tr')")
    page.wait_for_function("() => document.querySelector('.story h1').innerText.startsWith('In this one run')")
    numbers += of_twin(page, date)
    page.get_by_role("link", name="Model").click()
    page.wait_for_function("() => document.querySelector('main.model table.mx')")
    numbers += of_model(page, date)
    assert len({one.where for one in numbers}) > 10
    assert f"{LAB}’s {SHARE}" in {one.name for one in numbers}
    assert contradictions(numbers) == []
