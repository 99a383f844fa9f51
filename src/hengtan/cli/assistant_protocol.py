"""Tools for assistants, for reading only, by the Model Context Protocol over standard input and
output: a JSON-RPC message a line (modelcontextprotocol.io, specification 2025-06-18).

The status of targets, rows of a table, how rows came about, who took which step, and what was
published. What is wrong with a question is told to the assistant in words, so that it can ask
better.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TextIO

from hengtan.basis.errors import HengtanError

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
"""Of the protocol, the newest first."""
NOT_JSON, NOT_A_REQUEST, NO_METHOD, BAD_PARAMETERS, FAILED = -32700, -32600, -32601, -32602, -32603
MOST_ROWS, MOST_TREES = 200, 20
"""Rows of an answer, more are counted; and trees of one."""
Object = Mapping[str, Any]


class Source(Protocol):
    """What is asked: a workspace here, or a server."""

    def status(self, where: Object, known_on: date | None, period: str | None) -> list[Any]:
        """The status row of each target."""

    def table(
        self, name: str, where: Object, known_on: date | None, period: str | None
    ) -> list[Any]:
        """Rows of a table."""

    def explain(
        self, account: str, key: Object, known_on: date | None, period: str | None
    ) -> Object:
        """How a row came about."""

    def explanations(
        self, table: str, where: Object, known_on: date | None, period: str | None
    ) -> list[Any]:
        """How the first rows of a table came about, each with its key."""

    def steps(self, after: int, which: Object) -> list[Any]:
        """Who took which step of which submission, and when."""

    def publications(self) -> list[Any]:
        """What was published."""

    def publication(self, publication: str) -> Object:
        """A publication with its targets."""


class Refusal(Exception):
    """A message that is not answered with a result: code and text of JSON-RPC."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(text)


_VALUES = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean"]},
    "description": "列 → 值 · column to value",
}
_CLOCKS = {
    "known_on": {"type": "string", "format": "date", "description": "按该日已知 · as known on"},
    "period": {"type": "string", "description": "考核期 · the period judged, such as 2025"},
}


_STEPS = {
    "after": {"type": "integer", "description": "该序号之后 · after that number"},
    "form": {"type": "string", "description": "报表 · form"},
    "submission": {"type": "string", "description": "提交 · submission"},
    "state": {"type": "string", "description": "步骤 · such as approved, returned"},
    "by": {"type": "string", "description": "经手人 · who took it"},
    "decisions": {"type": "boolean", "description": "只看审核决定 · decisions of reviewers only"},
    "since": {"type": "string", "format": "date", "description": "自该日起 · from that day"},
    "until": {"type": "string", "format": "date", "description": "至该日止 · up to that day"},
}


def _tool(
    name: str, words: str, own: Object, required: Iterable[str] = (), clocks: Object = _CLOCKS
) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {**own, **clocks},
        "required": list(required),
        "additionalProperties": False,
    }
    hints = {"readOnlyHint": True, "destructiveHint": False, "openWorldHint": False}
    return {"name": name, "description": words, "inputSchema": schema, "annotations": hints}


TOOLS = (
    _tool(
        "status",
        "各目标的状态：达标、滞后、缺数，及其依据 · where each target of the plans stands, and why",
        {"where": _VALUES},
    ),
    _tool(
        "table",
        "一张表的行：报表、账户或数据包 · rows of a form, an account or a pack table",
        {"name": {"type": "string", "description": "表名 · name of the table"}, "where": _VALUES},
        ["name"],
    ),
    _tool(
        "explain",
        "一个数从哪里来：文件、行、经手人、规则、条款 · how a row came about, down to file and row",
        {
            "account": {"type": "string", "description": "账户或表 · account or table"},
            "key": _VALUES,
        },
        ["account", "key"],
    ),
    _tool(
        "explanations",
        f"一张表前 {MOST_TREES} 行各自的来历；无权查看的只说明未给 · how the first rows of a table"
        " came about; what may not be read is said to be withheld",
        {
            "table": {"type": "string", "description": "账户或表 · account or table"},
            "where": _VALUES,
        },
        ["table"],
    ),
    _tool(
        "steps",
        "谁在何时审核、退回、撤回了哪份提交 · who approved, returned or withdrew what, and when",
        _STEPS,
        clocks={},
    ),
    _tool(
        "publications", "已发布的，新的在前 · what was published, the newest first", {}, clocks={}
    ),
    _tool(
        "publication",
        "一次发布的目标与封印 · a publication with its targets and its seal",
        {"publication": {"type": "string", "description": "编号，如 P0001 · its number"}},
        ["publication"],
        clocks={},
    ),
)


