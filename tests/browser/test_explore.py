"""Explore in a real browser: effects appear while worlds are run, worlds can be filtered, a task can be stopped."""

import re
import sys

from aimarket.experiments.sweeps.sweep import run_sweep
from aimarket.model.parameters import parameters

from .browsing import serving
from .conftest import listen

STUDY = """
question = "What decides it?"
quarters = 14
[design]
method = "latin_hypercube"
size = 24
parameters = ["announcement_effect", "spillover"]
[outcomes]
funding = "C1a.funding"
"""
DONE = "() => /worlds, done in/.test(document.querySelector('.tb .state')?.innerText ?? '')"
HOLDS = "() => JSON.parse(document.querySelector('main.explore').__vue__.seen)"


def explored(opened, query="", **window):
    page = opened(f"?page=explore{query}", **window)
    page.wait_for_function(DONE)
    return page


def test_effects_tornado_and_worlds_are_found_in_one_order(opened):
    page = explored(opened)
    assert "moves funding added per dollar of the deal most" in page.locator(".story h1").inner_text()
    output = page.evaluate("() => JSON.parse(document.querySelector('main.explore').__vue__.ranked)")
    names = [[row[0] for row in output[part]["rows"]] for part in ("ranking", "swings")]
    assert names[0] == names[1]
    assert len(names[0]) == sum(item.uncertain for item in parameters().values())
    assert page.evaluate(HOLDS)["all"] == 400
    assert output["ranking"]["rows"][0][1] in page.locator(".eg .chart").first.get_attribute("aria-label")
    page.wait_for_function("() => !/is being looked for/.test(document.querySelector('.eg .p .sub').innerText)")


def test_worlds_can_be_filtered_judged_and_plotted_and_all_stands_in_the_link(opened):
    page = explored(opened)
    name, item = next((name, item) for name, item in parameters().items() if item.uncertain)
    low, high = (f"{item.low + part * (item.high - item.low):.2g}" for part in (0.3, 0.7))
    page.get_by_role("button", name="+ filter").click()
    page.get_by_label("Filter what").select_option(name)
    page.get_by_label("At least").fill(low)
    page.get_by_label("At most").fill(high)
    page.get_by_role("button", name="Keep these").click()
    page.wait_for_url(re.compile(f"only={name}:{low}:{high}"))
    page.get_by_label("Up", exact=True).select_option("outcome")
    page.wait_for_url(re.compile("up=outcome"))
    page.get_by_label("The bound").fill("0.5")
    page.keyboard.press("Tab")
    page.wait_for_url(re.compile("holds="))
    page.wait_for_function("() => document.querySelector('.eg .p h2').innerText.includes('above 0.5')")
    second = explored(opened, "&" + page.url.partition("?")[2].replace("page=explore&", ""))
    own, other = page.evaluate(HOLDS), second.evaluate(HOLDS)
    assert 0 < own["count"] < own["all"]
    assert (own["count"], own["holds"], own["axes"][1]) == (other["count"], other["holds"], other["axes"][1])


def test_another_outcome_is_explored_and_a_task_can_be_stopped(opened):
    page = explored(opened)
    page.get_by_role("button", name="Sobol").click()
    page.wait_for_url(re.compile("method=sobol"))
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Run it").wait_for()
    page.get_by_role("button", name="Morris, live").click()
    page.wait_for_function(DONE)
    page.get_by_label("Outcome", exact=True).select_option("power_price")
    page.wait_for_function("() => document.querySelector('.story h1').innerText.includes('Power price')")


def test_a_sweep_named_on_the_command_line_is_shown(chromium, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    run_sweep(tmp_path / "study.toml", tmp_path / "results", workers=0)
    command = (
        sys.executable,
        "-m",
        "aimarket.server.cli.main",
        "serve",
        "--sweep",
        str(tmp_path / "results"),
        "--port",
    )
    with serving(tmp_path / "log", *command) as address:
        page, complaints = chromium.new_page(), []
        listen(page, address, complaints)
        page.goto(f"{address}/?page=explore&source=sweep")
        page.wait_for_selector("main.explore")
        page.wait_for_function("() => document.querySelector('.story h1')?.textContent.length > 10")
        assert "What decides it?" in page.locator(".story .d").inner_text()
        assert page.locator("select option:checked", has_text="sweep").count() == 1
        page.close()
    assert complaints == []
