"""The gateway: what it serves, what it keeps shut, and how many it lets in."""

import asyncio
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families
from solara.server import kernel_context

import aimarket
from aimarket.server.web.asgi import site
from aimarket.server.web.gateway import COOKIE, Site, host_of, within

MARKET = b"page=watch"
CHANNELS, PAGE = "/jupyter/api/kernels/x/channels", b"session_id=page"
OURS = (b"origin", b"https://market.example"), (b"host", b"market.example")
THEIRS = (b"origin", b"https://evil.example")
SENT = b"solara-session-id=x; expires=Fri, 01 Jan 2038 00:00:00 GMT; Path=/; SameSite=lax"


class Inner:
    """Answers as Solara would, and keeps what it was asked."""

    scope = None

    async def __call__(self, scope, receive, send):
        """Answer."""
        self.scope = scope
        await send({"type": "http.response.start", "status": 299, "headers": [(b"set-cookie", SENT)]})
        await send({"type": "http.response.body", "body": b"pages"})


def asked(path, kind="http", visitors=3, **output):
    """Return what a site says to a request: its messages."""
    return asked_and_seen(path, kind, visitors, **output)[0]


def asked_and_seen(path, kind="http", visitors=3, root_path="", headers=(), scheme="http", query=b"", at=None, **site):
    """Return what a site says to a request, and what Solara sees of it; None where it sees nothing."""
    sent, heard = [], []

    async def receive():
        if heard:
            await asyncio.Event().wait()  # a browser that stays says nothing more
        heard.append(kind)
        return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "raw_path": path.encode(),
        "method": "GET",
        "headers": [*headers],
        "query_string": query,
        "root_path": "",
        "scheme": scheme,
    }
    inner = Inner()
    asyncio.run((at or Site(inner, visitors, root_path, **site))(scope, receive, send))
    return sent, inner.scope


@pytest.fixture
def full(monkeypatch):
    """A server whose places are taken by three visitors."""
    monkeypatch.setattr(kernel_context, "contexts", {"anna": None, "bert": None, "cleo": None})


@pytest.mark.parametrize(
    "path", ["/resourcez", "/_solara/api/evict/x", "/jupyter/api/kernels/x", "/browser/nothing.js"]
)
def test_what_nobody_needs_is_not_there(path):
    assert asked(path)[0]["status"] == 404


@pytest.mark.parametrize(
    "path", ["/browser/../errors.py", "/browser/%2e%2e/errors.py", "/browser/../../pyproject.toml"]
)
def test_no_file_outside_is_served(path):
    assert asked(path)[0]["status"] == 404


@pytest.mark.parametrize("path", ["/browser/charts.js", "/browser/tokens.css"])
def test_our_own_scripts_and_styles_are_served(path):
    assert asked(path)[0]["status"] == 200


def test_our_own_scripts_are_never_older_than_the_pages_that_load_them():
    headers = dict(asked("/browser/charts.js")[0]["headers"])
    assert headers[b"cache-control"] == b"no-cache"
    assert b"etag" in headers


def test_a_visitor_is_let_in_while_there_is_a_place():
    assert asked("/", query=MARKET)[0]["status"] == 299


@pytest.mark.parametrize(("path", "query"), [("/", b""), ("/story", b"step=3"), ("/story", b"")])
@pytest.mark.parametrize("prefix", ["", "/market"])
def test_whoever_arrives_is_painted_a_page_though_all_places_are_taken(full, prefix, path, query):
    (start, body), seen = asked_and_seen(f"{prefix}{path}", root_path=prefix, query=query)
    assert (start["status"], seen) == (200, None)
    assert body["body"].startswith(b'<!doctype html><html lang="en">')


def test_a_story_with_a_slash_leads_to_the_story():
    start = asked("/market/story/", root_path="/market", query=b"step=3")[0]
    assert (start["status"], dict(start["headers"])[b"location"]) == (307, b"/market/story?step=3")


def test_a_document_of_the_market_is_as_long_as_it_says():
    start, body = asked("/", query=MARKET)
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()


def test_when_all_places_are_taken_a_newcomer_is_reported_so(full):
    start, body = asked("/", query=MARKET)
    assert start["status"] == 503
    assert body["body"] == b"All 3 places are taken. Try again in a minute."


def test_when_all_places_are_taken_no_newcomer_gets_a_model(full):
    assert asked("/jupyter/api/kernels/dora/channels", "websocket", query=PAGE)[0]["code"] == 1013


