"""Corrections: a newly approved row takes the place of the one with its key, once; what needs a
person is asked.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from hengtan.basis.actor import Actor
from hengtan.ledger.corrections import Conflict
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.submissions import Ledger

MONTHS = SimpleNamespace(id="coal_months", key=("firm", "month"), list_by=("month",))
CLERK, CHIEF = Actor("clerk", "甲区"), Actor("chief")
COUNTY = Actor("小王", "乙区")


def coal(*rows: tuple[str, str | None, float]) -> pa.Table:
    firms, months, tonnes = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "firm": pa.array(firms, pa.string()),
            "month": pa.array(months, pa.string()),
            "tonnes": pa.array(tonnes, pa.float64()),
        }
    )


def approved(ledger: Ledger, table: pa.Table, *, on_conflict: str | None = None, **meta) -> str:
    handed_in = Meta(**({"actor": CLERK} | meta))
    submission = ledger.submit(MONTHS, table, handed_in).id
    ledger.record(submission, "approved", CHIEF, on_conflict=on_conflict)
    return submission


def standing(ledger: Ledger, known_on: date | None = None) -> dict[tuple[str, str | None], float]:
    view = ledger.effective(MONTHS.id, known_on, coal().schema)
    rows = ledger.query(f"select * from {view}")
    assert len({(r["firm"], r["month"]) for r in rows}) == len(rows), "a key stands twice"
    return {(r["firm"], r["month"]): r["tonnes"] for r in rows}


def test_a_corrected_month_is_counted_once(any_ledger: Ledger) -> None:
    """Twelve months of 27,000 t but for January's 24,380.91, corrected to 34,380.91: 331,380.91 for
    the year.
    """
    year = [("甲厂", f"2025-{m:02}", 27_000.0) for m in range(2, 13)]
    approved(any_ledger, coal(("甲厂", "2025-01", 24_380.91), *year))
    approved(any_ledger, coal(("甲厂", "2025-01", 34_380.91)))
    assert sum(standing(any_ledger).values()) == pytest.approx(34_380.91 + 11 * 27_000)
    assert any_ledger.verify() == []


def test_the_replaced_row_stays_readable(ledger: Ledger) -> None:
    first = ledger.submit(MONTHS, coal(("甲厂", "2025-01", 1.0)), Meta(CLERK), at=date(2026, 1, 1))
    ledger.record(first.id, "approved", CHIEF, at=date(2026, 1, 2))
    second = ledger.submit(MONTHS, coal(("甲厂", "2025-01", 2.0)), Meta(CLERK), at=date(2026, 2, 1))
    ledger.record(second.id, "approved", CHIEF, at=date(2026, 2, 2))
    assert standing(ledger, date(2026, 2, 1)) == {("甲厂", "2025-01"): 1.0}
    assert standing(ledger) == {("甲厂", "2025-01"): 2.0}
    (old,) = ledger.replaced_rows(second.id, 1)
    assert (old["_submission"], old["tonnes"], old["why"]) == (first.id, 1.0, "replaced")
    everything = ledger.query(f"select _state, tonnes from {ledger.all_rows(MONTHS.id)} order by 2")
    assert [(r["_state"], r["tonnes"]) for r in everything] == [
        ("replaced", 1.0),
        ("approved", 2.0),
    ]


def test_empty_parts_of_a_key_are_equal(ledger: Ledger) -> None:
    approved(ledger, coal(("甲厂", None, 1.0)))
    approved(ledger, coal(("甲厂", "", 2.0)))
    assert list(standing(ledger).values()) == [2.0]


def test_what_a_correction_does_not_repeat_is_gone(ledger: Ledger) -> None:
    """A key cell mended (乙厂 was written 己厂), a row taken out, a value changed: only the
    corrected file counts.
    """
    first = approved(
        ledger, coal(("甲厂", "2025-01", 1.0), ("己厂", "2025-01", 2.0), ("丙厂", "2025-01", 3.0))
    )
    corrected = coal(("甲厂", "2025-01", 1.5), ("乙厂", "2025-01", 2.0))
    seen = ledger.differences(MONTHS, corrected, Meta(CLERK, supersedes=first))
    assert (seen.new, seen.changed, seen.unchanged, seen.gone) == (1, 1, 0, 2)
    assert [(c.key, c.values) for c in seen.changes] == [("甲厂 2025-01", {"tonnes": (1.0, 1.5)})]
    assert seen.gone_keys == ["己厂 2025-01", "丙厂 2025-01"]
    approved(ledger, corrected, supersedes=first)
    assert standing(ledger) == {("甲厂", "2025-01"): 1.5, ("乙厂", "2025-01"): 2.0}


def test_a_row_replaced_before_does_not_come_back_with_a_second_correction(ledger: Ledger) -> None:
    approved(ledger, coal(("甲厂", "2025-01", 1.0)))
    second = approved(ledger, coal(("甲厂", "2025-01", 2.0), ("乙厂", "2025-01", 5.0)))
    approved(ledger, coal(("乙厂", "2025-01", 6.0)), supersedes=second)
    assert standing(ledger) == {("乙厂", "2025-01"): 6.0}


def test_another_body_with_the_same_key_is_for_the_approver_to_decide(ledger: Ledger) -> None:
    first = approved(ledger, coal(("甲厂", "2025-01", 1.0), ("乙厂", "2025-01", 1.0)))
    rival = ledger.submit(
        MONTHS, coal(("甲厂", "2025-01", 9.0), ("丙厂", "2025-01", 9.0)), Meta(COUNTY)
    )
    head = ledger.head()
    with pytest.raises(Conflict) as refused:
        ledger.record(rival.id, "approved", CHIEF)
    assert first in str(refused.value) and "甲厂 2025-01" in str(refused.value)
    assert "\n" not in str(refused.value) and ledger.head() == head
    ledger.record(rival.id, "approved", CHIEF, on_conflict="keep")
    others = {("乙厂", "2025-01"): 1.0, ("丙厂", "2025-01"): 9.0}
    assert standing(ledger) == {("甲厂", "2025-01"): 1.0} | others
    third = Meta(Actor("小李", "丁局"))
    again = ledger.submit(MONTHS, coal(("甲厂", "2025-01", 7.0)), third)
    ledger.record(again.id, "approved", CHIEF, on_conflict="replace")
    assert standing(ledger) == {("甲厂", "2025-01"): 7.0} | others


def test_two_waiting_submissions_with_one_key_are_for_the_approver_to_decide(
    ledger: Ledger,
) -> None:
    older = ledger.submit(MONTHS, coal(("甲厂", "2025-01", 1.0)), Meta(CLERK)).id
    newer = ledger.submit(MONTHS, coal(("甲厂", "2025-01", 2.0)), Meta(CLERK)).id
    with pytest.raises(Conflict, match=newer):
        ledger.record(older, "approved", CHIEF)
    ledger.record(newer, "approved", CHIEF, on_conflict="replace")
    ledger.record(older, "approved", CHIEF)
    assert standing(ledger) == {("甲厂", "2025-01"): 2.0}


def test_withdrawing_a_mistaken_file_brings_back_what_it_replaced_by_key(ledger: Ledger) -> None:
    approved(ledger, coal(("甲厂", "2025-01", 1.0)))
    wrong = approved(ledger, coal(("甲厂", "2025-01", 100.0)))
    ledger.record(wrong, "withdrawn", CHIEF, "填到了另一家")
    assert standing(ledger) == {("甲厂", "2025-01"): 1.0}


def test_a_whole_list_takes_away_what_is_no_longer_in_it_and_only_that(ledger: Ledger) -> None:
    """Two months from one body; January handed in whole again without 乙厂. February and the other
    body's rows stay.
    """
    january = (("甲厂", "2025-01", 1.0), ("乙厂", "2025-01", 1.0))
    approved(ledger, coal(*january, ("乙厂", "2025-02", 2.0)))
    approved(ledger, coal(("丁厂", "2025-01", 4.0)), actor=COUNTY)
    approved(ledger, coal(("甲厂", "2025-01", 1.5)), whole_list=True)
    assert standing(ledger) == {
        ("甲厂", "2025-01"): 1.5,
        ("乙厂", "2025-02"): 2.0,
        ("丁厂", "2025-01"): 4.0,
    }


def test_the_first_file_again_after_a_correction_is_a_correction_back(ledger: Ledger) -> None:
    original = {"file": b"first", "file_name": "一月.csv"}
    first = approved(ledger, coal(("甲厂", "2025-01", 1.0)), **original)
    approved(ledger, coal(("甲厂", "2025-01", 2.0)))
    back = ledger.submit(MONTHS, coal(("甲厂", "2025-01", 1.0)), Meta(CLERK, **original))
    assert not back.existing and back.id != first
    ledger.record(back.id, "approved", CHIEF)
    assert standing(ledger) == {("甲厂", "2025-01"): 1.0}
    assert ledger.submit(MONTHS, coal(("甲厂", "2025-01", 1.0)), Meta(CLERK, **original)).existing


def test_a_touched_end_is_noticed_and_a_backup_carries_the_ends(
    ledger: Ledger, tmp_path: Path
) -> None:
    approved(ledger, coal(("甲厂", "2025-01", 1.0)))
    approved(ledger, coal(("甲厂", "2025-01", 2.0)))
    ledger.backup(tmp_path / "b.zip")
    with Ledger.restore(tmp_path / "b.zip", tmp_path / "again") as restored:
        assert standing(restored) == {("甲厂", "2025-01"): 2.0}
    with ledger.lake.writing() as cur:
        cur.execute("delete from lake.row_ends")
    assert [f.code for f in ledger.verify()] == ["row_ends_changed"]


def test_a_ledger_from_before_corrections_by_row_opens_and_takes_one(tmp_path: Path) -> None:
    """As an older version left it: no table of ends, no columns body and whole_list; its digests
    stay what they were.
    """
    with Ledger.create(tmp_path / "old") as old:
        approved(old, coal(("甲厂", "2025-01", 1.0)), actor=Actor("clerk"), place="甲区")
        with old.lake.writing() as cur:
            for change in (
                "drop table lake.row_ends",
                *(f"alter table lake.submissions drop column {c}" for c in ("body", "whole_list")),
            ):
                cur.execute(change)
    shutil.copytree(tmp_path / "old", tmp_path / "copy")
    with Ledger.open(tmp_path / "copy") as ledger:
        assert ledger.verify() == [] and standing(ledger) == {("甲厂", "2025-01"): 1.0}
        approved(ledger, coal(("甲厂", "2025-01", 2.0)), actor=Actor("clerk"), place="甲区")
        assert standing(ledger) == {("甲厂", "2025-01"): 2.0} and ledger.verify() == []
