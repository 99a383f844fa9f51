"""What is filed and decided: figures handed in by those who owe them, through the checks of every
import; approved, returned or left waiting by those whose turn it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.actor import Actor
from hengtan.demo.city import CITY, MADE_UP, Someone
from hengtan.desk.entry import Sending, Unconfirmed, fresh, hand_in
from hengtan.desk.entry_files import hand_in_file
from hengtan.desk.evidence import Intake
from hengtan.ledger.forms import Form
from hengtan.office.permission import Person, Thing
from hengtan.office.typed import Typed
from hengtan.report.files import list_csv_bytes
from hengtan.report.sheet.filled import write_filled_form
from hengtan.web import trail
from hengtan.web.demo_city.stage import Stage
from hengtan.web.rooms.entry import drafts
from hengtan.web.rooms.entry.drafts import About
from hengtan.web.rooms.entry.models import DraftRow
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.pages_deciding import Decision, carry_out, cases_of

FILE = "record.file"
Row = dict[str, Any]


def load(stage: Stage, someone: Someone, form_id: str, rows: Sequence[Row], folder: Path) -> str:
    """Hand in an Excel file, as its page does; gives the submission."""
    form = stage.workspace.form(form_id)
    person = stage.let(someone, FILE, Thing(place=CITY, form=form_id))
    path = folder / f"演示数据_{form.title_zh.split('（')[0]}.xlsx"
    write_filled_form(form, rows, path, f"{form.title_zh}（{MADE_UP}）")

    def send(seen: str | None) -> Any:
        sending = Sending("", Actor(person.name, CITY), Intake(place=CITY, demo=True), seen)
        return hand_in_file(stage.workspace, form, path, sending, writer=stage.app.writer)

    return _handed_in(send, person, path.name)


def load_list(
    stage: Stage, someone: Someone, form_id: str, rows: Sequence[Row], folder: Path
) -> str:
    """Hand in a CSV file of any length, as its page does; gives the submission."""
    form = stage.workspace.form(form_id)
    person = stage.let(someone, FILE, Thing(place=someone.place, form=form_id))
    path = folder / f"演示数据_{form.title_zh.split('（')[0]}.csv"
    titles = [field.title_zh for field in form.fields]
    cells = [[row.get(field.id) for field in form.fields] for row in rows]
    path.write_bytes(list_csv_bytes(titles, cells))

    def send(seen: str | None) -> Any:
        actor, intake = Actor(person.name, someone.place), Intake(place=someone.place, demo=True)
        sending = Sending("", actor, intake, seen)
        return hand_in_file(stage.workspace, form, path, sending, writer=stage.app.writer)

    return _handed_in(send, person, path.name)


def begin(
    stage: Stage, someone: Someone, form_id: str, rows: Sequence[Row], period: str
) -> DraftRow:
    """Begin a draft in the grid and leave it with rows typed."""
    form = stage.workspace.form(form_id)
    thing = Thing(place=someone.place, form=form_id, entity=someone.entity or None)
    person = stage.let(someone, FILE, thing)
    about = About(form_id, someone.place, someone.entity, "", period)
    row = drafts.begin(about, typed(form, rows), person)
    trail.add("draft_begun", f"{row.key} {form_id} {someone.place} {period}"[:400], by=person.name)
    return row


def typed(form: Form, rows: Sequence[Row]) -> Typed:
    """Rows as somebody types them into the grid of a form."""
    return fresh(form).with_rows(
        [["" if row.get(f.id) is None else str(row[f.id]) for f in form.fields] for row in rows]
    )


def send(stage: Stage, someone: Someone, draft: DraftRow) -> str:
    """Hand a draft in, its warnings seen; gives the submission."""
    form, person = stage.workspace.form(draft.form), stage.person(someone)
    actor = Actor(person.name, draft.body)
    intake = Intake(place=draft.place, demo=True)

    def handed(seen: str | None) -> Any:
        sending = Sending(draft.key, actor, intake, seen)
        grid = Typed.from_dict(draft.typed)
        return hand_in(stage.workspace, form, grid, sending, writer=stage.app.writer)

    number = _handed_in(handed, person, f"draft {draft.key}")
    drafts.became(draft, number)
    return number


def file(stage: Stage, someone: Someone, form_id: str, rows: Sequence[Row], period: str) -> str:
    """Type rows into the grid and hand them in; gives the submission."""
    return send(stage, someone, begin(stage, someone, form_id, rows, period))


def _handed_in(send_with: Any, person: Person, what: str) -> str:
    """Hand in, and once more where warnings are to be confirmed."""
    try:
        report = send_with(None)
    except Unconfirmed as warned:
        report = send_with(warned.seen)
    number = str(report.submission["submission"])
    trail.add("handed_in", number, what, by=person.name)
    return number


def decide(
    stage: Stage, someone: Someone, submissions: Sequence[str], do: str, reason: str = ""
) -> None:
    """Decide on submissions as the page of review does. Raises what refuses it."""
    request: Any = stage.asked_by(someone)
    decision = Decision(do, reason)
    decision.check()
    register = asking.register_of(request)
    cases = cases_of(request, register, list(submissions))
    for outcome in carry_out(request, register, [cases[n] for n in submissions], decision):
        if isinstance(outcome, Exception):
            raise outcome
