"""``hengtan mcp`` asked by a client written from the specification: handshake, list, calls; over a
real process for a workspace, and over a live server with a token.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from hengtan.cli.assistant_protocol import TOOLS, Assistants
from hengtan.cli.assistants import OfServer
from hengtan.demo.synthetic_months import synthetic_city

FORM, EAST = "monthly_figures", "990001"


def message(method, number=None, **parameters):
    """A message of JSON-RPC 2.0, without an id where no answer is asked for."""
    said = {"jsonrpc": "2.0", "method": method}
    return (
        said
        | ({"id": number} if number is not None else {})
        | ({"params": parameters} if parameters else {})
    )


def call(number, tool, **own):
    """A call of a tool."""
    return message("tools/call", number, name=tool, arguments=own)


def text_of(answer):
    """The text of what a tool gave."""
    content = answer["result"]["content"]
    assert [part["type"] for part in content] == ["text"]
    return content[0]["text"]


HELLO = message(
    "initialize",
    0,
    protocolVersion="2025-06-18",
    capabilities={},
    clientInfo={"name": "test", "version": "1"},
)


def test_a_process_answers_as_the_specification_says(tmp_path):
    synthetic_city(tmp_path / "ws", 2).close()
    asked = [
        HELLO,
        message("notifications/initialized"),
        message("ping", "p"),
        message("tools/list", 1),
        call(2, "table", name="places", where={"place": EAST}),
        call(3, "table", name="nope"),
        call(4, "status"),
        call(5, "publications"),
        call(6, "publication", publication="P0001"),
        call(7, "steps", decisions=True, since="2025-01-01"),
        call(8, "explanations", table="places", where={"place": EAST}),
        call(9, "steps", after="x"),
        call(10, "steps", since="昨天"),
        call(11, "publications", period="2025"),
    ]
    code = "from hengtan.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "mcp", "--workspace", str(tmp_path / "ws")],
        input="\n".join(map(json.dumps, asked)) + "\n",
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    answers = {a["id"]: a for a in map(json.loads, run.stdout.splitlines())}
    assert list(answers) == [0, "p", *range(1, 12)], run.stderr
    begun = answers[0]["result"]
    assert begun["protocolVersion"] == "2025-06-18" and "tools" in begun["capabilities"]
    assert begun["serverInfo"]["name"] == "hengtan" and answers["p"]["result"] == {}
    tools = answers[1]["result"]["tools"]
    assert [tool["name"] for tool in tools] == [tool["name"] for tool in TOOLS]
    for tool in tools:
        assert tool["inputSchema"]["type"] == "object" and tool["annotations"]["readOnlyHint"]
    assert json.loads(text_of(answers[2]))["rows"][0]["place"] == EAST
    assert answers[3]["result"]["isError"] and "nope" in text_of(answers[3])
    nothing = {"total": 0, "shown": 0, "rows": []}
    assert [json.loads(text_of(answers[n])) for n in (4, 5, 7)] == [nothing] * 3
    assert answers[6]["result"]["isError"] and "P0001" in text_of(answers[6])
    (place,) = json.loads(text_of(answers[8]))["explanations"]
    assert place["tree"]["values"]["place"] == EAST or place["tree"]["key"]["place"] == EAST
    assert [answers[n]["result"]["isError"] for n in (9, 10, 11)] == [True, True, True]


class Nothing:
    """A source that is not asked."""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", -32700),
        ("[1]", -32600),
        ('{"jsonrpc":"2.0","id":1}', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"resources/list"}', -32601),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"submit"}}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', -32602),
    ],
)
def test_what_is_no_request_is_told_with_the_code_of_json_rpc(line, code):
    assert Assistants(Nothing(), "1").answer(line)["error"]["code"] == code


def test_a_version_that_is_not_known_is_answered_with_ours_and_a_notice_with_nothing():
    assistants = Assistants(Nothing(), "1")
    hello = json.dumps(message("initialize", 1, protocolVersion="2099-01-01"))
    assert assistants.answer(hello)["result"]["protocolVersion"] == "2025-06-18"
    assert assistants.answer(json.dumps(message("notifications/cancelled"))) is None


def test_no_tool_writes():
    assert {tool["name"] for tool in TOOLS} == {
        *("status", "table", "explain", "explanations", "steps", "publications", "publication")
    }
    assert all(tool["annotations"]["readOnlyHint"] for tool in TOOLS)


def test_a_server_is_asked_with_a_token_and_only_what_the_token_may(served):
    row = {"place": EAST, "period": "2025年1-2月", "energy": 3.5, "source_title": "测试"}
    number = served.filer.submit(FORM, [row], place=EAST)["submission"]["submission"]
    served.reviewer.step(number, "approve")
    asked = [
        call(1, "table", name=FORM, where={"place": EAST}),
        call(2, "table", name="plan_progress"),
        call(3, "table", name=FORM, known_on="昨天"),
        call(4, "explain", account=FORM),
        call(5, "steps", after=1, form=FORM),
        call(6, "explanations", table=FORM),
        call(7, "publications"),
        call(8, "publication", publication="P0001"),
    ]
    out = io.StringIO()
    Assistants(OfServer(served.filer), "1").run(map(json.dumps, asked), out)
    answers = {a["id"]: a for a in map(json.loads, out.getvalue().splitlines())}
    assert json.loads(text_of(answers[1]))["rows"][0]["energy"] == 3.5
    assert [answers[n]["result"]["isError"] for n in (2, 3, 4, 6, 8)] == [True] * 5
    (step,) = json.loads(text_of(answers[5]))["rows"]
    assert (step["seq"], step["state"], step["by"]) == (2, "approved", "东审")
    assert json.loads(text_of(answers[7]))["total"] == 0
    by_reviewer = Assistants(OfServer(served.reviewer), "1")
    asked = json.dumps(call(1, "explanations", table=FORM))
    explained = json.loads(text_of(by_reviewer.answer(asked)))["explanations"]
    assert [row["tree"]["origin"]["_submission"] for row in explained] == [number]