def test_whoever_has_a_place_keeps_it(full):
    assert asked("/jupyter/api/kernels/bert/channels", "websocket", query=PAGE)[0]["status"] == 299


@pytest.mark.parametrize(
    "path", ["/", "/story", "/readyz", "/_solara/cdn/x.js", "/static/main.js", "/jupyter/api/kernels/a/b"]
)
@pytest.mark.parametrize("prefix", ["/market", "/a/b.c/d-e", "/static", "/jupyter", "/browser", "/_solara"])
def test_a_prefix_that_a_proxy_keeps_or_takes_off_is_the_same(prefix, path):
    assert within(f"{prefix}{path}", prefix) == within(path, prefix) == path


@pytest.mark.parametrize("path", ["/marketing/readyz", "/market/market/resourcez", "/market//resourcez", "/else"])
def test_what_only_looks_like_the_prefix_is_none(path):
    assert within(path, "/market") == path


@pytest.mark.parametrize("path", ["/market/resourcez", "/market/_solara/api/evict/x", "/market/jupyter/api/kernels/x"])
def test_what_nobody_needs_is_not_there_under_a_prefix(path):
    assert asked(path, root_path="/market")[0]["status"] == 404


@pytest.mark.parametrize("path", ["/", "/story", "/browser/charts.js", "/preview.png"])
@pytest.mark.parametrize(("query", "others"), [(b"page=model", b""), (b"embed=x", b" https://paper.example")])
def test_charts_alone_are_shown_in_frames_of_sites_that_were_named(path, query, others):
    sent = asked(path, query=query, embed_in=("https://paper.example",))
    assert dict(sent[0]["headers"])[b"content-security-policy"] == b"frame-ancestors 'self'" + others


def test_by_default_no_other_site_shows_anything_in_a_frame():
    headers = dict(asked("/story", query=b"embed=1")[0]["headers"])
    assert headers[b"content-security-policy"] == b"frame-ancestors 'self'"


@pytest.mark.parametrize(
    ("host", "seen"),
    [(b"a.example:8080", "a.example:8080"), (b"[::1]:80", "[::1]:80"), (b'"><script>', ""), (b"a b", ""), (b"", "")],
)
def test_a_host_is_one_or_is_left_out(host, seen):
    assert host_of({"headers": [(b"host", host)]}) == seen


@pytest.mark.parametrize("path", ["/market/browser/charts.js", "/browser/charts.js"])
def test_our_own_scripts_are_served_under_a_prefix(path):
    assert asked(path, root_path="/market")[0]["status"] == 200


def test_a_prefix_without_its_slash_leads_to_the_pages():
    start = asked("/market", root_path="/market", query=b"page=money&seed=8")[0]
    assert (start["status"], dict(start["headers"])[b"location"]) == (307, b"/market/?page=money&seed=8")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_that_a_visitor_says_of_the_address_reaches_solara(scheme):
    said = [
        (name, b"evil")
        for name in (
            b"host",
            b"script-name",
            b"x-script-name",
            b"forwarded",
            b"x-forwarded-prefix",
            b"x-forwarded-host",
            b"x-forwarded-proto",
            b"x-forwarded-port",
            b"x-forwarded-whatever",
        )
    ]
    _, seen = asked_and_seen("/", query=MARKET, headers=[*said, (b"cookie", b"a=b")], scheme=scheme)
    assert seen["headers"] == [(b"cookie", b"a=b"), (b"host", b"aimarket")]
    assert (seen["scheme"], seen["root_path"]) == ("http", "")


@pytest.mark.parametrize(("scheme", "end"), [("http", b""), ("https", b"; Secure")])
def test_a_cookie_stays_under_the_prefix_and_on_encrypted_lines(scheme, end):
    start = asked("/market/", root_path="/market", query=MARKET, scheme=scheme)[0]
    assert dict(start["headers"])[b"set-cookie"] == SENT.replace(b"Path=/", b"Path=/market/") + end


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        (),
        (OURS[0], (b"host", b"127.0.0.1:8765"), (b"x-forwarded-host", b"market.example, inner")),
        (THEIRS, (b"cookie", f"other=1; {COOKIE}=x".encode())),
        ((b"origin", b"http://[::1]:80"), (b"host", b"[::1]:8765")),
    ],
)
def test_our_own_pages_and_programs_are_let_talk_to_a_session(headers):
    assert asked_and_seen(CHANNELS, "websocket", headers=headers, query=PAGE)[1]["path"] == CHANNELS


