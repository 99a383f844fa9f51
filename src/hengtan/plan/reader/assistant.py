"""An optional assistant (any address that speaks OpenAI's chat completions): it may propose
targets, the quote check and the grammar decide.

Off unless an address is given; then the text of the document goes to that address and nowhere else.
The key comes from the environment variable ``HENGTAN_ASSISTANT_KEY`` and is written nowhere. A
proposal counts only where its quote stands in the document word for word and holds its value and,
where the sentence names years, its year; where the grammar read that figure, the grammar's reading
stays.
"""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from hengtan.basis.errors import Finding, HengtanError, UnknownUnit, Where
from hengtan.basis.units import read_unit
from hengtan.plan.reader.draft import OPERATORS, Draft, Target
from hengtan.plan.reader.linking import Indicators
from hengtan.plan.reader.messages import finding, refusal, say
from hengtan.plan.reader.normalise import Normalised, normalise

KEY = "HENGTAN_ASSISTANT_KEY"
PIECE = 3000
"""Characters of the document in one request."""
MAX_ANSWER = 2_000_000
"""Bytes of an answer that are read."""
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
DOUBT = "assistant"
CONFIDENCE = 0.35
"""Of what only the assistant read: the least there is."""
YEARS = (1990, 2100)
"""First and last year that a plan may name."""


@dataclass(frozen=True)
class Assistant:
    """Where to ask: the address of ``/chat/completions``, the model's name and the key."""

    address: str
    model: str
    key: str = ""
    timeout: float = 120.0

    @classmethod
    def of(cls, address: str, model: str) -> Assistant:
        """An assistant at a base address (``http://127.0.0.1:8000/v1``). Raises HengtanError for an
        address or model that cannot be."""
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise refusal(HengtanError, "no_address", address)
        if parts.username or parts.password:
            raise refusal(HengtanError, "login_in_address", KEY)
        in_the_clear = parts.scheme == "http" and parts.hostname not in THIS_MACHINE
        if in_the_clear and os.environ.get(KEY):
            raise refusal(HengtanError, "key_in_the_clear")
        if not model:
            raise refusal(HengtanError, "no_model")
        path = parts.path.rstrip("/")
        path = path if path.endswith("/chat/completions") else path + "/chat/completions"
        return cls(
            urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")),
            model,
            os.environ.get(KEY, ""),
        )

    def ask(self, text: str) -> list[dict[str, Any]]:
        """Its proposals for a piece of text; a malformed answer gives none. Raises HengtanError
        where it cannot be reached."""
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(self._request(text), timeout=self.timeout) as answer:
                content = answer.read(MAX_ANSWER)
        except urllib.error.HTTPError as error:
            raise refusal(HengtanError, "assistant_answered", error.code) from error
        except OSError as error:
            raise refusal(HengtanError, "assistant_unreachable", error) from error
        return _proposals(content)

    def _request(self, text: str) -> urllib.request.Request:
        messages = [
            {"role": "system", "content": say("question")},
            {"role": "user", "content": text},
        ]
        body = json.dumps({"model": self.model, "temperature": 0, "messages": messages}).encode()
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        return urllib.request.Request(self.address, body, headers, method="POST")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The document goes to the address that was given, nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _proposals(content: bytes) -> list[dict[str, Any]]:
    """The rows of an answer, as far as it holds any."""
    try:
        said = json.loads(content)["choices"][0]["message"]["content"]
        listed = re.search(r"\[.*\]", str(said), re.DOTALL)
        rows = json.loads(listed.group()) if listed else []
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
    """The draft with what the assistant proposed beyond the grammar, each with the doubt
    ``assistant``; what was refused stands in the findings.

    Raises HengtanError where the assistant cannot be reached.
    """
    text = draft.document.text
    normalised = normalise(text)
    more = replace(draft, targets=list(draft.targets), findings=list(draft.findings))
    pieces = list(_pieces(text))
    for number, piece in enumerate(pieces, start=1):
        tell(say("asking_assistant", number, len(pieces)))
        for proposal in assistant.ask(piece):
            try:
                target = _checked(proposal, more, normalised, known)
            except _Refused as refused:
                more.findings.append(_refusal(proposal, refused, draft.document.name))
            else:
                more.targets += [target] if target is not None else []
    more.targets.sort(key=lambda t: (t.start, t.end))
    return more


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


class _Refused(Exception):
    """Why a proposal is not used."""


def _refusal(proposal: Mapping[str, Any], refused: _Refused, file: str) -> Finding:
    name = str(proposal.get("indicator"))[:40]
    return finding("warning", "assistant_refused", name, refused, where=Where(file))


def _checked(
    proposal: Mapping[str, Any], draft: Draft, text: Normalised, known: Indicators
) -> Target | None:
    """A proposal as a target; None where the grammar has it already. Raises _Refused with the
    reason."""
    wanted = normalise(str(proposal.get("quote") or "")).text.replace("\n", "")
    at = text.text.find(wanted) if len(wanted) >= 4 else -1
    if at < 0:
        raise _Refused(say("quote_not_in_text"))
    start, end = text.original(at, at + len(wanted))
    value, deadline, base = _figures(proposal)
    printed = {Decimal(f.replace(",", "")) for f in re.findall(r"\d[\d,]*(?:\.\d+)?", wanted)}
    if not value.is_finite() or value not in printed:
        raise _Refused(say("value_not_in_quote"))
    if any(t.start < end and t.end > start and Decimal(t.value) == value for t in draft.targets):
        return None
    name = re.sub(r"\s+", "", str(proposal.get("indicator") or ""))
    operator, unit = str(proposal.get("operator")), str(proposal.get("unit") or "")
    _check_what_is_asked(name, operator, deadline, base)
    if str(deadline) not in text.text and f"{deadline % 100}年" not in text.text:
        raise _Refused(say("year_not_in_text"))
    _check_unit(unit)
    headline = f"{draft.plan}:headline"
    before = (clause["ref"] for clause in reversed(draft.clauses) if clause["start"] <= start)
    number = 1 + sum(DOUBT in target.doubts for target in draft.targets)
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
        text.source[start:end],
        start,
        end,
        next(before, headline),
        CONFIDENCE,
        (DOUBT,),
        known.link(name, unit),
    )


def _figures(proposal: Mapping[str, Any]) -> tuple[Decimal, int, int | None]:
    """Value, deadline and base year of a proposal."""
    try:
        base = proposal.get("base_year")
        value, deadline = Decimal(str(proposal.get("value"))), int(proposal["deadline"])
        return value, deadline, int(base) if base is not None else None
    except (InvalidOperation, ValueError, TypeError, KeyError) as error:
        raise _Refused(say("no_figures")) from error


def _check_what_is_asked(name: str, operator: str, deadline: int, base: int | None) -> None:
    """Refuse a name that is none, an operator that is not known, and years that cannot be."""
    first, last = YEARS
    years_fit = first <= deadline <= last and (base is None or first <= base < deadline)
    if operator not in OPERATORS or not 2 <= len(name) <= 60 or not years_fit:
        raise _Refused(say("not_valid"))


def _check_unit(unit: str) -> None:
    """Refuse a unit that is not known; a figure may have none."""
    try:
        if unit:
            read_unit(unit)
    except UnknownUnit as error:
        raise _Refused(error.zh) from error
