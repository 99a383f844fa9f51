"""No query, however odd, is answered by a failure of the program; HEAD and health cost nothing."""

import random
import socket
import time
from urllib.parse import quote, urlencode

import pytest
from page_client import PageClient

from hengtan.basis.errors import HengtanError
from hengtan.instruments.registry import rules
from hengtan.web import create_app, server
from hengtan.web.app import check_address

JUNK = ["", "0", "-1", "1e400", "NaN", "inf", "-inf", "9" * 400, "9" * 5000, "１２", "½", "十二"]
JUNK += ["1,2,3", "1;2", "a\tb\n1\t2", "名称\t数量\n化学需氧量\t1", "化学需氧量: 1000", "["]
JUNK += ["化学需氧量：一千", "[[[[", "{", "{a: {b: {c: 1}}}", "- a\n- b", "- {a: 1}\n- 5", "*x"]
JUNK += ["&a [*a]", "!!python/object/apply:os.system [id]", "2024-02-30", "2024-13-01", "null"]
JUNK += ["2024-05-31", "9999-12-31", "0001-01-01", "99999-01-01", "2024", "<script>", "~", "{}"]
JUNK += ["' or 1=1", "../../etc/passwd", "%00", "\x00", "\ud7ff", "\ufffe", "true", "yes", "[]"]
JUNK += [
    "a" * 3000,
    "化学需氧量: " + "9" * 5000,
    "化学需氧量: 1e308",
    "化学需氧量: .inf",
    "x: y: z",
]
JUNK += ["化学需氧量: .nan", "化学需氧量: 2024-02-30", "x: 0x" + "f" * 5000, "? [a]\n: b", "<<: 1"]
JUNK += ["a: !!int x", "1:60", "化学需氧量: -5", "500000", "330106", "999999", "重庆", "en", "fr"]
JUNK += ["\r\nX: y", "[a, b", "{a", ":", "-", "?", "|", ">", "%", "@", "`", '"', "'", "#", "²", "٣"]
JUNK += ["[" * 500, "{" * 500, "- " * 500, "化学需氧量: [1]", "[1, [2]]", "[{a: 1}, {a: []}]"]
DATES = ["2024-05-31", "2018-01-01", "2030-01-01", "2024-02-30", "x", "2024", "2024-Q1", "１"]
DATES += ["9999-12-31", "0001-01-01", "-1", "2024..2025"]
TABLES = ["targets", "places", "indicators", "rule_parameters", "rule_formulas", "nope"]
TABLES += ["registry_entries", "indicator_values", "submissions", "x';select 1", "__class__"]
COLUMNS = ["target_id", "place", "indicator", "value", "period", "_row", "nope", "", "__class__"]
COLUMNS += ["a b", "valid_from", "granted", "lang"]


def rule_queries(draw, number):
    """Odd values for the inputs of rules, on a page or in a notice."""
    for _ in range(number):
        rule = draw.choice(rules())
        names = [item.name for item in rule.inputs]
        query = {name: draw.choice(JUNK) for name in draw.sample(names, min(3, len(names)))}
        if draw.random() < 0.7:
            query["date"] = draw.choice(DATES)
        for name in ("region", "parameters"):
            if draw.random() < 0.3:
                query[name] = draw.choice(JUNK)
        if rule.options and draw.random() < 0.2:
            query[f"option.{draw.choice(list(rule.options))}"] = draw.choice(JUNK)
        notice = "/notice.docx" if draw.random() < 0.3 else ""
        yield f"/rules/{rule.id}{notice}?{urlencode(query, errors='surrogatepass')}"


def table_queries(draw, number):
    """Odd conditions on tables, and odd keys to explain."""
    for _ in range(number):
        path = draw.choice(["/api/tables/", "/api/explain/", "/explain/"])
        query = {draw.choice(COLUMNS): draw.choice(JUNK) for _ in range(draw.randint(0, 2))}
        name = quote(draw.choice(TABLES), safe="")
        yield f"{path}{name}?{urlencode(query, errors='surrogatepass')}"


