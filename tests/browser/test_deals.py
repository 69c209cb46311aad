"""Deals in a real browser: they are found, a lease is composed and runs, its money adds up, and its failure is told."""

import re

import pytest

from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.dates import date_of

from .browsing import place_of

VEHICLE = "35 bn vehicle for Anthropic's TPUs"
NOTES = ("A1", "A2", "B")
TRANCHES = (("Senior", "60", "5.5", "1"), ("Middle", "25", "7", "2"), ("Junior", "15", "9", "3"))
"""Name, per cent of the deal, coupon in per cent and rank."""


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def contracts(panel):
    """Return the rows of a panel's table of contracts."""
    rows = panel.locator(".sec", has_text="Contracts").locator("tbody tr")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def overlapping(page):
    """Return the boxes of the composer in which a number has no room beside its unit, by their labels."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.compose .in')].filter((box) => {
          const field = box.querySelector('input')
          const until = field.getBoundingClientRect().right - parseFloat(getComputedStyle(field).paddingRight)
          return box.querySelector('em').getBoundingClientRect().left < until
        }).map((box) => box.querySelector('input').getAttribute('aria-label'))"""
    )


def shown(text):
    """Return an amount that the page shows, and what it may be off by: half of its last digit."""
    decimals = len(text.partition(".")[2])
    return float(text), 0.5 * 10.0**-decimals


def added(rows):
    """Return the sum of rows of a Sankey's table, and what it may be off by, bn $."""
    amounts = [shown(row[2]) for row in rows]
    return sum(value for value, _ in amounts), sum(off for _, off in amounts)


def test_the_chooser_groups_scenarios_and_arrows_lead_over_the_groups(opened):
    page = opened("?quarter=2026Q2", width=768)
    page.locator(".scen button.v").click()
    real = page.get_by_role("group", name="Real financings").get_by_role("option")
    assert [name.partition(" ")[0] for name in real.all_inner_texts()] == ["Financing"] * real.count()
    page.get_by_role("option", name=re.compile("^Baseline")).focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.closest('[role=group]').getAttribute('aria-label') === 'Deals'")
    page.keyboard.press("Enter")
    page.get_by_role("listbox", name="Scenarios").wait_for(state="detached")
    assert page.locator(".qbox b").inner_text() == "2026 Q2"


def test_a_lease_with_three_tranches_and_a_guarantee_is_composed_and_runs(opened):
    page = opened("?quarter=2027Q1")
    button(page, "Steer").click()
    form = page.get_by_role("form", name="The deal")
    form.get_by_label("Instrument").select_option("lease")
    for _ in TRANCHES[1:]:
        button(page, "add one").click()
    for place, (name, part, coupon, rank) in enumerate(TRANCHES, 1):
        form.get_by_label(f"Name of tranche {place}").fill(name)
        form.get_by_label(f"{name}, per cent of the deal").fill(part)
        form.get_by_label(f"{name}, coupon, per cent a year").fill(coupon)
        form.get_by_label(f"{name}, rank: 1 is paid first").fill(rank)
    form.get_by_label("Senior is guaranteed").check()
    form.get_by_label("The guarantor pays at most, bn $").fill("12")
    button(page, "Run this deal").click()
    page.wait_for_url(re.compile("Senior:0.6:0.055:1:guaranteed,Middle:0.25:0.07:2,Junior:0.15:0.09:3"))
    link = page.url.partition("?")[2]
    second = opened(f"?{link.replace('drawer=steer', '')}")
    second.mouse.click(*place_of(second, "35 bn for Anthropic"))
    panel = second.get_by_role("dialog", name="35 bn for Anthropic")
    panel.wait_for()
    rows = contracts(panel)
    assert [row[:2] for row in rows[:3]] == [
        ["Senior", "notes, 5.50 % a year, rank 1, guaranteed"],
        ["Middle", "notes, 7.00 % a year, rank 2"],
        ["Junior", "notes, 9.00 % a year, rank 3"],
    ]
    senior, middle, junior = (float(row[2]) for row in rows[:3])
    assert senior > middle > junior > 0.0
    assert rows[-1][1:3] == ["guarantee given, 0 bn $ called", "12"]


def test_a_deal_for_a_cloud_is_composed_and_what_it_has_no_use_for_refused(opened):
    page = opened("?quarter=2027Q1&drawer=steer")
    form, run = page.get_by_role("form", name="The deal"), button(page, "Run this deal")
    form.get_by_label("To, Anthropic, per cent").fill("0")
    form.get_by_label("To, Oracle, per cent").fill("100")
    run.click()
    form.get_by_text("Oracle has no lab to pay researchers for: bind the money to clusters, chips or halls").wait_for()
    form.get_by_label("Bound to, research, per cent").fill("0")
    run.click()
    page.wait_for_url(re.compile("Oracle"))
    second = opened(f"?{page.url.partition('?')[2].replace('drawer=steer', '')}")
    second.mouse.click(*place_of(second, "Oracle"))
    panel = second.get_by_role("dialog", name="Oracle")
    panel.locator(".sec", has_text="Contracts").locator("tbody tr", has_text="drawn, bound to a use").wait_for()