@pytest.mark.parametrize(
    "headers",
    [
        (THEIRS, OURS[1]),
        (THEIRS,),
        ((b"origin", b"null"), OURS[1]),
        ((b"origin", b"http://[x"), (b"host", b"[x")),
        (THEIRS, OURS[1], (b"cookie", b"other=1")),
        ((b"origin", b""), (b"host", b"")),
    ],
)
def test_no_page_of_another_site_talks_to_a_session(headers):
    sent, seen = asked_and_seen(CHANNELS, "websocket", headers=headers, query=PAGE)
    assert (sent[0]["type"], sent[0]["code"], seen) == ("websocket.close", 1008, None)


@pytest.mark.parametrize("query", [b"", b"session_id", b"session_id=", b"page=1", b"a=session_id=1", b"\xff"])
def test_whoever_asks_about_a_session_says_which_page_does(query):
    sent, seen = asked_and_seen(CHANNELS, "websocket", query=query)
    assert (sent[0]["code"], seen) == (1008, None)
    assert asked("/_solara/api/close/x", query=query)[0]["status"] == 400


def test_a_page_says_that_its_visitor_leaves():
    assert asked("/_solara/api/close/x", query=PAGE)[0]["status"] == 299


def test_the_server_starts_without_what_only_figures_and_analyses_need():
    asks = (
        "import sys; from aimarket.server.web import asgi; asgi.site(); from aimarket.server import app; app.pages();"
        "print(*sorted({'matplotlib', 'SALib', 'ema_workbench', 'distributed'} & set(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert output.stdout.split() == []


def test_solara_reports_to_nobody():
    asks = (
        "from aimarket.server.web import asgi; asgi.site(); from solara.server import settings, telemetry;"
        "print(settings.telemetry.mixpanel_enable, telemetry._thread.is_alive())"
    )
    output = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert output.stdout.split() == ["False", "False"]


def test_a_site_made_after_solara_says_so():
    with pytest.raises(RuntimeError, match="before anything imports solara"):
        site()


def told(of):
    """Return what a site tells an operator: values by name and label."""
    text = asked("/metrics", at=of)[1]["body"].decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {" ".join((sample.name, *sample.labels.values())): sample.value for sample in samples}


def test_an_operator_reads_places_and_visitors_and_the_process(full):
    numbers = told(Site(Inner(), 3))
    assert (numbers["aimarket_places"], numbers["aimarket_visitors"], numbers["aimarket_work_running"]) == (3, 3, 0)
    assert numbers["process_resident_memory_bytes"] > 0
    assert numbers[f"aimarket_info {aimarket.__version__}"] == 1


def test_an_operator_reads_who_was_turned_away_and_why(full):
    site_of_three = Site(Inner(), 3)
    asked("/", query=MARKET, at=site_of_three)
    asked(CHANNELS, "websocket", query=PAGE, at=site_of_three)
    asked(CHANNELS, "websocket", headers=(THEIRS,), query=PAGE, at=site_of_three)
    numbers = told(site_of_three)
    assert numbers["aimarket_turned_away_total all places are taken"] == 2
    assert numbers["aimarket_turned_away_total a page of another site asks"] == 1
    assert numbers["aimarket_turned_away_total no page says that it asks"] == 0


def test_an_operator_reads_how_many_pages_were_sent():
    one = Site(Inner(), 3)
    for path, query in (("/", b""), ("/story", b""), ("/", MARKET), ("/readyz", b"")):
        asked(path, query=query, at=one)
    numbers = told(one)
    assert (numbers["aimarket_documents_total painted"], numbers["aimarket_documents_total market"]) == (2, 1)


def test_when_all_places_are_taken_a_frame_says_so_kindly_and_asks_again(full):
    start, body = asked("/", query=b'page=watch&embed=capability&find="><script>')
    text = body["body"].decode()
    assert start["status"] == 503
    assert b"text/html" in dict(start["headers"])[b"content-type"]
    assert b"frame-ancestors" in dict(start["headers"])[b"content-security-policy"]
    assert '<meta http-equiv="refresh" content="60">' in text
    assert "This chart is much asked for just now." in text
    assert 'href="?page=watch&amp;find=%22%3E%3Cscript%3E"' in text
    assert "<script" not in text