def odd_paths(draw, number):
    """Odd names in paths, and odd queries of pages."""
    roots = ["targets", "registries", "accounts", "bulletin", "plans", "api/targets", "static"]
    for _ in range(number):
        root = draw.choice([*roots, "rules", "explain"])
        yield f"/{root}/{quote(draw.choice(JUNK)[:1500], safe='', errors='surrogatepass')}"
        query = urlencode({draw.choice(["lang", "plan", "light"]): draw.choice(JUNK)})
        yield f"{draw.choice(['/', '/api/status', '/method', '/gaps', '/rules'])}?{query}"


@pytest.mark.parametrize("kind", [rule_queries, table_queries, odd_paths])
def test_no_odd_query_is_a_failure_of_the_program(client, kind):
    failed = []
    for address in kind(random.Random(11), 60):
        answer = client.get(address, follow_redirects=False)
        if answer.status_code >= 500:
            failed.append((answer.status_code, address[:200]))
    assert failed == []


@pytest.mark.parametrize("address", ["/api/targets/%00", "/explain/targets?_row=%00", "/?a=%00"])
def test_an_address_with_a_sign_that_is_none_is_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/", "/rules/env_tax.air", "/api/status", "/api/health", "/x"])
def test_head_is_answered_as_get_without_content(client, address):
    whole, head = client.get(address), client.head(address)
    assert head.content == b"" and head.status_code == whole.status_code
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["x-frame-options"] == "DENY"


def test_health_builds_no_view_and_waits_for_nobody(small_site):
    client = PageClient(create_app(small_site))
    with small_site._turn:  # a heavy page is being worked out
        assert client.get("/api/health").json()["ok"] is True
    assert small_site.last_view is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.x"])
def test_pages_without_sign_in_are_not_opened_to_other_machines(host):
    with pytest.raises(HengtanError, match="登录"):
        check_address(host, 18_420)


def test_a_port_that_cannot_be_had_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(HengtanError, match="已被占用"):
            check_address("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(HengtanError, match="用不了"):
        check_address("127.0.0.1", 70_000)


@pytest.fixture
def patient(small_site, monkeypatch, listening):
    """The port of a server that waits half a second for a request, and has room for four."""
    monkeypatch.setattr(server, "SECONDS", 0.5)
    monkeypatch.setattr(server, "MOST", 4)
    with listening(create_app(small_site, writable=True)) as running:
        yield running.effective_port


def sent(port, text):
    """A connection on which a text was sent."""
    link = socket.create_connection(("127.0.0.1", port), timeout=10)
    link.sendall(text)
    return link


def heard(link):
    """All that comes on a connection until it is closed."""
    parts = []
    with link:
        while part := link.recv(65536):
            parts.append(part)
    return b"".join(parts)


HEADS = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "slow",
    [
        b"",
        b"GET",
        HEADS + b"X-a: ",
        b"POST /plans/x/decide HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200\r\n\r\na",
    ],
)
def test_a_request_that_does_not_arrive_is_not_waited_for(patient, slow):
    started = time.monotonic()
    answer = heard(sent(patient, slow))
    assert time.monotonic() - started < 5 and (answer == b"" or answer.startswith(b"HTTP/1.1 408"))
    assert heard(sent(patient, HEADS + b"Connection: close\r\n\r\n")).startswith(b"HTTP/1.1 200")


def test_a_connection_may_ask_again(patient):
    link = sent(patient, HEADS + b"\r\n")
    time.sleep(0.3)
    link.sendall(HEADS + b"Connection: close\r\n\r\n")
    assert heard(link).count(b"HTTP/1.1 200") == 2


def test_slow_connections_leave_room_for_others(patient):
    waiting = [sent(patient, HEADS + b"X-a: ") for _ in range(12)]
    assert heard(sent(patient, HEADS + b"Connection: close\r\n\r\n")).startswith(b"HTTP/1.1 200")
    for link in waiting:
        link.close()
