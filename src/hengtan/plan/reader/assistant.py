"""An optional assistant (any address that speaks OpenAI's chat completions): it may propose targets, the quote check and the grammar decide.

Off unless an address is given; then the text of the document goes to that address and nowhere else. The key comes from the environment
variable ``HENGTAN_ASSISTANT_KEY`` and is written nowhere. A proposal counts only where its quote stands in the document word for word and
holds its value and, where the sentence names years, its year; where the grammar read that figure, the grammar's reading stays.
"""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from hengtan.basis.errors import Finding, HengtanError, UnknownUnit, Where
from hengtan.basis.units import read_unit
from hengtan.plan.reader.draft import OPERATORS, Draft, Target
from hengtan.plan.reader.linking import Indicators
from hengtan.plan.reader.normalise import Normalised, normalise

KEY = "HENGTAN_ASSISTANT_KEY"
PIECE = 3000
"""Characters of the document in one request."""
MAX_ANSWER = 2_000_000
ASKED = """你读中国政府规划文本，找出有数值和完成年份的目标。只输出 JSON 数组，每项：
{"quote": 原文中含该数值的连续片段（一字不改）, "indicator": 指标名, "operator": ">=|<=|==|approx|increase_by|decrease_by", "value": 数, "unit": 单位, "base_year": 基年或 null, "deadline": 年份}。
已完成的成绩、资金、适用条件、文号不是目标。没有目标就输出 []。"""


