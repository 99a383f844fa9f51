"""Recompute everything a ledger claims from what is stored: chain, records, originals, rows.

Each bad thing is a finding.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from hengtan.basis.errors import Finding, Where
from hengtan.ledger import chain, corrections, originals, profiles, register, rows, witness
from hengtan.ledger.chain import Event, Record
from hengtan.ledger.handing_in import OF_TASK
from hengtan.ledger.lake import Lake, StorageError, literal, quoted, unreadable

SAME_TIME = timedelta(minutes=10)
"""Clocks of two machines may differ by so much without a word."""
_RESTORE = ("请从备份恢复，并查明是谁改动的", "restore from a backup and find out who changed it")


def findings(folder: Path, lake: Lake, ledger_id: str, head: str | None) -> list[Finding]:
    """All that is wrong, the chain first. ``lake`` must read fresh from the disk."""
    noted = witness.read(folder)
    missing = list(_missing(lake))
    try:
        records, events = lake.reading(register.rows)
    except (StorageError, ValueError) as e:
        damaged = [f for table in rows.REGISTERS for f in _damaged(lake, table)]
        return [
            *missing,
            *damaged,
            _bad(
                "register",
                "登记簿无法读取：" + str(e).splitlines()[0],
                "the register cannot be read: " + str(e).splitlines()[0],
            ),
        ]
    result = [
        *missing,
        *_chain(events, chain.genesis(ledger_id)),
        *_records(records, events),
        *_originals(folder, records),
        *_profiles(folder, lake),
    ]
    result += _ahead(events)
    entries = noted[0] if noted else 0
    there = events[entries - 1].head if 0 < entries <= len(events) else None
    lost = witness.lost(noted, len(events), there)
    if lost is not None:
        result.append(lost)
    if (
        head is not None
        and head != chain.genesis(ledger_id)
        and head not in {e.head for e in events}
    ):
        result.append(
            _bad(
                "head",
                f"给定的校验值 {head[:16]}… 不在本台账的链上",
                f"the head {head[:16]}… is not in this ledger's chain",
            )
        )
    return [*result, *_row_ends(lake, events), *_rows(lake, records)]


def _ahead(events: list[Event]) -> Iterator[Finding]:
    """A clock that ran ahead: every later entry bears its time until that has passed."""
    now = datetime.now(chain.BEIJING).replace(tzinfo=None)
    if events and events[-1].at > now + SAME_TIME:
        at = f"{events[-1].at:%Y-%m-%d %H:%M}"
        yield Finding(
            "warning",
            f"最后一项登记的时间是 {at}，晚于现在：当时的时钟走快了，之后的登记都会记成这个时间",
            f"the last entry is of {at}, later than now: a clock ran ahead, and later entries"
            " bear that time",
            todo="校准时钟；在该时间之前，登记的先后以序号为准",
            todo_en="set the clock; until then the order of entries is that of their numbers",
            code="clock_ahead",
        )


def damaged_catalogue(error: Exception) -> Finding:
    """A catalogue that cannot be read to its end, as the storage library says it."""
    text = str(error).splitlines()[0]
    return _bad(
        "catalogue", f"台账目录损坏：{text}", f"the ledger's catalogue is damaged: {text}", "lake"
    )


def _bad(code: str, zh: str, en: str, file: str | None = None) -> Finding:
    return Finding("error", zh, en, Where(file=file), *_RESTORE, code)


def _chain(events: list[Event], start: str) -> Iterator[Finding]:
    previous, head = 0, start
    last: Event | None = None
    states: dict[str, str] = {}
    for event in events:
        name = f"第 {event.seq} 项登记（{event.submission} {event.state}，{event.at:%Y-%m-%d}）"
        name_en = f"entry {event.seq} ({event.submission} {event.state}, {event.at:%Y-%m-%d})"
        if event.seq > previous + 1:
            yield _bad(
                "entry_removed",
                f"第 {previous + 1} 至 {event.seq - 1} 项登记被删除",
                f"entries {previous + 1} to {event.seq - 1} were removed",
            )
        elif event.seq <= previous:
            yield _bad(
                "entry_inserted",
                f"{name} 与另一项同号",
                f"{name_en} has the number of another entry",
            )
        if event.own_digest() != event.digest:
            yield _bad("entry_changed", f"{name} 的内容被改动", f"{name_en} was changed")
        elif event.seq == previous + 1 and chain.next_head(head, event.digest) != event.head:
            yield _bad(
                "chain_broken",
                f"{name} 与前一项不衔接",
                f"{name_en} does not follow from the one before it",
            )
        if last is not None and event.at < last.at:
            yield _bad(
                "time_back",
                f"{name} 的时间早于前一项",
                f"{name_en} is earlier than the one before it",
            )
        if event.state not in chain.STEPS.get(states.get(event.submission), frozenset()):
            yield _bad("step", f"{name} 不是允许的步骤", f"{name_en} is not an allowed step")
        states[event.submission] = event.state
        previous, head, last = event.seq, event.head, event


def _records(records: list[Record], events: list[Event]) -> Iterator[Finding]:
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.submission, event)
    stored = Counter(r.submission for r in records)
    for submission in first:
        if not stored[submission]:
            yield _bad(
                "submission_removed",
                f"提交 {submission} 的记录被删除",
                f"the record of {submission} was removed",
            )
    for record in records:
        event = first.get(record.submission)  # type: ignore[assignment]
        if event is None or stored[record.submission] > 1:
            yield _bad(
                "submission_inserted",
                f"提交 {record.submission} 的记录是后加的",
                f"the record of {record.submission} was inserted",
            )
        elif event.content != chain.digest_of(record.content()):
            yield _bad(
                "submission_changed",
                f"提交 {record.submission} 的记录被改动（提交人、文件、行数或时间）",
                f"the record of {record.submission} was changed (actor, file, rows or time)",
            )


def _row_ends(lake: Lake, events: list[Event]) -> Iterator[Finding]:
    """What approvals did to older rows, held against the digest in their event."""
    cur = lake.cursor()
    stored: dict[str, str] = {}
    if corrections.TABLE in lake.tables(cur):
        try:
            stored = corrections.digest_of_ends(cur)
        except StorageError:
            yield from _damaged(lake, corrections.TABLE)
            return
    sealed = {e.submission: e.content for e in events if e.state == "approved"}
    for submission in sorted(set(stored) | set(sealed)):
        if stored.get(submission) != sealed.get(submission):
            yield _bad(
                "row_ends_changed",
                f"提交 {submission} 替代旧数据的记录被改动",
                f"the record of what {submission} replaced was changed",
            )


def _originals(folder: Path, records: list[Record]) -> Iterator[Finding]:
    handed_in: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.file_sha256:
            handed_in[record.file_sha256].append(record)
    for sha, those in handed_in.items():
        path = originals.path_of(folder, sha)
        name = those[0].file_name or sha[:16]
        title = f"{name}（{'、'.join(_whose(r, '任务') for r in those)}）"
        title_en = f"{name} ({', '.join(_whose(r, 'task') for r in those)})"
        if not path.is_file():
            yield _bad(
                "original_missing",
                f"原始文件 {title} 丢失",
                f"the original {title_en} is missing",
                str(path),
            )
        elif originals.sha256_of(path) != sha:
            yield _bad(
                "original_changed",
                f"原始文件 {title} 被改动",
                f"the original {title_en} was changed",
                str(path),
            )


def _profiles(folder: Path, lake: Lake) -> Iterator[Finding]:
    """The files that hold the rows of profiles."""
    try:
        stored = lake.reading(partial(profiles.files, lake))
    except StorageError:  # told of the table itself
        return
    for sha, uses in stored.items():
        path = originals.path_of(folder, sha)
        whose = "、".join(f"{submission} {form}" for submission, form in uses)
        if not path.is_file():
            text = (f"逐行数据文件丢失（{whose}）", f"the file of the rows of {whose} is missing")
            yield _bad("profile_missing", *text, str(path))
        elif originals.sha256_of(path) != sha:
            text = (
                f"逐行数据文件被改动（{whose}）",
                f"the file of the rows of {whose} was changed",
            )
            yield _bad("profile_changed", *text, str(path))


def _whose(record: Record, word: str) -> str:
    """The submission, and the task where it answers one."""
    task = f", {word} {record.note}" if record.channel == OF_TASK else ""
    return record.submission + task


def _missing(lake: Lake) -> Iterator[Finding]:
    """Parquet files the catalogue names that are not there."""
    for table in lake.patiently(lambda: lake.tables(lake.cursor())):
        for file in lake.files_of(table):
            if not file.is_file():
                yield _bad(
                    "data_missing",
                    f"“{table}”的数据文件丢失",
                    f"a data file of {table!r} is missing",
                    str(file),
                )


def _damaged(lake: Lake, table: str) -> Iterator[Finding]:
    """Parquet files of a table that cannot be read."""
    for file, reason in unreadable([f for f in lake.files_of(table) if f.is_file()]):
        yield _bad(
            "data_damaged",
            f"“{table}”的数据文件无法读取：{reason}",
            f"a data file of {table!r} cannot be read: {reason}",
            str(file),
        )


def _rows(lake: Lake, records: list[Record]) -> Iterator[Finding]:
    cur = lake.cursor()
    by_form: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_form[record.form].append(record)
    forms = {t for t in lake.tables(cur) if t not in rows.REGISTERS}
    for form in sorted(forms | set(by_form)):
        present = lake.columns(cur, form)
        digests = _digests(lake, form, present, by_form[form])
        if None in digests.values():
            yield from _damaged(lake, form)
        for record in by_form[form]:
            want = (record.rows, record.rows_digest)
            got = digests.get(record.submission, (0, "empty"))
            if got is None:
                yield _bad(
                    "rows_unreadable",
                    f"提交 {record.submission}（{form}）的数据无法读取",
                    f"the rows of {record.submission} ({form}) cannot be read",
                )
            elif got != want:
                number = f"应有 {want[0]} 行，实有 {got[0]} 行"
                yield _bad(
                    "rows_changed",
                    f"提交 {record.submission}（{form}）的数据与提交时不一致，{number}",
                    f"the rows of {record.submission} ({form}) are not those handed in;"
                    f" {want[0]} rows then, {got[0]} now",
                )
        for stranger in sorted(set(digests) - {r.submission for r in by_form[form]}):
            yield _bad(
                "rows_inserted",
                f"“{form}”中有 {stranger} 的数据，但没有这项提交",
                f"{form!r} has rows of {stranger}, and there is no such submission",
            )


def _digests(
    lake: Lake, form: str, present: dict[str, str], records: list[Record]
) -> dict[str, tuple[int, str] | None]:
    """Number and digest of the stored rows by submission; None where they cannot be read."""
    if not present:
        return {}
    shapes: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        shapes[record.columns].append(record)
    result: dict[str, tuple[int, str] | None] = {}
    table = f"lake.main.{quoted(form)}"
    for shape, those in shapes.items():
        columns = [name for name, _ in json.loads(shape)]
        later = [c for c in present if c not in columns and c != "_submission"]
        if not set(columns) <= set(present):
            result.update({r.submission: None for r in those})
            continue
        # A column added after the submission must be missing in its rows; a row where it is not
        # drops out and is missed.
        source = f"(select * from {table} where _submission in ({_listed(those)})"
        source += "".join(f" and {quoted(c)} is null" for c in later) + ")"
        try:
            result.update(_digested(lake, source, columns))
        except StorageError:
            for record in those:
                own_rows = f"(select * from {table} where _submission in ({_listed([record])}))"
                try:
                    result.update(_digested(lake, own_rows, columns))
                except StorageError:
                    result[record.submission] = None
    with suppress(StorageError):
        result.update(dict.fromkeys(_strangers(lake, form)))
    return result


def _strangers(lake: Lake, form: str) -> list[str]:
    """Submissions that rows of a form name and the register does not have."""
    known = f"(select submission from lake.main.submissions where form = {literal(form)})"
    names = lake.cursor().execute(
        f"select distinct _submission from lake.main.{quoted(form)}"
        f" where _submission is null or _submission not in {known}"
    )
    return [str(name) for (name,) in names.fetchall()]


def _digested(lake: Lake, source: str, columns: list[str]) -> dict[str, tuple[int, str] | None]:
    got = lake.cursor().execute(rows.digests_sql(source, columns, "_submission")).fetchall()
    return {s: (int(n), str(d)) for s, n, d in got}


def _listed(records: list[Record]) -> str:
    return ", ".join(literal(r.submission) for r in records)
