"""Pictures of every page, light and dark, wide and narrow: python tests/browser/screenshots.py docs/images."""

import sys
import tempfile
import time
from pathlib import Path

from browsing import DRAWN, PATIENCE, TOURED, browsing, serving
from PIL import Image

from aimarket.server.app import pages

WIDE, NARROW, PHONE = ({"width": width, "height": height} for width, height in ((1440, 900), (768, 1024), (390, 844)))
SETTLED = 2.0
"""Seconds until a page that is drawn has stopped moving."""

STEPS = 4
"""How often a page that has finished is asked whether it has begun something else."""

COLOURS, SWEEPS = 256, 4


def views():
    """Yield a name, a link and a window for every picture."""
    for theme in ("light", "dark"):
        yield f"arrival-{theme}", "", WIDE
        yield f"story-{theme}", "story?step=3", WIDE
    yield "arrival-phone", "", PHONE
    yield "story-phone", "story?step=5", PHONE
    for name, query, window in market_views():
        yield name, f"?{query}", window


def market_views():
    """Yield the same for pages of the market, whose links are queries."""
    for page in pages():
        query = f"page={page}&quarter=2030Q4"
        for theme in ("light", "dark"):
            yield f"{page}-{theme}", f"{query}&theme={theme}", WIDE
        yield f"{page}-narrow", f"{query}&theme=light", NARROW
    for theme in ("light", "dark"):
        cases = "compare=baseline,demand_winter,credit_crunch,triple_squeeze"
        yield f"compare-wrong-{theme}", f"page=compare&quarter=2030Q4&{cases}&theme={theme}", WIDE
        yield f"sobol-{theme}", f"page=explore&method=sobol&theme={theme}", WIDE
        yield f"money-draws-{theme}", f"page=money&quarter=2027Q2&theme={theme}", WIDE
        yield f"firm-{theme}", f"quarter=2027Q1&firm=Anthropic&theme={theme}", WIDE
        yield f"clouds-{theme}", f"quarter=2028Q2&scenario=cloud_glut&charts=clouds&theme={theme}", WIDE
        yield f"cloud-{theme}", f"quarter=2027Q1&firm=Microsoft&theme={theme}", WIDE
        leased = f"scenario=deal_reported&quarter=2028Q2&theme={theme}"
        yield f"vehicle-{theme}", f"{leased}&firm=35+bn+vehicle+for+Anthropic's+TPUs", WIDE
        yield f"compose-{theme}", f"{leased}&drawer=steer", WIDE
        yield f"money-vehicle-{theme}", f"page=money&{leased}", WIDE
    for page in ("watch", "compare"):
        yield f"{page}-phone", f"page={page}&quarter=2030Q4&theme=light", PHONE
    for section in ("description", "parameters", "data", "limits"):
        yield f"model-{section}", f"page=model&quarter=2030Q4&section={section}&theme=light", WIDE


def take(browser, address, link, window, path):
    """Take a picture, with as few colours as one can see."""
    painted = not link.startswith("?")  # before anything runs, in the colours of the browser
    scheme = "dark" if painted and path.stem.endswith("dark") else "light"
    context = browser.new_context(viewport=window, color_scheme=scheme)
    context.add_init_script(TOURED)
    page = context.new_page()
    page.goto(f"{address}/{link}")
    page.wait_for_selector("h1" if painted else DRAWN, timeout=1000 * PATIENCE)
    time.sleep(2.0 * SETTLED if painted else SETTLED)  # a painted chart plays once
    for _ in range(STEPS):
        page.wait_for_function("() => !document.querySelector('main [role=progressbar]')", timeout=1000 * PATIENCE)
        time.sleep(SETTLED / STEPS)
    page.screenshot(path=path, full_page=window is not WIDE)
    context.close()
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS, kmeans=SWEEPS, dither=Image.Dither.NONE).save(path, optimize=True)


def main(folder, beginning=""):
    """Take all pictures, or those whose names begin so."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, serving(Path(scratch) / "log") as address, browsing() as browser:
        for name, link, window in (view for view in views() if view[0].startswith(beginning)):
            take(browser, address, link, window, Path(folder) / f"{name}.png")
            print(f"{folder}/{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:3] or ["docs/images"])
