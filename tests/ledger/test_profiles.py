"""Profiles: rows by the hour in a file beside the ledger, a row of the ledger for each block."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengtan.basis.actor import Actor
from hengtan.basis.errors import PackError
from hengtan.ledger.corrections import Conflict
from hengtan.ledger.forms import Form
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.submissions import Ledger
from hengtan.office.subjects import rows_about

CLERK, CHIEF, COUNTY = Actor("clerk", "甲区"), Actor("chief"), Actor("小王", "乙区")
START = datetime(2026, 3, 1)


def definition(**changes: object) -> dict[str, object]:
    fields = [
        {"id": "station", "title_zh": "站点", "title_en": "Station", "type": "text"},
        {"id": "time", "title_zh": "时刻", "title_en": "Time", "type": "hour"},
        {"id": "value", "title_zh": "数值", "title_en": "Value", "type": "number"},
    ]
    form = {
        "id": "hours",
        "title_zh": "逐时数据",
        "title_en": "Hours",
        "key": ["station", "time"],
        "profile": {"series": ["station"], "time": "time"},
        "fields": fields,
    }
    return form | changes


HOURS = Form.from_dict(definition())


def rows(values: dict[tuple[str, int], float]) -> pa.Table:
    """Values by station and hour since the beginning of March 2026."""
    return pa.table(
        {
            "station": pa.array([station for station, _ in values], pa.string()),
            "time": pa.array(
                [START + timedelta(hours=hour) for _, hour in values], pa.timestamp("us")
            ),
            "value": pa.array(list(values.values()), pa.float64()),
            "_source_row": pa.array(range(2, 2 + len(values)), pa.int64()),
        }
    )


def month(value: float, stations: str = "A", hours: int = 31 * 24) -> dict[tuple[str, int], float]:
    return {(station, hour): value for station in stations for hour in range(hours)}


def approved(
    ledger: Ledger,
    values: dict[tuple[str, int], float],
    *,
    on_conflict: str | None = None,
    **meta: object,
) -> str:
    handed_in = Meta(**({"actor": CLERK} | meta))
    submission = ledger.submit(HOURS, rows(values), handed_in).id
    ledger.record(submission, "approved", CHIEF, on_conflict=on_conflict)
    return submission


def in_force(ledger: Ledger) -> dict[tuple[str, int], float]:
    view = ledger.effective(HOURS, schema=HOURS.schema())
    standing = ledger.query(f"select station, time, value from {view}")
    hours = {
        (r["station"], int((r["time"] - START).total_seconds() // 3600)): r["value"]
        for r in standing
    }
    assert len(hours) == len(standing), "an hour stands twice"
    return hours


def test_a_year_of_hours_is_twelve_rows_of_the_ledger(any_ledger: Ledger) -> None:
    """8,760 hours from 2026-03-01 on touch twelve months: twelve blocks, all hours are there."""
    year = month(1.0, hours=8_760)
    submission = approved(any_ledger, year)
    assert any_ledger.submission(submission)["rows"] == 12
    assert in_force(any_ledger) == year
    assert any_ledger.verify() == []


def test_a_corrected_hour_takes_the_place_of_that_hour_alone(ledger: Ledger) -> None:
    first = approved(ledger, month(1.0))
    second = approved(ledger, {("A", 7): 9.0})
    assert in_force(ledger) == month(1.0) | {("A", 7): 9.0}
    view = ledger.effective(HOURS, schema=HOURS.schema())
    corrected = ledger.query(f"select * from {view} where value = 9")[0]
    assert (corrected["_submission"], corrected["_source_row"]) == (second, 2)
    before = ledger.replaced_rows(second, corrected["_row"])
    assert [(r["_submission"], r["_source_row"], r["value"]) for r in before] == [(first, 9, 1.0)]
    ask = ledger.replacements()
    assert ask(second, corrected["_row"]) == before, "asked for many it is the same"
    untouched = ledger.query(f"select * from {view} where value = 1")
    assert all(ask(row["_submission"], row["_row"]) == [] for row in untouched)


def test_a_month_handed_in_again_replaces_the_block(ledger: Ledger) -> None:
    """Its two stations stand in two blocks; the second file has the same hours of both."""
    first = approved(ledger, month(1.0, "AB"))
    approved(ledger, month(2.0, "AB"))
    assert in_force(ledger) == month(2.0, "AB")
    rows_ever = ledger.all_rows(HOURS)
    states = ledger.query(f"select distinct _submission, _state from {rows_ever} order by 1")
    assert states[0] == {"_submission": first, "_state": "replaced"}


def test_withdrawn_hours_come_back_as_they_were(ledger: Ledger) -> None:
    approved(ledger, month(1.0))
    second = approved(ledger, {("A", 7): 9.0})
    ledger.record(second, "withdrawn", CHIEF, "typed wrongly")
    assert in_force(ledger) == month(1.0)


def test_a_whole_month_takes_away_the_hours_it_no_longer_has(ledger: Ledger) -> None:
    approved(ledger, month(1.0))
    approved(ledger, month(2.0, hours=100), whole_list=True)
    assert in_force(ledger) == month(2.0, hours=100)


def test_hours_of_another_body_are_asked_about(ledger: Ledger) -> None:
    """One hour of a month that another body reported: the block meets, nothing is decided alone."""
    approved(ledger, month(1.0))
    with pytest.raises(Conflict, match="A 2026-03"):
        approved(ledger, {("A", 7): 9.0}, actor=COUNTY)
    assert in_force(ledger) == month(1.0)


def test_differences_are_told_by_row(ledger: Ledger) -> None:
    """Of a month that stands with 744 hours: one corrected, one as it is, one of April new."""
    first = approved(ledger, month(1.0))
    handed_in = rows({("A", 7): 9.0, ("A", 8): 1.0, ("A", 744): 2.0})
    seen = ledger.differences(HOURS, handed_in, Meta(actor=CLERK))
    assert (seen.new, seen.changed, seen.unchanged, seen.gone) == (1, 1, 1, 0)
    (change,) = seen.changes
    assert (change.row, change.source_row, change.old) == (1, 2, (first, 8))
    assert change.values == {"value": (1.0, 9.0)}


def test_what_a_whole_month_leaves_out_is_told_as_gone(ledger: Ledger) -> None:
    """100 hours of March handed in whole: 644 go; the hour of April is of another month."""
    approved(ledger, month(1.0, hours=745))
    seen = ledger.differences(
        HOURS, rows(month(1.0, hours=100)), Meta(actor=CLERK, whole_list=True)
    )
    assert (seen.unchanged, seen.gone) == (100, 644)
    assert seen.gone_keys[0] == "A 2026-03-05 04:00:00"


OPERATIONS = st.lists(
    st.one_of(
        st.dictionaries(
            st.tuples(st.sampled_from("AB"), st.integers(0, 5)), st.floats(0, 9), min_size=1
        ),
        st.integers(0, 9),
    ),
    max_size=6,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(OPERATIONS)
def test_the_row_approved_last_counts(
    tmp_path_factory: pytest.TempPathFactory, operations: list[dict[tuple[str, int], float] | int]
) -> None:
    """Against a list of dicts: hand in and approve some hours, or withdraw the n-th hand-in."""
    with Ledger.create(tmp_path_factory.mktemp("model") / "ledger") as ledger:
        standing: dict[str, dict[tuple[str, int], float]] = {}
        for operation in operations:
            if isinstance(operation, dict):
                standing[approved(ledger, operation)] = operation
            elif operation < len(standing):
                number = list(standing)[operation]
                ledger.record(number, "withdrawn", CHIEF, "not so")
                del standing[number]
        expected: dict[tuple[str, int], float] = {}
        for values in standing.values():
            expected |= values
        assert in_force(ledger) == expected
        assert ledger.verify() == []


def test_the_digest_of_a_block_covers_every_figure(ledger: Ledger) -> None:
    """One figure of 744 changed in the file: verify names the submission; put back, it is sound."""
    submission = approved(ledger, month(1.0))
    sha256 = ledger.query("select distinct profile_sha256 from lake.main.hours")[0]
    file = ledger.folder / "files" / sha256["profile_sha256"]
    sound = file.read_bytes()
    table = pq.read_table(file)
    values = table.column("value").to_pylist()
    values[7] = 2.0
    pq.write_table(table.set_column(2, "value", pa.array(values)), file)
    assert [(f.code, submission in f.zh) for f in ledger.verify()] == [("profile_changed", True)]
    file.unlink()
    assert [f.code for f in ledger.verify()] == ["profile_missing"]
    file.write_bytes(sound)
    assert ledger.verify() == []


def test_a_block_names_the_places_of_its_rows(ledger: Ledger) -> None:
    """Permission asks which places a submission is about; two of three rows name one."""
    fields = [
        *definition()["fields"],
        {"id": "place", "title_zh": "地区", "title_en": "Place", "type": "place"},
    ]
    form = Form.from_dict(definition(id="hours_of_places", fields=fields))
    table = rows({("A", 1): 1.0, ("A", 2): 2.0, ("A", 3): 3.0})
    table = table.append_column("place", pa.array(["500156", None, "500101"]))
    submission = ledger.submit(form, table, Meta(actor=CLERK))
    record = ledger.current().records[submission.id]
    about = rows_about(ledger, [record], lambda form: ["place"])[submission.id]
    assert about.places == ("500101", "500156")


def test_a_backup_has_the_hours(ledger: Ledger, tmp_path: Path) -> None:
    approved(ledger, month(1.0))
    approved(ledger, {("A", 7): 9.0})
    assert ledger.sweep() == []
    ledger.backup(tmp_path / "backup.zip")
    assert len([n for n in zipfile.ZipFile(tmp_path / "backup.zip").namelist() if "files/" in n])
    with Ledger.restore(tmp_path / "backup.zip", tmp_path / "restored") as restored:
        assert in_force(restored) == month(1.0) | {("A", 7): 9.0}


def test_a_frozen_export_holds_the_hours_in_force(ledger: Ledger, tmp_path: Path) -> None:
    approved(ledger, month(1.0))
    approved(ledger, {("A", 7): 9.0})
    ledger.freeze(tmp_path / "frozen", schemas={"hours": HOURS.schema()})
    frozen = pq.read_table(tmp_path / "frozen" / "hours.parquet")
    assert frozen.num_rows == 744
    assert sum(frozen.column("value").to_pylist()) == 743 + 9


def test_what_a_killed_writer_left_is_swept(ledger: Ledger) -> None:
    approved(ledger, month(1.0))
    stray = ledger.folder / "files" / ("0" * 64)
    stray.write_bytes(b"left behind")
    assert ledger.sweep() == [stray]
    assert in_force(ledger) == month(1.0)


def test_a_file_sent_twice_is_one_submission(ledger: Ledger) -> None:
    first = approved(ledger, month(1.0), file_name="march.csv", file=b"march")
    again = ledger.submit(
        HOURS, rows(month(1.0)), Meta(actor=CLERK, file_name="march.csv", file=b"march")
    )
    assert again.existing
    assert again.id == first


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"profile": {"series": ["value"], "time": "time"}}, "不在键中"),
        ({"profile": {"series": ["station"], "time": "value"}}, "时刻、日期或时期"),
        ({"profile": {"series": ["station"], "time": "time", "stretch": "week"}}, "day、month"),
        ({"list_by": ["station"]}, "list_by"),
    ],
)
def test_a_definition_that_cannot_be_kept_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(PackError, match=said):
        Form.from_dict(definition(**changes))
