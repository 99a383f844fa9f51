"""All rules as a workbook: downloaded, changed, and taken in again, all rows or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.office.duties import DUE_KINDS, FREQUENCIES, WORDS
from hengtan.report.sheet.lists import ListSheet, lists_bytes
from hengtan.web.rooms.duties.pages import MANAGE, XLSX, sayer, words
from hengtan.web.rooms.duties.pages_rules import fill, kinds_of, rules_page, typed_of, visible
from hengtan.web.rooms.duties.typed import kept, not_so, refusal
from hengtan.web.routing import Router

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from hengtan.web.rooms.duties.models import DutyRow

router = Router()
COLUMNS = {
    "code": "rules.code",
    "form": "form",
    "frequency": "rules.frequency",
    "department": "department",
    "owers_kind": "rules.owers",
    "within": "rules.within",
    "listed": "rules.listed",
    "due_kind": "rules.due_kind",
    "months_after": "rules.months_after",
    "due_number": "rules.number",
    "shifts": "rules.shifts",
    "opens": "rules.opens",
    "expires": "rules.expires",
    "left_out": "rules.left_out",
    "items": "rules.items",
    "valid_from": "rules.valid_from",
    "valid_until": "rules.valid_until",
}
"""Fields of a rule and the words that head their columns."""
YES = {"是", "yes", "true", "1", "√"}
LARGEST_NAME = 100


def choices_of(request: HttpRequest) -> dict[str, dict[str, str]]:
    """The codes that a column may hold by the words for them, in both languages."""
    forms = request.app.site.workspace.forms
    titles = {title: i for i, f in forms.items() for title in (i, f.title_zh, f.title_en)}
    frequencies = {word: code for code in FREQUENCIES for word in WORDS[f"frequency.{code}"]}
    kinds = {word: code for lang in ("zh", "en") for code, word in kinds_of(request, lang)}
    due = {word: code for code in DUE_KINDS for word in words()[f"rules.due.{code}"]}
    return {"form": titles, "frequency": frequencies, "owers_kind": kinds, "due_kind": due}


@router.get("/duties/rules.xlsx", MANAGE)
def download(request: HttpRequest) -> HttpResponse:
    """The rules as a workbook, with the words that may stand in each column."""
    from django.http import HttpResponse

    say, choices = sayer(request), choices_of(request)
    heads = [say(key) for key in COLUMNS.values()]
    rows = [_line(request, row) for row in visible(request)]
    notes = [
        [say(COLUMNS[field]), word]
        for field, known in choices.items()
        for word in (known if field != "form" else _titles(request))
    ]
    sheets = [
        ListSheet(say("rules.title"), heads, rows),
        ListSheet(
            say("rules.file.words"), [say("rules.file.column"), say("rules.file.word")], notes
        ),
    ]
    content = lists_bytes(say("rules.title"), sheets)
    disposition = 'attachment; filename="duties.xlsx"'
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def _titles(request: HttpRequest) -> list[str]:
    return [form.title_zh for form in request.app.site.workspace.forms.values()]


def _line(request: HttpRequest, row: DutyRow) -> list[Any]:
    """A rule as a line, its codes as the first word for each."""
    typed, choices = typed_of(row), choices_of(request)
    places = request.app.site.workspace.pack.places()
    line = []
    for field in COLUMNS:
        value = typed[field]
        named = [word for word, code in choices.get(field, {}).items() if code == value]
        if field == "form":
            named = [word for word in named if word != value]
        if field == "within" and value in places:
            named = [places[value].name_zh]
        if field == "shifts":
            named = ["是" if value else "否"]
        line.append(named[0] if named else value)
    return line


@router.post("/duties/rules/file", MANAGE)
def take_in(request: HttpRequest) -> HttpResponse:
    """Keep the rules of a workbook, all of them or none."""
    from django.db import transaction

    from hengtan.web import trail
    from hengtan.web.rooms.duties.changing import keep_rule

    file = request.FILES.get("file")
    if file is None:
        return rules_page(request, [sayer(request)("rules.file.none")])
    try:
        lines = _read(file)
    except HengtanError as error:
        return rules_page(request, [refusal(request, error)])
    rows, wrong = [], []
    for number, typed in lines:
        try:
            rows.append(_row(request, typed))
        except HengtanError as error:
            why = refusal(request, error)
            wrong.append(sayer(request)("rules.file.wrong", number, typed.get("code", ""), why))
    if wrong or not rows:
        return rules_page(request, wrong or [sayer(request)("rules.file.empty")])
    try:
        with transaction.atomic():
            for row in rows:
                keep_rule(row, request.app.today(), request.person.name)
    except HengtanError as error:
        return rules_page(request, [refusal(request, error)])
    trail.note(request, "duty", f"{len(rows)} from {file.name}"[:200])
    return kept(f"/duties/rules?saved={len(rows)}")


def _read(file: UploadedFile) -> list[tuple[int, dict[str, str]]]:
    """The lines of the first sheet that has our columns, by field. Raises HengtanError."""
    from hengtan.ledger.reading.plain_tables import plain_sheets

    fields = {word: field for field, key in COLUMNS.items() for word in words()[key]}
    name = Path(str(file.name)).name[-LARGEST_NAME:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file{Path(name).suffix.lower()}"
        path.write_bytes(b"".join(file.chunks()))
        sheets = plain_sheets(path, fields)
    for sheet in sheets:
        columns = [fields.get(title.strip()) for title in sheet.titles]
        if "code" in columns and "form" in columns:
            return [
                (line, {f: text.strip() for f, text in zip(columns, texts, strict=True) if f})
                for line, texts in sheet.rows
                if any(text.strip() for text in texts)
            ]
    refused = not_so("rules.file.no_columns")
    refused.where = Where(name)
    raise refused


def _row(request: HttpRequest, line: Mapping[str, str]) -> DutyRow:
    """The rule of a line. Raises HengtanError."""
    from hengtan.web.rooms.duties.models import DutyRow

    typed = dict(line)
    for field, known in choices_of(request).items():
        word = typed.get(field, "")
        if word and word not in known and word not in known.values():
            raise not_so("rules.file.word_bad", words()[COLUMNS[field]][0], word)
        typed[field] = known.get(word, word)
    if typed.get("within"):
        typed["within"] = request.app.site.workspace.pack.places().find(typed["within"]).code
    typed["shifts"] = "yes" if typed.get("shifts", "").lower() in YES else ""
    row = DutyRow.objects.filter(code=typed.get("code", "")).first() or DutyRow()
    if row.pk and row.form != typed["form"]:
        raise not_so("rules.file.other_form", row.code, row.form)
    fill(request, row, typed)
    return row
