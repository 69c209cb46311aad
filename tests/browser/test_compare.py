"""The Compare page in a real browser: scenarios are chosen, kept in the link, and say what Python says."""

import re

import aimarket
from aimarket.experiments.formatting import beside
from aimarket.server.url.compared_scenarios import PRESETS

from .browsing import fits

DATE, QUARTERS = "2027Q2", 6
KNOWN = """() => {
  const cells = [...document.querySelectorAll('.sums tbody td')]
  return cells.length && cells.every((cell) => cell.querySelector('b')) && !document.querySelector('.stale')
}"""
COMPARED = "() => JSON.parse(document.querySelector('main.compare').__vue__.setup).columns.map((one) => one.name)"
CELLS = """() => [document.querySelector('.sums .sub').innerText, Object.fromEntries(
  [...document.querySelectorAll('.sums tbody tr')].map(({ cells: [head, ...rest] }) => [head.innerText,
    rest.map((cell) => [...cell.querySelectorAll('b, .dif')].map((one) => one.innerText))]))]"""


def compared(opened, names="baseline,own", **window):
    """Return the page with the first runs of all scenarios."""
    page = opened(f"?page=compare&quarter={DATE}&compare={names}", **window)
    page.wait_for_function(KNOWN)
    return page


def test_the_table_says_what_compare_says_in_python(opened):
    note, cells = compared(opened).evaluate(CELLS)
    runs = int(re.match(r"Means over (\d+) runs", note)[1])
    twins = aimarket.compare("deal_35bn", replicates=runs, quarters=QUARTERS, runs=())
    own, control = (twins.ensembles[name] for name in ("treated", "control"))
    for label, indicator, unit in (
        ("AI revenue bn $/quarter", "ai_revenue", "bn $/quarter"),
        ("Chip lead time quarters", "chip_lead_time", "quarters"),
    ):
        pair = beside(*(float(one.values(indicator)[-1].mean()) for one in (own, control)), unit)
        (first,), (second, difference) = cells[label]
        assert (second, first) == pair[:2]
        assert difference.startswith(pair.change or "±0")


def test_scenarios_are_chosen_and_the_link_brings_them_back(opened):
    page = compared(opened)
    page.get_by_label("Add a scenario").select_option("bust")
    page.wait_for_url(re.compile("compare=baseline,own,bust"))
    page.get_by_label("Scenario 2").select_option("chip_shock")
    page.wait_for_url(re.compile("compare=baseline,chip_shock,bust"))
    page.get_by_role("button", name="Take out Baseline").click()
    page.wait_for_url(re.compile("compare=chip_shock,bust"))
    page.get_by_label("Lab", exact=True).select_option("xAI")
    page.wait_for_url(re.compile("lab=xAI"))
    page.reload()
    page.wait_for_selector("main.compare canvas")
    assert page.evaluate(COMPARED) == ["chip_shock", "bust"]
    assert page.locator(".multiples h2").first.inner_text().startswith("xAI’s share")
    assert page.get_by_role("button", name="Take out").count() == 0
    taken = page.get_by_label("Held against").locator("option[value=bust]")
    assert taken.is_disabled()


def test_presets_are_one_press_each(opened):
    page = compared(opened)
    for title, names in PRESETS.items():
        page.get_by_role("button", name=title).click()
        page.wait_for_url(re.compile("compare=" + ",".join(names)))
        page.get_by_role("button", name=title, pressed=True).wait_for()
        assert page.evaluate(COMPARED) == list(names)


def test_runs_can_be_cancelled_and_taken_up_again(opened):
    page = opened(f"?page=compare&quarter={DATE}&compare=grid_tight,rd_only&seed=12")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cancel").click()


def test_a_chart_is_a_table_too_and_nothing_is_wider_than_the_window(opened):
    page = compared(opened)
    for width in (1440, 768, 360):
        fits(page, width)
    page.get_by_role("button", name="AI revenue, bn $/quarter: show as table").click()
    heads = page.locator(".tbl:not([hidden]) thead th").all_inner_texts()
    assert heads[:4] == ["Quarter", "Baseline, 5 %", "Baseline, median", "Baseline, 95 %"]
