"""A client of a Hengtan that runs elsewhere, over HTTP with a token: status, tables, provenance,
steps, publications, filing. It needs nothing but Python; tables become Arrow or pandas where those
are installed.

What was filed is taken once: a request without an answer is sent again under the same name until
one comes.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from hengtan.basis.errors import Finding, HengtanError, Where

PREFIX, USUAL_PAGE, TREES = "/api/v1", 5_000, 50
TOKEN, ADDRESS = "HENGTAN_TOKEN", "HENGTAN_ADDRESS"
TRIES, FIRST_WAIT = 8, 0.2
"""How often a request that had no answer is sent, and the seconds before the second time."""
AGAIN = (502, 503, 504)
OF_PLACE = ("file", "sheet", "row", "column", "clause")


@dataclass(frozen=True)
class Rows:
    """A table whole: its rows as dicts, and the type of each column as Arrow names it."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: list[dict[str, Any]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table`` with the types it has in the workspace."""
        import pyarrow as pa

        columns = {name: self._column(name, kind) for name, kind in self.columns}
        return pa.table(columns)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``."""
        return self.to_arrow().to_pandas()

    def _column(self, name: str, kind: str) -> Any:
        import pyarrow as pa

        values = [_read(row.get(name), kind) for row in self.rows]
        try:
            return pa.array(values, pa.type_for_alias(kind))
        except ValueError:  # a type of several parts, such as a list: told by its values
            return pa.array(values)


class Refused(HengtanError):
    """What the server refused. ``status``: of HTTP; ``code``: the name of the refusal."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status, self.code = status, str(said.get("code") or status)
        super().__init__(
            str(said.get("zh") or f"服务器回答 {status}"),
            str(said.get("en") or f"the server answered {status}"),
            where=_where(said),
            todo=str(said.get("todo") or ""),
            todo_en=str(said.get("todo_en") or ""),
            findings=[_finding(each) for each in said.get("findings") or ()],
        )


class NoAnswer(HengtanError):
    """Nobody answers at the address."""


