"""Behind a real nginx, under a prefix that it keeps or takes off: every page works, and nothing leaves the prefix."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest

from .browsing import DRAWN, LOOPBACK, PATIENCE, TOURED, answered, serving
from .conftest import listen

PREFIX = "/market"
PORT = "127.0.0.1:8765"
WAYS = ("kept", "stripped")
FAILURES = {*range(400, 600)} - {499}
"""What answers must not say; 499 is nginx's word for a browser that left before it heard."""
NONE = "no nginx: install Debian's package nginx to see the pages behind a proxy"
DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"
QUARTER = "Number(document.querySelector('[role=slider][aria-label=Quarter]').getAttribute('aria-valuenow'))"
BEGUN, AT_QUARTER = f"{QUARTER} > 0", f"number => {QUARTER} === number"
HOSTILE = {
    "X-Forwarded-Prefix": "/evil",
    "X-Script-Name": "/evil",
    "Script-Name": "/evil",
    "X-Forwarded-Host": "evil.invalid",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Port": "1",
    "Forwarded": "host=evil.invalid;proto=https",
    "Host": "evil.invalid:[1]",
}


@pytest.fixture(scope="module")
def nginx():
    """The path of nginx; where there is none, tests are skipped, and fail under CI."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NONE)
        warnings.warn(pytest.PytestWarning(NONE), stacklevel=1)
        pytest.skip(NONE)
    return path


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    """The address of a server that knows its prefix, and whose first visitor was hostile."""
    command = (sys.executable, "-m", "aimarket.server.cli.main", "serve", "--root-path", PREFIX, "--port")
    with serving(tmp_path_factory.mktemp("server") / "log", *command) as url:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/?page=watch", headers=HOSTILE)) as answer:
            assert answer.status == 200
        yield url


@pytest.fixture(scope="module")
def proxy(nginx, behind, tmp_path_factory):
    """An nginx before the server: what it has logged, and its addresses by whether it keeps the prefix."""
    with Proxy(nginx, behind, tmp_path_factory.mktemp("nginx")).running() as it:
        yield it


class Proxy:
    """An nginx with the lines of the documentation, once as they are and once with the prefix taken off."""

    def __init__(self, path, url, folder):
        self.path, self.folder, self.log = path, folder, folder / "asked"
        self.addresses = {way: f"http://{LOOPBACK}:{free_port()}" for way in WAYS}
        (folder / "nginx.conf").write_text(self.configuration(url.removeprefix("http://")))

    def configuration(self, server):
        """Return the whole configuration."""
        place, mapping = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(), re.S)
        kept = place.replace(PORT, server)
        blocks = {"kept": kept, "stripped": kept.replace(f"{server};", f"{server}/;")}
        assert blocks["kept"] != blocks["stripped"]
        servers = "".join(
            f"server {{ listen {address.removeprefix('http://')}; location / {{ return 404; }} {blocks[way]} }}\n"
            for way, address in self.addresses.items()
        )
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        return (
            f"{user} worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/errors warn;\n"
            f"events {{}}\nhttp {{ log_format asked '$status $request_uri'; access_log {self.log} asked;\n"
            f"{temporary}{mapping}{servers}}}\n"
        )

    @contextmanager
    def running(self):
        """Run it until the block ends."""
        process = subprocess.Popen(
            [self.path, "-e", f"{self.folder}/errors", "-p", str(self.folder), "-c", f"{self.folder}/nginx.conf"]
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while answered(f"{self.addresses['kept']}{PREFIX}/readyz") is None:
                assert process.poll() is None, (self.folder / "errors").read_text()
                assert time.monotonic() < deadline, "nginx did not start"
                time.sleep(0.05)
            yield self
        finally:
            process.terminate()
            process.wait(PATIENCE)


def free_port():
    """Return a port that is free."""
    with socket.create_server((LOOPBACK, 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def seen(proxy, chromium):
    """A function that opens the pages through the proxy in a browser of its own; complaints fail the test."""
    contexts, complaints = [], []

    def open_behind(way, query="?page=watch", drawn=DRAWN):
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.add_init_script(TOURED)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        listen(page, f"{proxy.addresses[way]}{PREFIX}/", complaints)
        page.goto(f"{proxy.addresses[way]}{PREFIX}/{query}")
        page.wait_for_selector(drawn)
        return page

    yield open_behind
    for context in contexts:
        context.close()
    assert complaints == []
    asked = [line.split(" ", 1) for line in proxy.log.read_text().splitlines()]
    assert [line for line in asked if not line[1].startswith(f"{PREFIX}/") or int(line[0]) in FAILURES] == []


@pytest.mark.parametrize("way", WAYS)
def test_every_page_works_under_a_prefix_and_nothing_leaves_it(seen, proxy, way):
    page = seen(way, "?twin=one&speed=2")
    page.click("button.play[aria-label=Play]")
    page.wait_for_function(BEGUN)
    page.click("button.play[aria-label=Pause]")
    for name in page.locator("nav.tabs a").all_inner_texts():
        page.locator("nav.tabs a", has_text=name).click()
        page.wait_for_selector(f"nav.tabs a[aria-current]:has-text('{name}')")
        page.wait_for_selector(DRAWN)
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("button[aria-label='Link copied']")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{proxy.addresses[way]}{PREFIX}/?")
    assert page.url.startswith(f"{proxy.addresses[way]}{PREFIX}/?")
    again = seen(way, link.partition(f"{PREFIX}/")[2])
    assert again.locator("nav.tabs a[aria-current]").inner_text() == name


def test_files_are_downloaded_through_a_proxy(seen):
    page = seen("kept", "?quarter=2026Q1&drawer=download")
    with page.expect_download() as download:
        page.locator(".panel.slim button", has_text="CSV").first.click()
    assert download.value.suggested_filename


def test_a_page_goes_on_after_the_proxy_was_away(chromium, nginx, behind, tmp_path):
    proxy = Proxy(nginx, behind, tmp_path)
    context = chromium.new_context()
    context.add_init_script(TOURED)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    with proxy.running():
        page.goto(f"{proxy.addresses['kept']}{PREFIX}/?quarter=2026Q2")
        page.wait_for_selector(DRAWN)
    page.wait_for_selector(".v-overlay--active")
    with proxy.running():
        page.wait_for_selector(".v-overlay--active", state="hidden")
        page.get_by_role("button", name="One quarter on").click()
        page.wait_for_function(AT_QUARTER, arg=3)
    context.close()


@pytest.mark.parametrize("way", WAYS)
def test_the_arrival_and_the_story_stay_under_a_prefix(seen, way):
    page = seen(way, "", drawn="a[href='story?step=1'].btn")
    page.get_by_role("link", name="Read it in six steps").click()
    page.get_by_role("link", name="Next: Drawn").click()
    page.wait_for_selector("h1:has-text('drawn')")
    page.get_by_role("link", name="Watch", exact=True).click()
    page.wait_for_selector(DRAWN)


def test_no_visitor_decides_where_others_find_scripts(behind):
    page = answered(f"{behind}{PREFIX}/?page=watch")
    assert "evil" not in page
    assert f'solara.rootPath = "{PREFIX}"' in page
