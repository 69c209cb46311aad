"""Steer, download and code in a real browser: what is changed stands in the link, what is taken home can be read."""

import io
import json
import re
import struct
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyarrow.parquet as pq

from aimarket.model.scenarios.scenario import parse_scenario

from .browsing import answered

DEAL = "deal=50~2026Q3~loan~xAI:1~Apollo:1~chips:0.4~0.5,0.5"
TITLE = ".story h1"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def fetched(page, click):
    with page.expect_download() as waited:
        click()
    return Path(waited.value.path()).read_bytes(), waited.value.suggested_filename


def test_a_composed_deal_runs_and_stands_in_the_link(opened):
    page = opened("?quarter=2027Q1")
    before = page.locator(TITLE).inner_text()
    button(page, "Steer").click()
    page.get_by_label("Anthropic, per cent", exact=True).fill("0")
    assert button(page, "Run this deal").is_disabled()
    assert "adds to 0 %" in page.locator(".compose").inner_text()
    page.get_by_label("Meta, per cent", exact=True).fill("100")
    page.get_by_role("spinbutton", name="Amount, bn $").fill("120")
    button(page, "Run this deal").click()
    page.wait_for_url(re.compile("deal=120~2026Q2~loan~Meta:1~"))
    page.wait_for_function("([s, t]) => document.querySelector(s).textContent !== t", arg=[TITLE, before])
    assert "Meta holds" in page.locator(TITLE).inner_text()
    second = opened("?" + page.url.partition("?")[2])
    assert second.locator(TITLE).inner_text() == page.locator(TITLE).inner_text()
    button(page, "Back to the scenario’s").click()
    page.wait_for_function("([s, t]) => document.querySelector(s).textContent === t", arg=[TITLE, before])


def test_a_loan_gets_a_rate_and_a_term_and_a_warning_where_its_funder_has_too_little(opened):
    page = opened("?scenario=baseline&quarter=2026Q4&drawer=steer")
    page.get_by_role("spinbutton", name="Amount, bn $").fill("900")
    page.get_by_label("Interest, per cent a year; as lenders quote where empty").fill("12")
    page.get_by_label("Term, quarters; as other loans where empty").fill("8")
    button(page, "Run this deal").click()
    page.wait_for_function("decodeURIComponent(location.search).includes('~rate=0.12;term=8')")
    page.locator(".compose .warned", has_text="called from savers").wait_for()
    page.get_by_label("Instrument").select_option("equity")
    assert page.get_by_label("Term, quarters; as other loans where empty").count() == 0
    button(page, "Run this deal").click()
    page.wait_for_function("!decodeURIComponent(location.search).includes('term')")
    assert page.locator(".compose .refused").count() == 0


def test_a_slider_changes_the_run_and_escape_closes_the_drawer(opened):
    page = opened("?quarter=2028Q1")
    before = page.locator(".kpis").inner_text()
    button(page, "Steer").click()
    page.get_by_label("Look for a parameter").fill("loan to value")
    slider = page.locator("input[data-parameter=loan_to_value]")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("set=loan_to_value:0.4"))
    page.wait_for_function("t => document.querySelector('.kpis').innerText !== t", arg=before)
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Steer").wait_for(state="detached")


