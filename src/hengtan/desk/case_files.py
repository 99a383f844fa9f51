"""Case files: the kinds there are, the list of each, one opened with its facts, verdicts, days due
and history, and verdicts put on record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.desk.cases import law_tables
from hengtan.desk.evidence import ImportReport, Intake
from hengtan.desk.filed import Filed, filed_about
from hengtan.desk.filing import Filing, as_file, file_in
from hengtan.instruments.case_files.calendar import OVERDUE, Due, days_due
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.instruments.case_files.local import FORM as LOCAL
from hengtan.instruments.case_files.local import with_places
from hengtan.instruments.case_files.places import titles_of
from hengtan.instruments.case_files.ruling import RULED, Ruling, rulings_of, table_rows
from hengtan.instruments.case_files.subjects import Row, Subject, subjects_of
from hengtan.instruments.english import in_english
from hengtan.instruments.registry import rules
from hengtan.ledger.forms import forms_of
from hengtan.report.results import text_of, unit_beside
from hengtan.report.words import word
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.ledger.gathering import GatheringWriter
    from hengtan.packs import Pack
    from hengtan.workspace.workspace import Workspace

RECORDED = "recorded_verdicts"
"""The form that verdicts are put on record in."""
RECORDED_NAME = "判定存档.csv"


def kinds_of(workspace: Workspace) -> dict[str, CaseFile]:
    """The kinds of case files of the packs, by id."""
    return dict(_kinds_of(workspace.pack))


@lru_cache(maxsize=10)
def _kinds_of(pack: Pack) -> Mapping[str, CaseFile]:
    titles = titles_of(forms_of(pack))
    return {name: CaseFile.of(cells, titles) for name, cells in pack.case_files().items()}


def kind_of(workspace: Workspace, kind: str) -> CaseFile:
    """A kind by id. Raises NoSuchRow with those there are."""
    kinds = kinds_of(workspace)
    if kind not in kinds:
        raise NoSuchRow(
            f"没有档案类别“{kind}”",
            f"no kind of case file '{kind}'",
            todo=f"可用：{'、'.join(kinds)}",
            todo_en=f"known: {', '.join(kinds)}",
        )
    return kinds[kind]


def heads_of(workspace: Workspace, kind: str) -> dict[str, tuple[str, str]]:
    """Place and enterprise of each case file of a kind, by its id. Raises NoSuchRow for no kind."""
    case_file = kind_of(workspace, kind)
    heads = {case_file.form: workspace.execute(case_file.form).to_pylist()}
    subjects = subjects_of(case_file, dict.fromkeys(case_file.feeds, ()) | heads)
    return {subject.id: (subject.place, subject.entity) for subject in subjects}


@dataclass(frozen=True)
class Line:
    """A case file in its list: what was said last by each rule (the rule asked, in Chinese, in
    English), how many verdicts lack a record or could not be reached, what is overdue, and what is
    due next.
    """

    subject: str
    name: str
    place: str
    entity: str
    says: tuple[tuple[str, str, str], ...]
    lacking: int
    unreached: int
    overdue: int
    next_due: date | None


def lines_of(workspace: Workspace, kind: str, as_of: AsOf | None = None) -> list[Line]:
    """The case files of a kind, in the order of their ids. Raises NoSuchRow for no kind."""
    case_file, as_of = kind_of(workspace, kind), as_of or AsOf.of()
    heads = workspace.execute(case_file.form, as_of).to_pylist()
    if not heads:  # most kinds of most places
        return []
    verdicts = _by_subject(workspace, case_file.verdicts, as_of)
    days = _by_subject(workspace, case_file.calendar, as_of)
    subjects = subjects_of(case_file, dict.fromkeys(case_file.feeds, ()) | {case_file.form: heads})
    return [_line(subject, verdicts[subject.id], days[subject.id]) for subject in subjects]


def _by_subject(workspace: Workspace, account: str, as_of: AsOf) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in workspace.execute(account, as_of).to_pylist():
        rows[row["subject"]].append(row)
    return rows


def _line(subject: Subject, verdicts: Sequence[Row], days: Sequence[Row]) -> Line:
    latest: dict[str, list[Row]] = {}
    for row in verdicts:
        rows = latest.setdefault(row["asked"], [])
        if rows and rows[0]["period"] != row["period"]:
            rows.clear()
        rows.append(row)
    unruled = [row for rows in latest.values() for row in rows if row["state"] != RULED]
    coming = [row["due"] for row in days if row["state"] not in ("done", "done_late", OVERDUE)]
    return Line(
        subject=subject.id,
        name=subject.name,
        place=subject.place,
        entity=subject.entity,
        says=tuple((asked, headline(rows), headline(rows, "en")) for asked, rows in latest.items()),
        lacking=sum(row["state"] == "lacking" for row in unruled),
        unreached=sum(row["state"] != "lacking" for row in unruled),
        overdue=sum(row["state"] == OVERDUE for row in days),
        next_due=date.fromisoformat(min(coming)) if coming else None,
    )


def headline(rows: Sequence[Row], lang: str = "zh") -> str:
    """What a verdict says in a few words: its texts, else its first figure with its unit; why there
    is none.
    """
    if rows[0]["state"] != RULED:
        return str(rows[0][f"why_{lang}"])
    texts = [(str(row["output"]), str(row["text"])) for row in rows if row["text"]]
    if len(texts) == 1:
        return in_english(texts[0][1], lang)
    if texts:
        words = _words_of(rows[0]["rule"])
        pairs = [(words.get(output, ""), text) for output, text in texts]
        said = (f"{in_english(name, lang)} {in_english(text, lang)}" for name, text in pairs)
        return word("list.clause", lang).join(said)
    first = rows[0]
    unit = first["unit"] or ""
    return f"{text_of(first['value'], unit, lang)}{unit_beside(unit, lang)}"


@cache
def _words_of(rule_id: str) -> dict[str, str]:
    """The words of the outputs of a rule, in any of its editions."""
    editions = [rule for rule in rules() if rule.id == rule_id]
    return {output.name: output.zh for rule in editions for output in rule.outputs}


@dataclass(frozen=True)
class Opened:
    """A case file as it is on a day: rulings the newest first, days due, what was filed about it,
    and the rows of its verdicts on record by asked rule and span.
    """

    case_file: CaseFile
    subject: Subject
    rulings: tuple[Ruling, ...]
    days: tuple[Due, ...]
    filed: tuple[Filed, ...]
    recorded: Mapping[tuple[str, str], Row]

    def is_stale(self, ruling: Ruling) -> bool:
        """Whether what is on record of a verdict rests on something else than now."""
        row = self.recorded.get((ruling.asked.id, ruling.span.text))
        return row is not None and row["digest"] != ruling.digest


def opened(workspace: Workspace, kind: str, subject: str, as_of: AsOf | None = None) -> Opened:
    """One case file. Raises NoSuchRow for a kind or a subject that is not there."""
    case_file, as_of = kind_of(workspace, kind), as_of or AsOf.of()
    of_one = _subject(workspace, case_file, subject, as_of)
    packs = with_places(law_tables(workspace.pack), _local_parameters(workspace, as_of))
    rulings = tuple(rulings_of(case_file, of_one, as_of.judged_on, packs))
    rows = list(table_rows(case_file, of_one, rulings))
    days = days_due(case_file, of_one, rows, as_of.judged_on, packs)
    return Opened(
        case_file=case_file,
        subject=of_one,
        rulings=tuple(sorted(rulings, key=lambda r: (r.asked.id, r.span.text), reverse=True)),
        days=tuple(sorted(days, key=lambda due: due.day)),
        filed=tuple(_filed(workspace, case_file, of_one.id)),
        recorded=_recorded(workspace, kind, subject, as_of),
    )


def _local_parameters(workspace: Workspace, as_of: AsOf) -> list[Row]:
    rows: list[Row] = workspace.execute(LOCAL, as_of).to_pylist()
    return rows


def _filed(workspace: Workspace, case_file: CaseFile, subject: str) -> Iterable[Filed]:
    """What was filed about a subject, once a submission, with its first and last period."""
    by_submission: dict[tuple[str, str], list[Filed]] = {}
    for filed in filed_about(workspace, _forms_of(workspace, case_file), subject):
        by_submission.setdefault((filed.submission, filed.form), []).append(filed)
    for parts in by_submission.values():
        periods = sorted(part.period for part in parts if part.period)
        span = "—".join(dict.fromkeys((periods[0], periods[-1]))) if periods else None
        yield replace(parts[0], period=span, rows=sum(part.rows for part in parts))


def _forms_of(workspace: Workspace, case_file: CaseFile) -> Iterable[tuple[Any, str]]:
    """The forms that name the subject, each with its column."""
    yield workspace.form(case_file.form), case_file.subject
    for table, (column, head_column) in case_file.feeds.items():
        if table in workspace.forms and head_column == case_file.subject:
            yield workspace.form(table), column


def _subject(workspace: Workspace, case_file: CaseFile, subject: str, as_of: AsOf) -> Subject:
    """A subject with its own rows alone, taken from the engine."""
    graph = workspace.graph(as_of)
    heads = _rows(graph.table(case_file.form), case_file.subject, subject)
    if not heads:
        raise NoSuchRow(
            f"“{case_file.title_zh}”里没有“{subject}”",
            f"no '{subject}' among {case_file.title_en}",
            todo="核对编号，或先报送头表",
            todo_en="check the id, or file its head form first",
        )
    tables = {
        table: _rows(graph.table(table), column, heads[0][head_column])
        for table, (column, head_column) in case_file.feeds.items()
    }
    return next(subjects_of(case_file, {case_file.form: heads, **tables}))


def _rows(table: Any, column: str, value: Any) -> list[Row]:
    if value is None:
        return []
    rows: list[Row] = table.filter(table[column] == value).to_pyarrow().to_pylist()
    return rows


def _recorded(
    workspace: Workspace, kind: str, subject: str, as_of: AsOf
) -> dict[tuple[str, str], Row]:
    rows = _rows(workspace.graph(as_of).table(RECORDED), "subject", subject)
    return {(row["asked"], row["span"] or ""): row for row in rows if row["case_file"] == kind}


def sentence_of(ruling: Ruling) -> str:
    """What a verdict says, each output with its words."""
    if ruling.result is None:
        return ruling.why[0]
    words = {output.name: output.zh for output in ruling.result.rule.outputs}
    units = ruling.result.units
    return "；".join(
        f"{words.get(name, name)}：{text_of(value, units.get(name, ''))}{units.get(name, '')}"
        for name, value in ruling.result.outputs.items()
    )


def as_dict(of_one: Opened) -> dict[str, Any]:
    """A case file as JSON: verdicts with inputs and what they rest on, days due, what was filed."""
    return {
        "kind": of_one.case_file.id,
        "subject": of_one.subject.id,
        "name": of_one.subject.name,
        "place": of_one.subject.place,
        "entity": of_one.subject.entity,
        "verdicts": [
            {
                "asked": ruling.asked.id,
                "rule": ruling.asked.rule,
                "period": ruling.span.text,
                "day": ruling.day,
                "state": ruling.state,
                "says": sentence_of(ruling),
                "inputs": dict(ruling.inputs),
                "outputs": dict(ruling.result.outputs) if ruling.result else {},
                "missing": [vars(lack) for lack in ruling.lacks],
                "confidence": ruling.confidence,
                "digest": ruling.digest,
                "stale": of_one.is_stale(ruling),
            }
            for ruling in of_one.rulings
        ],
        "calendar": [due.as_row() for due in of_one.days],
        "filed": [vars(filed) for filed in of_one.filed],
    }


def record(
    workspace: Workspace,
    opened_file: Opened,
    actor: Actor,
    only: str | None = None,
    *,
    writer: GatheringWriter | None = None,
) -> ImportReport:
    """Put verdicts on record as a submission that is reviewed as any other; ``only``: those of one
    asked rule. What rests on a row of a demonstration is marked as such.

    Raises HengtanError where none was reached.
    """
    subject = opened_file.subject
    rulings = [
        ruling
        for ruling in opened_file.rulings
        if ruling.state == RULED and only in (None, ruling.asked.id)
    ]
    rows = [
        {
            "case_file": opened_file.case_file.id,
            "subject": subject.id,
            "place": subject.place,
            "entity": subject.entity,
            "asked": ruling.asked.id,
            "span": ruling.span.text,
            "day": ruling.day.isoformat(),
            "says": sentence_of(ruling),
            "law": ruling.result.rule.law if ruling.result else "",
            "confidence": ruling.confidence,
            "digest": ruling.digest,
        }
        for ruling in rulings
    ]
    if not rows:
        raise HengtanError(
            "没有可以存档的判定",
            "there is no verdict to record",
            todo="先补齐缺的数据",
            todo_en="file what is missing first",
        )
    demo = any(ruling.facts.demo for ruling in rulings)
    intake = Intake(place=subject.place or None, demo=demo)
    filing = Filing(RECORDED, RECORDED_NAME, as_file(rows), actor, intake)
    return file_in(workspace, filing, writer=writer)