@dataclass(frozen=True)
class Assistant:
    """Where to ask: the address of ``/chat/completions``, the model's name and the key."""

    address: str
    model: str
    key: str = ""
    timeout: float = 120.0

    @classmethod
    def of(cls, address: str, model: str) -> Assistant:
        """An assistant at a base address (``http://127.0.0.1:8000/v1``). Raises HengtanError for an address or model that cannot be."""
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise HengtanError(
                f"助手地址“{address}”不是 http(s) 地址",
                f"'{address}' is no http(s) address",
                todo="例如 http://127.0.0.1:8000/v1",
                todo_en="e.g. http://127.0.0.1:8000/v1",
            )
        if parts.username or parts.password:
            raise HengtanError(
                "助手地址里不要写用户名和密码",
                "no user or password in the address",
                todo=f"密钥放在环境变量 {KEY}",
                todo_en=f"put the key in {KEY}",
            )
        if (
            parts.scheme == "http"
            and os.environ.get(KEY)
            and parts.hostname not in ("127.0.0.1", "localhost", "::1")
        ):
            raise HengtanError(
                "密钥不经明文 http 发送",
                "a key is not sent over plain http",
                todo="用 https 地址，或去掉密钥",
                todo_en="use https, or unset the key",
            )
        if not model:
            raise HengtanError(
                "没有写助手的模型名",
                "the assistant's model is not given",
                todo="加上 --assistant-model",
                todo_en="add --assistant-model",
            )
        path = parts.path.rstrip("/")
        path = path if path.endswith("/chat/completions") else path + "/chat/completions"
        return cls(
            urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")),
            model,
            os.environ.get(KEY, ""),
        )

    def ask(self, text: str) -> list[dict[str, Any]]:
        """Its proposals for a piece of text; a malformed answer gives none. Raises HengtanError where it cannot be reached."""
        body = json.dumps(
            {
                "model": self.model,
                "temperature": 0,
                "messages": [
                    {"role": "system", "content": ASKED},
                    {"role": "user", "content": text},
                ],
            }
        ).encode()
        request = urllib.request.Request(
            self.address,
            body,
            {
                "Content-Type": "application/json",
                **({"Authorization": f"Bearer {self.key}"} if self.key else {}),
            },
            method="POST",
        )
        try:
            with urllib.request.build_opener(_NoRedirects).open(
                request, timeout=self.timeout
            ) as answer:
                content = answer.read(MAX_ANSWER)
        except urllib.error.HTTPError as error:
            raise HengtanError(
                f"助手拒绝了请求（{error.code}）",
                f"the assistant refused ({error.code})",
                todo="检查地址、模型名与密钥，或不用助手",
                todo_en="check address, model and key, or go without",
            ) from error
        except OSError as error:
            raise HengtanError(
                "连不上助手",
                f"the assistant cannot be reached: {error}",
                todo="检查地址，或不用助手",
                todo_en="check the address, or go without",
            ) from error
        return _proposals(content)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The document goes to the address that was given, nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _proposals(content: bytes) -> list[dict[str, Any]]:
    try:
        said = json.loads(content)["choices"][0]["message"]["content"]
        found = re.search(r"\[.*\]", str(said), re.DOTALL)
        rows = json.loads(found.group()) if found else []
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def propose(
    draft: Draft,
    assistant: Assistant,
    known: Indicators,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> Draft:
    """The draft with what the assistant found beyond the grammar, each with the doubt ``assistant``; what was refused stands in the findings.

    Raises HengtanError where the assistant cannot be reached.
    """
    text = draft.document.text
    held = normalise(text)
    made = replace(draft, targets=list(draft.targets), findings=list(draft.findings))
    pieces = list(_pieces(text))
    for number, piece in enumerate(pieces, start=1):
        tell(f"助手 {number}/{len(pieces)}")
        for proposal in assistant.ask(piece):
            target, refused = _checked(proposal, made, held, known)
            if target is not None:
                made.targets.append(target)
            elif refused:
                made.findings.append(
                    Finding(
                        "warning",
                        f"助手提出的“{str(proposal.get('indicator'))[:40]}”未采用：{refused}",
                        "a proposal of the assistant was not used",
                        Where(draft.document.name),
                        "不必处理；要补充可在核对页手工添加",
                        "nothing to do",
                        "assistant_refused",
                    )
                )
    made.targets.sort(key=lambda t: (t.start, t.end))
    return made


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that end at a line or sentence."""
    at = 0
    while at < len(text):
        end = min(at + PIECE, len(text))
        if end < len(text):
            cut = max(text.rfind("\n", at, end), text.rfind("。", at, end))
            end = cut + 1 if cut > at else end
        yield text[at:end]
        at = end


def _checked(
    proposal: dict[str, Any], draft: Draft, held: Normalised, known: Indicators
) -> tuple[Target | None, str]:
    """A target, or why the proposal is refused (empty where the grammar has it already)."""
    quote, name = (
        str(proposal.get("quote") or ""),
        re.sub(r"\s+", "", str(proposal.get("indicator") or "")),
    )
    wanted = normalise(quote).text.replace("\n", "")
    at = held.text.find(wanted) if len(wanted) >= 4 else -1
    if at < 0:
        return None, "引文不在原文中"
    start, end = held.original(at, at + len(wanted))
    try:
        value = Decimal(str(proposal.get("value")))
        deadline, base = int(proposal["deadline"]), proposal.get("base_year")
        base = int(base) if base is not None else None
    except (InvalidOperation, ValueError, TypeError, KeyError):
        return None, "数值或年份读不出"
    figures = {Decimal(f.replace(",", "")) for f in re.findall(r"\d[\d,]*(?:\.\d+)?", wanted)}
    if not value.is_finite() or value not in figures:
        return None, "引文中没有这个数"
    if any(t.start < end and t.end > start and Decimal(t.value) == value for t in draft.targets):
        return None, ""
    operator, unit = str(proposal.get("operator")), str(proposal.get("unit") or "")
    if (
        operator not in OPERATORS
        or not 2 <= len(name) <= 60
        or not 1990 <= deadline <= 2100
        or (base is not None and not 1990 <= base < deadline)
    ):
        return None, "要求、名称或年份不成立"
    if str(deadline) not in held.text and f"{deadline % 100}年" not in held.text:
        return None, "原文没有提到这个年份"
    try:
        if unit:
            read_unit(unit)
    except UnknownUnit as error:
        return None, error.zh
    clause = next(
        (c["ref"] for c in reversed(draft.clauses) if c["start"] <= start), f"{draft.plan}:headline"
    )
    number = 1 + sum("assistant" in t.doubts for t in draft.targets)
    return Target(
        f"{draft.plan}-s{number:02d}",
        name,
        operator,
        f"{value:f}",
        "",
        unit,
        base,
        deadline,
        "",
        "",
        "",
        False,
        held.source[start:end],
        start,
        end,
        clause,
        0.35,
        ("assistant",),
        known.link(name, unit),
    ), ""
