"""The Watch page in a real browser: it plays, rewinds, opens a firm, and asks nobody but its own server."""

import re
import time

import pytest

from aimarket.experiments.formatting import DECIMALS, numeral, shown

from .browsing import PATIENCE, answered, place_of

SHOWN = ".qbox b"


def wait_for(page, text, selector=SHOWN):
    """Wait until a text is shown; if it is the date, until the board has that quarter too, which comes by itself."""
    page.wait_for_function(
        """([selector, text, date]) => {
          const board = document.querySelector('main.watch')?.__vue__
          const there = selector !== date || !board || board.at?.date.includes(text)
          return there && document.querySelector(selector)?.textContent.includes(text)
        }""",
        arg=[selector, text, SHOWN],
    )


def test_the_page_loads_and_says_what_to_do(opened):
    page = opened()
    assert page.locator(".story h1").inner_text() == "Nothing has happened yet: press play"
    assert page.locator(".empty button").inner_text().strip() == "Play"


def test_play_goes_on_until_paused(opened):
    page = opened("?speed=8")
    page.get_by_role("button", name="Play", exact=True).first.click()
    wait_for(page, "2027 Q")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).first.wait_for()
    stopped = page.locator(SHOWN).inner_text()
    time.sleep(0.6)
    assert page.locator(SHOWN).inner_text() == stopped
    assert "of AI revenue" in page.locator(".story h1").inner_text()


def test_space_plays_to_2030_and_pauses_and_every_quarter_is_reported(opened):
    page = opened("?speed=8")
    page.keyboard.press(" ")
    wait_for(page, "2030 Q")
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play", exact=True).first.wait_for()
    output = page.evaluate("document.querySelector('main.watch').__vue__.known.frames.map((one) => one.q)")
    assert output == list(range(1, len(output) + 1))
    assert len(output) >= 17


def test_a_rewind_shows_what_was_seen_before(opened):
    page = opened("?quarter=2026Q4")
    before = page.locator(".kpis").inner_text()
    page.keyboard.press("Shift+ArrowRight")
    wait_for(page, "2027 Q4")
    assert page.locator(".kpis").inner_text() != before
    page.keyboard.press("Shift+ArrowLeft")
    wait_for(page, "2026 Q4")
    assert page.locator(".kpis").inner_text() == before


def test_a_click_on_a_firm_opens_its_books_and_escape_closes_them(opened):
    page = opened("?quarter=2028Q1")
    page.mouse.click(*place_of(page, "Anthropic"))
    panel = page.get_by_role("dialog", name="Anthropic")
    panel.wait_for()
    assert "Balance sheet" in panel.inner_text()
    page.wait_for_url(re.compile("firm=Anthropic"))
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")


def test_a_link_shows_the_same_in_another_browser(opened):
    first = opened("?scenario=chip_shock&seed=3&quarter=2028Q2&set=loan_to_value:0.6&firm=NVIDIA")
    first.get_by_role("button", name="Copy link").click()
    link = first.evaluate("navigator.clipboard.readText()")
    second = opened("?" + link.partition("?")[2])
    for part in (SHOWN, ".story h1", ".kpis", ".log", ".panel"):
        assert first.locator(part).inner_text() == second.locator(part).inner_text()


def test_another_scenario_shows_the_same_quarter(opened):
    page = opened("?quarter=2028Q1")
    page.locator(".scen button.v").click()
    page.get_by_role("option", name=re.compile("Credit crunch")).click()
    wait_for(page, "Lenders place", ".story .d")
    assert page.locator(SHOWN).inner_text() == "2028 Q1"
    page.wait_for_url(re.compile("scenario=credit_crunch"))


def test_the_way_back_leads_to_the_scenario_before(opened):
    page = opened("?quarter=2027Q1")
    page.locator(".scen button.v").click()
    page.get_by_role("option", name=re.compile("^Baseline")).click()
    page.wait_for_url(re.compile("scenario=baseline"))
    page.go_back()
    wait_for(page, "Apollo and BlackRock lend", ".story .d")


