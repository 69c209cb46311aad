"""What a page keeps of its own in a link: read strictly, written back, and nothing else taken from a browser."""

import pytest

from aimarket.server.sessions.controller import Controller
from aimarket.server.url.view_state import EXTRA, link_of, read_link


@pytest.fixture
def controller():
    controller = Controller("page=model")
    yield controller
    controller.close()


def kept(controller, name, text):
    controller.act({"what": "keep", "value": {"name": name, "text": text}})
    return dict(controller.view.value.extra)


@pytest.mark.parametrize(
    ("name", "text"),
    [("trail", "quarter"), ("section", "limits"), ("world", "difference"), ("table", "power"), ("find", "a & <b> ü")],
)
def test_what_a_page_keeps_comes_back_from_its_link(controller, name, text):
    assert kept(controller, name, text) == {name: text}
    reading = read_link(controller.link())
    assert (dict(reading.view.extra), reading.problems) == ({name: text}, ())
    assert link_of(reading.view) == controller.link()


def test_an_empty_text_takes_a_part_out_of_the_link(controller):
    kept(controller, "section", "limits")
    assert kept(controller, "section", "") == {}


@pytest.mark.parametrize("name", ["trail", "section", "world", "table"])
def test_a_word_that_no_page_knows_is_reported_and_left_out(name):
    reading = read_link(f"{name}=<script>")
    assert dict(reading.view.extra) == {}
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith(f"{name} = <script> is none of ")


@pytest.mark.parametrize("text", ["x" * 41, "a\nb"])
def test_what_is_looked_for_is_short_and_one_line(text):
    reading = read_link("find=" + text.replace("\n", "%0A"))
    assert dict(reading.view.extra) == {}
    assert "nothing is looked for" in reading.problems[0]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "section",
        {},
        {"name": "section"},
        {"name": "nonsense", "text": "x"},
        {"name": ["a"], "text": "x"},
        {"name": "section", "text": 3},
        {"name": "section", "text": "<b>"},
    ],
)
def test_what_no_page_would_ask_to_keep_is_not_kept(controller, value):
    controller.act({"what": "keep", "value": value})
    assert dict(controller.view.value.extra) == {}


def test_every_part_of_a_link_refuses_what_it_does_not_know():
    for name in EXTRA:
        assert read_link(f"{name}=%00").problems