def test_a_lease_runs_only_when_its_tranches_add_up_and_its_guarantee_has_an_amount(opened):
    page = opened("?scenario=deal_reported&quarter=2027Q1&drawer=steer")
    form, run = page.get_by_role("form", name="The deal"), button(page, "Run this deal")
    form.get_by_label("A1, per cent of the deal").fill("64")
    form.get_by_text("add to 120 %").wait_for()
    assert run.is_disabled()
    form.get_by_role("button", name="scale to 100 %").click()
    form.get_by_text("add to 120 %").wait_for(state="detached")
    assert run.is_enabled()
    assert form.get_by_label("B, per cent of the deal").input_value() == "10"
    form.get_by_label("The guarantor pays at most, bn $").fill("0")
    form.get_by_text("say how much").wait_for()
    assert run.is_disabled()


def test_a_vehicle_opens_from_the_network_and_shows_its_tranches(opened):
    page = opened("?scenario=deal_reported&quarter=2027Q1")
    page.mouse.click(*place_of(page, VEHICLE))
    panel = page.get_by_role("dialog", name=VEHICLE)
    panel.wait_for()
    rows = contracts(panel)
    assert [row[0] for row in rows[:3]] == list(NOTES)
    notes, off = added([row for row in rows if row[1].startswith("notes,")])
    held, held_off = added([row for row in rows if row[1] == "holds notes"])
    assert notes > 0.0
    assert held == pytest.approx(notes, abs=off + held_off)


def test_the_table_of_the_sankey_adds_up_to_the_deal(opened):
    page = opened("?page=money&scenario=deal_reported&quarter=2027Q1")
    button(page, "Where the dollars of the deal are, bn $: show as table").press("Enter")
    found = page.locator(".sk .tbl tbody tr")
    rows = [row.locator("th, td").all_inner_texts() for row in found.all()]
    agreed, off = added([row for row in rows if row[1] in (*NOTES, "Not drawn")])
    assert agreed == pytest.approx(35.0, abs=off)
    drawn, off = added([row for row in rows if row[1] in NOTES])
    tied, tied_off = added([row for row in rows if row[0] in NOTES])
    ends, ends_off = added([row for row in rows if row[0] in ("Chips", "Clusters", "Halls", "Research")])
    assert drawn > 0.0
    assert tied == pytest.approx(drawn, abs=off + tied_off)
    assert ends == pytest.approx(tied, abs=tied_off + ends_off)


def first_missed(scenario, seed):
    """Return the first quarter in which a lease is not paid, as a link writes it."""
    run = TwinRun(scenario, seed)
    while not run.length or not run.at(run.length).own.happened("rent missed"):
        assert run.step()
    return date_of(run.case, run.length).replace(" ", "")


def test_the_log_tells_a_missed_rent_what_is_taken_back_and_what_the_guarantor_pays(opened):
    page = opened(f"?scenario=deal_stress&seed=11&quarter={first_missed('deal_stress', 11)}")
    page.get_by_role("group", name="Filter").get_by_role("button", name=re.compile("^Leases")).click()
    log = page.locator(".log li.here").all_inner_texts()
    assert sum(f"The rent of “{VEHICLE}” is not paid" in line for line in log) == 1
    assert sum(f"“{VEHICLE}” takes back what it owns and sells it" in line for line in log) == 1
    assert sum(f"The guarantor pays for “{VEHICLE}”" in line for line in log) == 1
    called = next(line for line in log if "guarantor" in line)
    page.mouse.click(*place_of(page, VEHICLE))
    panel = page.get_by_role("dialog", name=VEHICLE)
    panel.wait_for()
    paid = panel.locator(".pf .kpi", has_text="Guarantor has paid").locator(".v").inner_text()
    assert re.search(r"([\d.]+) bn \$$", called.strip())[1] == re.match(r"[\d.]+", paid)[0]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark")])
def test_the_composer_of_a_lease_has_room_for_every_number(opened, width, scheme):
    page = opened("?scenario=deal_reported&drawer=steer", width=width, scheme=scheme)
    page.get_by_role("form", name="The deal").wait_for()
    assert page.locator(".compose .in").count() > 10
    assert overlapping(page) == []
    box = page.get_by_label("A1 is guaranteed").bounding_box()
    assert box["height"] <= page.get_by_label("A1, per cent of the deal").bounding_box()["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
