"""What a visitor does while quarters play stays done."""

from aimarket.model.parameters import parameters

from .browsing import DRAWN, PAST, QUARTER

NAME, MOVED = next((name, item) for name, item in parameters().items() if item.uncertain)
SLIDER = f".panel.slim input[data-parameter={NAME}]"
ANOTHER_COMES = """() => {
  const drawer = document.querySelector('.panel.slim').__vue__, payload = JSON.parse(drawer.payload)
  payload.groups.flatMap((g) => g.items).find((i) => i.name === 'NAME').value = DEFAULT
  drawer.payload = JSON.stringify(payload)
}""".replace("NAME", NAME).replace("DEFAULT", f"{MOVED.default}")
LINK = "document.querySelector('.am-frame').__vue__.link"


def test_a_scenario_a_slider_and_a_theme_chosen_while_playing_stay(opened):
    page = opened("?speed=2&drawer=steer")
    page.click("button.play[aria-label=Play]")
    page.wait_for_function(PAST, arg=0)
    page.click("button[aria-label^='Theme']")
    page.click("button[aria-haspopup=listbox]")
    page.click("[role=option]:has-text('Chip shock')")
    page.wait_for_function(f"{LINK}.includes('chip_shock')")
    page.locator(SLIDER).focus()
    page.keyboard.press("End")
    page.wait_for_function(f"{LINK}.includes('set=')")
    page.wait_for_function(PAST, arg=page.evaluate(QUARTER) + 2)
    page.click("button.play[aria-label=Pause]")
    page.wait_for_selector("button.play[aria-label=Play]")
    link = page.evaluate(LINK)
    assert "scenario=chip_shock" in link
    assert "theme=light" in link
    assert "set=" in link


def test_the_address_follows_while_quarters_play(opened):
    page = opened("?speed=2")
    page.keyboard.press(" ")
    page.wait_for_function("location.search.includes('quarter=')")
    assert page.get_by_role("button", name="Pause").count() == 1


def test_a_value_keyed_in_stays_when_another_one_comes_from_the_server_before_it_is_sent(opened):
    page = opened("?drawer=steer")
    page.locator(SLIDER).press("End")
    page.evaluate(ANOTHER_COMES)
    page.wait_for_function(f"{LINK}.includes('set={NAME}:{MOVED.high:g}')")


def test_thirty_presses_of_an_arrow_move_thirty_quarters_however_fast_they_come(opened):
    page = opened()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{QUARTER} === 30")


def test_a_reload_while_it_plays_keeps_the_quarter(opened):
    page = opened("?page=watch&speed=8")
    page.keyboard.press(" ")
    page.wait_for_function("location.search.includes('quarter=2027')")
    shown = page.evaluate("new URLSearchParams(location.search).get('quarter')")
    page.reload()
    page.wait_for_selector(DRAWN)
    assert page.get_by_role("slider", name="Quarter").get_attribute("aria-valuetext").replace(" ", "") >= shown