def test_arrows_lead_from_firm_to_firm_and_not_to_another_quarter(opened):
    page = opened("?quarter=2028Q1")
    page.locator("ul.sr button[tabindex='0']").focus()
    walked = []
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        walked.append(page.evaluate("document.querySelector('main.watch').__vue__.near"))
    nodes = page.evaluate("document.querySelector('main.watch').__vue__.known.setup.nodes")
    column = {node["name"]: node["column"] for node in nodes}
    assert [column[name] for name in walked] == [0, 1, 2, 1]
    assert {node["column"] for node in nodes} == {0, 1, 2, 3}
    assert page.locator(SHOWN).inner_text() == "2028 Q1"
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name=walked[-1]).wait_for()


def test_an_entry_of_the_log_is_marked_on_the_charts_and_a_mark_leads_to_its_quarter(opened):
    page = opened("?quarter=2028Q1")
    marks = """() => document.querySelector('main.watch').__vue__.boards.compute.option.series
      .find((one) => one.name === 'events').data.map((at) => at[0] + 1)"""
    logged = "() => document.querySelector('main.watch').__vue__.log.map((one) => one.q)"
    page.get_by_role("button", name=re.compile("^Chips ")).click()
    quarters = sorted(set(page.evaluate(logged)))
    page.wait_for_function(f"(quarters) => String(({marks})()) === String(quarters)", arg=quarters)
    place = page.evaluate(
        """(q) => { const board = document.querySelector('main.watch').__vue__.boards.compute
          const box = board.element.getBoundingClientRect()
          const [x, y] = board.inner.convertToPixel({ gridIndex: 0 }, [q - 1, 0])
          return [box.x + x, box.y + y - 3] }""",
        quarters[0],
    )
    page.mouse.click(*place)
    page.wait_for_function("q => document.querySelector('main.watch').__vue__.quarter === q", arg=quarters[0])


def test_every_chart_can_be_read_as_a_table_by_the_keyboard(opened):
    page = opened("?quarter=2028Q1")
    for title, word in (("Share of AI revenue, per cent", "OpenAI"), ("Who pays whom", "From"), ("Power", "$ per MWh")):
        button = page.get_by_role("button", name=f"{title}: show as table")
        button.focus()
        page.keyboard.press("Enter")
        table = page.get_by_role("table", name=title, exact=True)
        table.wait_for()
        assert word in table.inner_text()
    rows = page.get_by_role("table", name="Share of AI revenue, per cent").locator("tbody tr")
    assert rows.count() == 9
    shown = page.evaluate("document.querySelector('main.watch').__vue__.at.labels.revenue_share[0][0]")
    assert rows.last.locator("td").first.inner_text() == shown
    page.get_by_role("button", name="Power: show as chart").click()
    assert page.get_by_role("table", name="Power", exact=True).count() == 0


def test_the_charts_of_clouds_stand_in_the_link_and_are_read_as_tables(opened):
    page = opened("?quarter=2028Q1")
    page.get_by_role("button", name="Clouds", exact=True).click()
    page.wait_for_url(re.compile("charts=clouds"))
    button = page.get_by_role("button", name="What compute is let for, $ per H100e-hour: show as table")
    button.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="What compute is let for, $ per H100e-hour")
    table.get_by_role("columnheader", name="Spot", exact=True).wait_for()
    assert table.locator("thead").inner_text().split("\t")[1:3] == ["Contracts", "Spot"]
    last = [cell.inner_text() for cell in table.locator("tbody tr").last.locator("td").all()]
    assert last[0] == page.evaluate("document.querySelector('main.watch').__vue__.at.labels.rents[0][0]")
    assert page.get_by_role("table", name="Compute, M H100e").count() == 0
    page.reload()
    page.get_by_role("button", name="Clouds", exact=True, pressed=True).wait_for()


def test_a_cloud_says_for_whom_it_runs_and_what_it_asks(opened):
    page = opened("?quarter=2028Q1&firm=Microsoft")
    panel = page.get_by_role("dialog", name="Microsoft")
    panel.wait_for()
    output = panel.inner_text()
    for words in ("For whom it runs", "Enterprises, short lets", "Rent it asks", "$/H100e-hour", "Backlog of rent"):
        assert words in output
    node = page.evaluate(
        "document.querySelector('main.watch').__vue__.known.setup.nodes.find((n) => n.name === 'Microsoft')"
    )
    assert (node["kind"], node["column"]) == ("clouds", 2)