def test_everything_that_is_downloaded_can_be_read(opened):
    page = opened(f"?scenario=baseline&quarter=2027Q1&set=spillover:0.2&{DEAL}")
    button(page, "Download").click()
    content, name = fetched(page, button(page, "CSV").click)
    csv = pd.read_csv(io.BytesIO(content))
    assert len(csv) == 10
    assert name.endswith(".csv")
    content, _ = fetched(page, button(page, "Parquet").click)
    assert pq.read_table(io.BytesIO(content)).num_rows == 10
    content, name = fetched(page, button(page, "Everything, ZIP").click)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        labs = pd.read_csv(io.BytesIO(archive.read("ai_labs.csv")))
    assert len(labs.query("world == 'scenario' and firm == 'xAI'")) == 5
    content, name = fetched(page, button(page, "TOML").click)
    case = parse_scenario(content.decode(), "own", name)
    assert tomllib.loads(content.decode())["parameters"] == {"spillover": 0.2}
    assert case.deals[0].recipients == {"xAI": 1.0}
    content, _ = fetched(page, page.get_by_role("button", name="Share of AI revenue as PNG").click)
    assert struct.unpack(">II", content[16:24])[0] > 400
    content, _ = fetched(page, page.get_by_role("button", name="Who pays whom as SVG").click)
    drawing = ElementTree.fromstring(content.decode())
    assert "Anthropic" in "".join(drawing.itertext())
    shown = re.match(r"[\d.,]+", page.locator(".kpi .v").first.inner_text())[0]
    assert f"{csv['ai_revenue'].iloc[4]:.3g}" == shown


def test_the_code_is_shown_and_copied(opened):
    page = opened("?quarter=2027Q1&seed=3&set=loan_to_value:0.6")
    button(page, "Code").click()
    wanted = "aimarket run deal_35bn --seed 3 --replicate 0 --quarters 5 --set loan_to_value=0.6"
    assert page.locator("pre[data-code=shell]").inner_text().strip() == wanted
    button(page, "Copy Shell").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == wanted


def test_a_drawer_takes_the_focus_and_gives_it_back(opened):
    page = opened("?quarter=2026Q2", width=768)
    for drawer in ("Steer", "Download", "Code"):
        button(page, drawer).click()
        page.wait_for_function("document.activeElement.getAttribute('aria-label') === 'Close, Escape'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 768, drawer
        page.keyboard.press("Escape")
        page.wait_for_function("name => document.activeElement.getAttribute('aria-label') === name", arg=drawer)


def test_a_link_opens_its_drawer_and_the_chooser_names_the_composed_deal(opened):
    page = opened(f"?drawer=steer&{DEAL}")
    page.get_by_role("dialog", name="Steer").wait_for()
    assert "50 bn for xAI" in page.locator(".scen button.v").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('drawer')")


def test_a_first_visit_gets_a_tour_that_does_not_come_back(opened):
    page = opened(tour=True)
    for step in range(1, 4):
        page.get_by_role("dialog", name=f"Tour, step {step} of 4").get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Done").click()
    page.reload()
    page.wait_for_selector("main canvas")
    page.wait_for_timeout(800)
    assert page.get_by_role("dialog").count() == 0


def test_the_tour_can_be_skipped(opened):
    page = opened(tour=True)
    page.get_by_role("button", name="Skip").click()
    assert page.evaluate("localStorage.getItem('aimarket-tour')") == "seen"


def test_no_file_of_the_machine_is_served(address):
    assert answered(f"{address}/browser/../errors.py") is None
    assert json.dumps(answered(f"{address}/browser/..%2ferrors.py")) == "null"


def test_a_scenario_file_runs_stands_in_the_link_and_is_refused_where_it_is_wrong(opened, tmp_path):
    page = opened("?quarter=2026Q2&drawer=steer")
    wrong, right = tmp_path / "wrong.toml", tmp_path / "right.toml"
    wrong.write_text('[[changes]]\nparameter = "chip_capacity"\nset = 1\nfrom = "2026Q1"\n')
    right.write_text(
        'title = "Chips halved"\n' + wrong.read_text().replace("city", "city_available").replace("= 1", "= 0.5")
    )
    page.get_by_label("A scenario file", exact=True).set_input_files(wrong)
    page.get_by_role("alert").get_by_text("chip_capacity").wait_for()
    page.get_by_label("A scenario file", exact=True).set_input_files(right)
    page.wait_for_function("location.search.includes('file=')")
    page.get_by_text("Chips halved", exact=True).first.wait_for()
    assert not page.get_by_role("alert").count()
    again = opened(f"?{page.url.partition('?')[2]}")
    again.get_by_text("Chips halved", exact=True).first.wait_for()
    button(again, "Back to the scenario").click()
    again.wait_for_function("!location.search.includes('file=')")
