"""A page looks the same whichever pages were opened before it."""

import re
from pathlib import Path

import pytest

from aimarket.server.url.view_state import PAGES
from aimarket.server.web import asgi

from .browsing import DRAWN

SERVER = Path(asgi.__file__).parents[1]
SEEN = 10
"""Elements that a page has at least, so that there is something to compare."""

LOOKS = """name => {
  const parts = ['fontSize', 'fontWeight', 'fontFamily', 'lineHeight', 'letterSpacing', 'textAlign', 'color',
    'backgroundColor', 'display', 'position', 'whiteSpace', 'verticalAlign', 'opacity', 'overflow', 'flexDirection',
    'alignItems', 'justifyContent', 'gap', 'padding', 'marginTop', 'marginBottom', 'borderTopWidth', 'borderTopStyle',
    'borderTopColor', 'borderBottomWidth', 'borderBottomColor', 'borderLeftWidth', 'borderRadius', 'listStyleType',
    'minHeight', 'maxWidth', 'textDecorationLine', 'cursor', 'order', 'transform']
  const states = ['aria-pressed', 'aria-selected', 'aria-current', 'aria-expanded', 'disabled', 'type', 'hidden']
  const step = (e) => {
    const all = e.parentElement.children, place = [...all].indexOf(e)
    const said = states.filter((a) => e.hasAttribute(a)).map((a) => a + '=' + e.getAttribute(a))
    return [e.tagName, ...[...e.classList].sort(), place, all.length - place, ...said].join('.')
  }
  const root = document.querySelector('main.' + name), path = new Map([[root, 'main']]), told = {}
  for (const e of root.querySelectorAll('*')) {
    if (e.closest('svg, .chart, [role=figure]')) continue
    path.set(e, path.get(e.parentElement) + ' ' + step(e))
    const style = getComputedStyle(e)
    told[path.get(e)] = Object.fromEntries(parts.map((part) => [part, style[part]]))
  }
  return told
}"""
"""The computed styles of a page's elements, by all that they may depend on: tags, classes, places and states."""

LOADED = """name => document.querySelector('main.' + name) && document.querySelector('main.' + name).offsetHeight > 0
  && [...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet)"""


def looks(page, name):
    """Return how a page looks once it is there."""
    page.wait_for_function(LOADED, arg=name)
    page.wait_for_selector(DRAWN)
    return page.evaluate(LOOKS, name)


def walked(page, names):
    """Open pages one after the other, and return how each looks."""
    found = {names[0]: looks(page, names[0])}
    for name in names[1:]:
        page.keyboard.press(str(PAGES.index(name) + 1))
        found[name] = looks(page, name)
    return found


def query(name):
    """Return the link to a page that has something to show, and little to compute."""
    return f"?page={name}&quarter=2026Q2&twin=one&section=books"


@pytest.mark.slow
def test_a_page_looks_the_same_whichever_was_opened_before(opened, address):
    page, orders, later = opened(), (PAGES, PAGES[::-1]), []
    for order in orders:
        page.goto(f"{address}/{query(order[0])}")
        later.append(walked(page, order))
    first = {order[0]: found[order[0]] for order, found in zip(orders, later, strict=True)}
    for name in PAGES[1:-1]:
        page.goto(f"{address}/{query(name)}")
        first[name] = looks(page, name)
    for order, found in zip(orders, later, strict=True):
        for name in order:
            both = first[name].keys() & found[name].keys()
            assert len(both) > SEEN, name
            changed = {
                key: (first[name][key], found[name][key]) for key in both if first[name][key] != found[name][key]
            }
            assert changed == {}, f"{name} after {', '.join(order[: order.index(name)])}"


def test_the_styles_of_a_page_begin_with_its_class():
    checked = []
    for component in SERVER.glob("components/*.vue"):
        text = component.read_text()
        for sheet in re.findall(r"style\('(\w+\.css)'\)", text):
            page = re.search(r'<main class="am (\w+)"', text)[1]
            checked += [(page, head) for head in heads((SERVER / "browser" / sheet).read_text())]
    assert len(checked) > 5
    assert [(page, head) for page, head in checked if f"main.{page}" not in head] == []


def heads(text):
    """Return what stands before each outermost block of a style sheet."""
    found, depth, head = [], 0, ""
    for letter in re.sub(r"/\*.*?\*/", "", text, flags=re.S):
        depth += (letter == "{") - (letter == "}")
        if depth == 1 and letter == "{":
            found.append(head.strip())
        head = head + letter if depth == 0 and letter != "}" else ""
    return found


def test_no_component_asks_for_anything_outside_the_prefix():
    absolute = re.compile(r"""(?:import\(|src=|href=|url\(|fetch\(|new URL\()\s*['"`]?/(?!\*)""")
    files = [*SERVER.glob("components/*.vue"), *SERVER.glob("browser/*")]
    assert len(files) > 20
    assert [(file.name, found) for file in files for found in absolute.findall(file.read_text())] == []
