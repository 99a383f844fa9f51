"""The optional assistant against a local server: what it says counts only where the document holds
it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hengtan import packs
from hengtan.basis.errors import HengtanError
from hengtan.plan.reader.assistant import KEY, Assistant, propose
from hengtan.plan.reader.documents import Document
from hengtan.plan.reader.draft import draft_of
from hengtan.plan.reader.linking import Indicators

TEXT = "一、目标\n到2025年，森林覆盖率达到57%。骑行步道贯通四十段，争取2026年底前打通50段。\n"


@pytest.fixture
def server():
    """A server that answers what a test puts into ``says`` and keeps what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        says, status, asked, heard = "[]", 200, [], []

        def do_POST(self):
            Handler.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            Handler.heard.append(self.headers.get("Authorization"))
            body = (
                json.dumps({"choices": [{"message": {"content": Handler.says}}]}).encode()
                if Handler.status == 200
                else b""
            )
            self.send_response(Handler.status)
            if Handler.status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield Handler, f"http://127.0.0.1:{listening.server_port}/v1"
    listening.shutdown()
    listening.server_close()


@pytest.fixture(scope="module")
def known():
    return Indicators(packs.load("cn").rows("indicators"))


@pytest.fixture
def draft(known):
    return draft_of(Document("规划.txt", "txt", TEXT), known, plan="p", year=2022)


def said(**changed):
    return json.dumps(
        [
            {
                "quote": "争取2026年底前打通50段",
                "indicator": "骑行步道贯通段数",
                "operator": ">=",
                "value": 50,
                "unit": "",
                "base_year": None,
                "deadline": 2026,
            }
            | changed
        ],
        ensure_ascii=False,
    )


def test_a_proposal_with_its_quote_is_taken_with_a_doubt(server, draft, known):
    handler, address = server
    before = [t.id for t in draft.targets]
    handler.says = "好的：\n```json\n" + said(quote="争取2026年底前打通 50段") + "\n```"
    proposed = propose(draft, Assistant.of(address, "模型"), known)
    (added,) = [t for t in proposed.targets if t.id not in before]
    assert (added.indicator_zh, added.value, added.deadline, added.confidence, added.doubts) == (
        "骑行步道贯通段数",
        "50",
        2026,
        0.35,
        ("assistant",),
    )
    assert TEXT[added.start : added.end] == added.quote == "争取2026年底前打通50段"
    assert [t.id for t in draft.targets] == before


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "打通60段"},
        {"value": 60},
        {"value": "很多"},
        {"deadline": 2031},
        {"deadline": None},
        {"operator": "?"},
        {"indicator": ""},
        {"unit": "不知道的单位"},
        {"base_year": 2030},
        {"quote": ""},
    ],
    ids=["quote", "value", "words", "year", "no year", "operator", "name", "unit", "base", "empty"],
)
def test_what_the_document_does_not_hold_is_refused_and_told(server, draft, known, changed):
    handler, address = server
    handler.says = said(**changed)
    proposed = propose(draft, Assistant.of(address, "m"), known)
    assert proposed.targets == draft.targets
    assert [f.code for f in proposed.findings if f.code == "assistant_refused"] == [
        "assistant_refused"
    ]


def test_where_the_grammar_read_the_figure_its_reading_stays(server, draft, known):
    handler, address = server
    handler.says = said(
        quote="森林覆盖率达到57%", indicator="别的名称", value=57, unit="%", deadline=2025
    )
    proposed = propose(draft, Assistant.of(address, "m"), known)
    assert proposed.targets == draft.targets


@pytest.mark.parametrize(
    "answer", ["", "不是JSON", "[1, 2]", "{}", "[[[[", '[{"quote": 1}]', "null"]
)
def test_a_malformed_answer_gives_nothing(server, draft, known, answer):
    handler, address = server
    handler.says = answer
    assert propose(draft, Assistant.of(address, "m"), known).targets == draft.targets


def test_the_document_goes_to_the_address_only_and_the_key_with_it(
    server, draft, known, monkeypatch
):
    handler, address = server
    handler.asked.clear()
    monkeypatch.setenv(KEY, "机密".encode().hex())
    propose(draft, Assistant.of(address, "m"), known)
    assert [asked["messages"][1]["content"] for asked in handler.asked] == [TEXT]
    assert handler.heard[-1] == f"Bearer {'机密'.encode().hex()}"


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_refusal_or_a_redirect_is_one_line(server, draft, known, status):
    handler, address = server
    handler.status = status
    with pytest.raises(HengtanError, match=str(status)):
        propose(draft, Assistant.of(address, "m"), known)


def test_nothing_listens(draft, known):
    with pytest.raises(HengtanError, match="连不上"):
        propose(draft, Assistant.of("http://127.0.0.1:9/v1", "m"), known)


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("file:///etc/passwd", "m"),
        ("127.0.0.1", "m"),
        ("http://user:word@127.0.0.1/v1", "m"),
        ("http://127.0.0.1/v1", ""),
    ],
)
def test_addresses_that_cannot_be(address, model):
    with pytest.raises(HengtanError):
        Assistant.of(address, model)


def test_a_key_is_not_sent_in_the_clear(monkeypatch):
    monkeypatch.setenv(KEY, "x")
    with pytest.raises(HengtanError, match="明文"):
        Assistant.of("http://example.test/v1", "m")


def test_nothing_is_sent_unless_it_is_asked_for(server, tmp_path):
    from typer.testing import CliRunner

    import hengtan.cli.main  # noqa: F401 (registers the verbs)
    from hengtan.cli.app import app

    handler, _ = server
    handler.asked.clear()
    path = tmp_path / "规划.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert CliRunner().invoke(app, ["plan", "read", str(path)]).exit_code == 0
    assert handler.asked == []