def test_the_log_can_be_filtered(opened):
    page = opened("?quarter=2028Q1")
    page.get_by_role("button", name=re.compile("^Deal 6")).click()
    assert page.locator(".log li").count() == 6
    assert "of the deal are drawn" in page.locator(".log li").first.inner_text()


def test_dark_follows_the_system_and_can_be_chosen(opened):
    page = opened("?quarter=2026Q2", scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 19, 23)"
    page.get_by_role("button", name=re.compile("^Theme")).click()
    page.wait_for_function(f"{ground} === 'rgb(246, 245, 241)'")


@pytest.mark.parametrize(("query", "scheme"), [("?page=watch", "dark"), ("?theme=dark", "light")])
def test_the_dark_is_dark_before_styles_have_come(chromium, address, query, scheme):
    page = chromium.new_page(color_scheme=scheme)
    page.route("**/browser/*.css", lambda route: route.abort())
    page.goto(f"{address}/{query}", wait_until="domcontentloaded")
    grounds = page.evaluate(
        "['html', 'body', '#app'].map((s) => getComputedStyle(document.querySelector(s)).backgroundColor)"
    )
    assert set(grounds) == {"rgb(14, 19, 23)"}
    page.close()


def test_everything_fits_a_laptop_without_scrolling(opened):
    page = opened("?quarter=2030Q4", width=1440, height=900)
    height = "document.documentElement.scrollHeight"
    assert page.evaluate(height) <= 900
    page.evaluate("document.querySelector('.story h1').append('; over 200 pairs it is 0.7 points more on average')")
    assert page.evaluate("document.querySelector('.story h1').getClientRects()[0].height") > 40
    assert page.evaluate(height) <= 900


def test_a_bad_link_is_answered_in_words_and_never_as_markup(opened):
    page = opened("?scenario=<img src=x onerror=alert(1)>&seed=-1&set=loan_to_value:9")
    output = page.get_by_role("alert").inner_text()
    assert "There is no scenario “<img src=x onerror=alert(1)>”: deal_35bn is used" in output
    assert "seed = -1 is no whole number" in output
    assert "loan_to_value = 9 lies outside" in output
    assert page.locator(".notes img").count() == 0


def test_numbers_of_tooltips_are_rounded_as_those_of_the_server(opened):
    page = opened()
    small = [0.0, 1e-12, 0.0004, 0.00342, 0.0123456, 0.04]
    values = [*small, 0.995, 1.005, 2.345, 9.996, 42.0, 99.96, 123.4, 999.6, 1234.6, -7.654, -2345.0]
    found = page.evaluate(
        "async (v) => { const t = await import('/browser/charts.js'); return v.map(t.figure) }", values
    )
    assert found == [numeral(value) for value in values]
    for unit in ("", *DECIMALS):
        found = page.evaluate(
            """async ([numbers, unit]) => {
              const tools = await import('/browser/charts.js')
              return numbers.map((one) => tools.shown(one, unit))
            }""",
            [values, unit],
        )
        assert found == [shown(value, unit) for value in values]


def test_visitors_who_leave_give_their_model_back(opened, address):
    page = opened("?quarter=2026Q2")
    assert int(answered(f"{address}/live")) >= 1
    page.close()
    deadline = time.monotonic() + PATIENCE
    while int(answered(f"{address}/live")) > 0:
        assert time.monotonic() < deadline, "a model outlives its visitor"
        time.sleep(0.5)


def test_lists_of_visitors_are_not_to_be_had(address):
    assert answered(f"{address}/resourcez") is None
    assert answered(f"{address}/readyz") is not None


def test_a_quarter_lies_in_the_same_place_in_all_small_charts(opened):
    page = opened("?quarter=2028Q1")
    margins = """() => Object.entries(document.querySelector('main.watch').__vue__.boards)
      .filter(([name, board]) => name !== 'net' && board.width)
      .flatMap(([, board]) => [].concat(board.option.grid).map((grid) => [grid.left, grid.right].join()))"""
    page.wait_for_function(f"() => ({margins})().length > 6")
    assert len(set(page.evaluate(margins))) == 1