@dataclass
class Assistants:
    """Answers the messages of one assistant about a source."""

    source: Source
    version: str

    def run(self, lines: Iterable[str], out: TextIO) -> None:
        """Answer line by line until there are no more."""
        for line in lines:
            if line.strip():
                answer = self.answer(line)
                if answer is not None:
                    out.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
                    out.flush()

    def answer(self, line: str) -> dict[str, Any] | None:
        """The answer to a message; None to one that asks for none."""
        asked: Any = None
        try:
            asked = _message(line)
            if "id" not in asked:
                return None
            result = self._result(asked["method"], _object(asked.get("params", {}), "params"))
            return {"jsonrpc": "2.0", "id": asked["id"], "result": result}
        except Refusal as refusal:
            number = asked.get("id") if isinstance(asked, Mapping) else None
            error = {"code": refusal.code, "message": refusal.text}
            return {"jsonrpc": "2.0", "id": number, "error": error}

    def _result(self, method: str, parameters: Object) -> dict[str, Any]:
        if method == "initialize":
            return self._begun(parameters)
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": list(TOOLS)}
        if method == "tools/call":
            return self._called(parameters)
        raise Refusal(NO_METHOD, f"no method {method!r}")

    def _begun(self, parameters: Object) -> dict[str, Any]:
        asked = parameters.get("protocolVersion")
        return {
            "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "hengtan", "title": "衡碳 Hengtan", "version": self.version},
            "instructions": "只读。先问 status，再用 explain 说明每个数的来历 · Read only.",
        }

    def _called(self, parameters: Object) -> dict[str, Any]:
        tools: dict[str, Callable[[Object], Any]] = {
            "status": self._status,
            "table": self._table,
            "explain": self._explain,
            "explanations": self._explanations,
            "steps": self._steps,
            "publications": self._publications,
            "publication": self._publication,
        }
        name, own = parameters.get("name"), _object(parameters.get("arguments", {}), "arguments")
        if name not in tools:
            raise Refusal(BAD_PARAMETERS, f"no tool {name!r}")
        known = next(tool for tool in TOOLS if tool["name"] == name)["inputSchema"]
        strange = sorted(set(own) - set(known["properties"]))
        lacking = [part for part in known["required"] if part not in own]
        if strange or lacking:
            return _told(f"参数不合要求 · arguments: {strange or lacking}", is_error=True)
        try:
            answer = tools[str(name)](own)
        except HengtanError as error:
            return _told(str(error), is_error=True)
        return _told(json.dumps(answer, ensure_ascii=False, default=str))

    def _status(self, own: Object) -> Any:
        return _some(self.source.status(_conditions(own, "where"), *_clocks(own)))

    def _table(self, own: Object) -> Any:
        return _some(self.source.table(str(own["name"]), _conditions(own, "where"), *_clocks(own)))

    def _explain(self, own: Object) -> Any:
        return self.source.explain(str(own["account"]), _conditions(own, "key"), *_clocks(own))

    def _explanations(self, own: Object) -> Any:
        rows = self.source.explanations(str(own["table"]), _conditions(own, "where"), *_clocks(own))
        return {"shown": len(rows), "explanations": rows}

    def _steps(self, own: Object) -> Any:
        which = {name: value for name, value in own.items() if name != "after"}
        for name in ("since", "until"):
            if name in which:
                which[name] = _day(which[name])
        return _some(self.source.steps(_number(own.get("after", 0)), which))

    def _publications(self, own: Object) -> Any:
        return _some(self.source.publications())

    def _publication(self, own: Object) -> Any:
        return self.source.publication(str(own["publication"]))


def _message(line: str) -> Object:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refusal(NOT_JSON, "not JSON") from error
    if not isinstance(asked, Mapping) or not isinstance(asked.get("method"), str):
        raise Refusal(NOT_A_REQUEST, "not a request")
    return asked


def _object(value: Any, name: str) -> Object:
    if not isinstance(value, Mapping):
        raise Refusal(BAD_PARAMETERS, f"{name} is no object")
    return value


def _conditions(own: Object, name: str) -> dict[str, str]:
    return {str(k): str(v) for k, v in _object(own.get(name, {}), name).items()}


def _clocks(own: Object) -> tuple[date | None, str | None]:
    text, period = own.get("known_on"), own.get("period")
    return _day(text) if text else None, str(period) if period else None


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise HengtanError(f"“{text}”不是日期", f"{text!r} is no date") from error


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise HengtanError(f"“{value}”不是序号", f"{value!r} is no number of a step")
    return value


def _some(rows: list[Any]) -> dict[str, Any]:
    """The first rows, and how many there are."""
    return {"total": len(rows), "shown": min(len(rows), MOST_ROWS), "rows": rows[:MOST_ROWS]}


def _told(text: str, *, is_error: bool = False) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}], "isError": is_error}