class Client:
    """A Hengtan at an address (``https://…``), asked with a token.

    Without them the environment says both (HENGTAN_ADDRESS, HENGTAN_TOKEN). ``timeout``: seconds
    for an answer; ``tries``: how often a request without an answer is sent.
    """

    def __init__(
        self,
        address: str | None = None,
        token: str | None = None,
        *,
        timeout: float = 60.0,
        tries: int = TRIES,
    ) -> None:
        self.address = _checked(address or os.environ.get(ADDRESS, ""))
        self._token = token or os.environ.get(TOKEN)
        self._timeout, self._tries = timeout, tries

    def __repr__(self) -> str:
        return f"<Client {self.address}>"

    def status(
        self,
        where: Mapping[str, Any] | None = None,
        *,
        known_on: date | None = None,
        period: str | None = None,
    ) -> Rows:
        """Where every target stands; ``where``: values of columns; as known on a day, and of a
        period.
        """
        asked = _asked(known_on, period, where=where)
        rows = self._pages("/status", asked, "targets")
        names = dict.fromkeys(name for row in rows for name in row)
        return Rows("status", [(name, "") for name in names], rows)

    def target(self, target: str) -> dict[str, Any]:
        """A target with its series and definition."""
        return self._get(f"/targets/{quote(target, safe='')}", [])

    def tables(self) -> list[dict[str, Any]]:
        """The tables there are."""
        return list(self._get("/tables", [])["tables"])

    def table(
        self,
        name: str,
        where: Mapping[str, Any] | None = None,
        *,
        known_on: date | None = None,
        period: str | None = None,
    ) -> Rows:
        """The rows of a form, an account or a pack table that this token may read, of one state."""
        address = f"/tables/{quote(name, safe='')}"
        asked = _asked(known_on, period, where=where)
        first = self._get(address, [*asked, ("limit", "1")])
        rows = self._pages(address, asked, "rows")
        return Rows(name, [(c["name"], c["type"]) for c in first["columns"]], rows)

    def explain(
        self,
        account: str,
        key: Mapping[str, Any],
        *,
        known_on: date | None = None,
        period: str | None = None,
    ) -> dict[str, Any]:
        """How a row came about, down to file, row and who handed it in."""
        asked = _asked(known_on, period, key=key)
        return self._get(f"/explain/{quote(account, safe='')}", asked)

    def explanations(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        *,
        known_on: date | None = None,
        period: str | None = None,
        most: int | None = None,
    ) -> list[dict[str, Any]]:
        """How each row of a table came about that this token may read (the first ``most``): its
        ``key``, and its ``tree``, or in ``withheld`` why there is none.
        """
        asked = _asked(known_on, period, where=where)
        address = f"/explanations/{quote(table, safe='')}"
        if most is not None:
            return list(self._get(address, [*asked, ("limit", str(most))])["explanations"])
        return self._pages(address, asked, "explanations", TREES)

    def steps(self, after: int = 0, **which: str | bool | date | None) -> list[dict[str, Any]]:
        """Who took which step of which submission, and when, in the order of the ledger; the
        ``seq`` of the last is the ``after`` of the next time.

        ``which``: form, submission, state, by, decisions, since, until.
        """
        asked = [("after", str(after)), *_said_as(which)]
        return self._pages("/steps", asked, "steps")

    def publications(self) -> list[dict[str, Any]]:
        """What was published, the newest first."""
        return self._pages("/publications", [], "publications")

    def publication(self, publication: str) -> dict[str, Any]:
        """A publication with its targets, its seal and the names of its files."""
        return self._get(f"/publications/{quote(publication, safe='')}", [])

    def publication_file(self, publication: str, name: str) -> bytes:
        """A file of a publication. Raises Refused where its bytes are not those it is said to
        have.
        """
        said = {each["name"]: each for each in self.publication(publication)["files"]}
        address = f"/publications/{quote(publication, safe='')}/files/{quote(name, safe='')}"
        content = self._bytes(address, [], None, {})
        if name in said and hashlib.sha256(content).hexdigest() != said[name]["sha256"]:
            raise Refused(
                200,
                {
                    "code": "OtherBytes",
                    "zh": f"{publication} 的 {name} 与其摘要不符",
                    "en": f"{name} of {publication} does not match its digest",
                },
            )
        return content

    def submissions(
        self, form: str | None = None, state: str | None = None
    ) -> list[dict[str, Any]]:
        """The submissions this token may see."""
        named = {"form": form, "state": state}
        asked = [(name, value) for name, value in named.items() if value]
        return self._pages("/submissions", asked, "submissions")

    def submit(
        self,
        form: str,
        rows: Iterable[Mapping[str, Any]] | str | Path,
        *,
        key: str | None = None,
        dry_run: bool = False,
        **how: str | bool | None,
    ) -> dict[str, Any]:
        """Hand in rows (dicts by field id or title) or a file (a path); the report of it.

        ``key``: the name of the request, made up where none is given. ``how``: place, entity,
        department, sheet, replaces, whole_list, partly. Raises Refused with every finding.
        """
        asked = _said_as({**how, "dry_run": dry_run})
        address = f"/forms/{quote(form, safe='')}"
        named = {"Idempotency-Key": key or str(uuid.uuid4())}
        if isinstance(rows, (str, Path)):
            content, kind = _multipart(Path(rows))
            return self._sent(f"{address}/file", asked, content, named | {"Content-Type": kind})
        content = json.dumps({"rows": [_plain(row) for row in rows]}).encode()
        json_kind = {"Content-Type": "application/json"}
        return self._sent(f"{address}/rows", asked, content, named | json_kind)

    def step(self, submission: str, step: str, reason: str = "") -> dict[str, Any]:
        """Take a step: ``approve``, ``return``, ``reject``, ``withdraw``. It is sent once: whether
        one without an answer was taken is seen in the submission.
        """
        address = f"/submissions/{quote(submission, safe='')}/{quote(step, safe='')}"
        content = json.dumps({"reason": reason}).encode()
        kind = {"Content-Type": "application/json"}
        return self._sent(address, [], content, kind, tries=1)

    def _pages(
        self, address: str, asked: list[tuple[str, str]], name: str, most: int | None = None
    ) -> list[dict[str, Any]]:
        """All pages of at most so many; begun again where what is read changed meanwhile."""
        limited = [*asked, ("limit", str(most or USUAL_PAGE))]
        for _ in range(self._tries):
            try:
                return self._read_through(address, limited, name)
            except Refused as refusal:
                if refusal.code != "TableChanged":
                    raise
                changed = refusal
        raise changed

    def _read_through(
        self, address: str, asked: list[tuple[str, str]], name: str
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self._get(address, [*asked, *([("cursor", cursor)] if cursor else [])])
            rows += page[name]
            cursor = page["next"]
            if cursor is None:
                return rows

    def _get(self, address: str, asked: list[tuple[str, str]]) -> dict[str, Any]:
        return self._sent(address, asked, None, {})

    def _sent(
        self,
        address: str,
        asked: list[tuple[str, str]],
        content: bytes | None,
        headers: Mapping[str, str],
        tries: int | None = None,
    ) -> dict[str, Any]:
        """The answer; a request without one is sent again. Raises Refused, NoAnswer."""
        return _answer(self._bytes(address, asked, content, headers, tries))

    def _bytes(
        self,
        address: str,
        asked: list[tuple[str, str]],
        content: bytes | None,
        headers: Mapping[str, str],
        tries: int | None = None,
    ) -> bytes:
        """The bytes of the answer, as ``_sent``."""
        url = self.address + PREFIX + address + ("?" + urlencode(asked) if asked else "")
        wait, left = FIRST_WAIT, tries or self._tries
        while True:
            left -= 1
            try:
                return self._once(url, content, headers)
            except Refused as refusal:
                if refusal.status not in AGAIN or not left:
                    raise
            except (URLError, HTTPException, OSError) as error:
                if not left:
                    raise _no_answer(self.address, error) from error
            time.sleep(wait)
            wait = min(wait * 2, 5.0)

    def _once(self, url: str, content: bytes | None, headers: Mapping[str, str]) -> bytes:
        sent = {"Accept": "application/json", "X-Hengtan-Client": "python", **headers}
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        method = "GET" if content is None else "POST"
        request = Request(url, data=content, headers=sent, method=method)
        try:
            with urlopen(request, timeout=self._timeout) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            raise Refused(error.code, _said(error.read())) from None


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise HengtanError(
            f"“{address}”不是服务地址",
            f"'{address}' is no address of a server",
            todo="例如 https://hengtan.example.gov.cn（或设 HENGTAN_ADDRESS）",
            todo_en="such as https://hengtan.example.gov.cn, or set HENGTAN_ADDRESS",
        )
    return f"{parts.scheme}://{parts.netloc}"


def _asked(
    known_on: date | None, period: str | None, **conditions: Mapping[str, Any] | None
) -> list[tuple[str, str]]:
    clocks = {"known_on": known_on and known_on.isoformat(), "period": period}
    pairs = [(name, str(value)) for name, value in clocks.items() if value]
    for name, wanted in conditions.items():
        pairs += [(name, f"{column}={value}") for column, value in (wanted or {}).items()]
    return pairs


def _said_as(named: Mapping[str, str | bool | date | None]) -> list[tuple[str, str]]:
    """What is said of a question, as an address has it; what is not said is left out."""
    return [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in named.items()
        if value not in (None, False)
    ]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON takes it: days as text, not-a-number as blank, numbers of NumPy as numbers."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return None if value != value else value


def _multipart(path: Path) -> tuple[bytes, str]:
    """A file as a form of a page sends it."""
    mark = uuid.uuid4().hex
    name = path.name.replace("\\", "_").replace('"', "_")
    head = (
        f"--{mark}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode(), (
        f"multipart/form-data; boundary={mark}"
    )


def _answer(content: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(content)
    return answer


def _said(content: bytes) -> Mapping[str, Any]:
    """What an error says; a page that is none of ours says nothing."""
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, Mapping) else {}


def _where(said: Mapping[str, Any]) -> Where | None:
    place = {name: said[name] for name in OF_PLACE if said.get(name) is not None}
    return Where(**place) if place else None


def _finding(said: Mapping[str, Any]) -> Finding:
    texts = {name: str(said.get(name) or "") for name in ("zh", "en", "todo", "todo_en", "code")}
    level = str(said.get("level") or "error")
    return Finding(level=level, where=_where(said) or Where(), **texts)


def _no_answer(address: str, error: Exception) -> NoAnswer:
    return NoAnswer(
        f"{address} 没有回答：{error}",
        f"no answer from {address}: {error}",
        todo="检查地址与网络后再试",
        todo_en="check the address and the network, then try again",
    )


def _read(value: Any, kind: str) -> Any:
    """A value as JSON has it, as its column has it."""
    if value is None or not isinstance(value, str):
        return value
    if kind.startswith("date"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind.startswith("timestamp") else value
