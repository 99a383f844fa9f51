"""Refusals and findings: what is wrong, where, and what to do, in one line, Chinese first.

Every error a user can cause is a ``HengtanError``. A ``Finding`` is the same thing not raised:
imports and checks return lists of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from hengtan.basis.english_names import with_english_names

SPOKEN = {
    "zh": ("工作表“{}”", "第{}行", "“{}”列"),
    "en": ("sheet '{}'", "row {}", "column '{}'"),
}
"""How a sheet, a row and a column are spoken of."""


@dataclass(frozen=True)
class Where:
    """A place in a file a person can open: file, sheet, row (1 = first line), column (its header),
    clause.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    clause: str | None = None

    def __str__(self) -> str:
        return self.said("zh")

    def said(self, lang: str) -> str:
        """The place in a language; names of sheets and columns as they stand in the file."""
        return " ".join(part for part in (self.file, self.within(lang)) if part)

    def within(self, lang: str) -> str:
        """The place within the file, in a language."""
        sheet, row, column = SPOKEN[lang]
        parts = [
            sheet.format(self.sheet) if self.sheet else "",
            row.format(self.row) if self.row is not None else "",
            column.format(self.column) if self.column else "",
            self.clause or "",
        ]
        return " ".join(filter(None, parts))


@dataclass(frozen=True)
class Finding:
    """Something found while reading or checking: ``level`` is ``error`` or ``warning``."""

    level: str
    zh: str
    en: str
    where: Where = Where()
    todo: str = ""
    todo_en: str = ""
    code: str = ""

    def __str__(self) -> str:
        return one_line(self.zh, self.en, self.where, self.todo, self.todo_en)

    def as_dict(self) -> dict[str, Any]:
        """JSON form: level, code, words in both languages, and what is known of ``where``."""
        return {
            "level": self.level,
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "todo": self.todo,
            "todo_en": self.todo_en,
            **{k: v for k, v in asdict(self.where).items() if v is not None},
        }


def one_line(zh: str, en: str, where: Where | None, todo: str, todo_en: str) -> str:
    """Where, what is wrong, what to do: one line, Chinese then English; the file stands once."""
    place, within = (where.said("zh"), where.within("en")) if where else ("", "")
    chinese = f"{zh}；{todo}" if todo else zh
    english = f"{en}; {todo_en}" if todo_en else en
    text = f"{place}：{chinese}" if place else chinese
    again = f"{within}: {english}" if within else english
    return " ".join(f"{text} | {again}".split())


class HengtanError(Exception):
    """A refusal with its place and what to do about it. ``str()`` gives one line.

    The English half says by their English names what it names in Chinese, unless it is ``AsTyped``.
    """

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        where: Where | None = None,
        todo: str = "",
        todo_en: str = "",
        findings: list[Finding] | None = None,
    ) -> None:
        if not findings:
            en, todo_en = with_english_names(en), with_english_names(todo_en)
        self.zh, self.en, self.where, self.todo, self.todo_en = zh, en, where, todo, todo_en
        self.findings = findings or []
        super().__init__(one_line(zh, en, where, todo, todo_en))

    @classmethod
    def of(cls, findings: list[Finding]) -> Self:
        """A refusal for some findings, all of them kept; the first one speaks."""
        first = findings[0]
        return cls(
            first.zh,
            first.en,
            where=first.where,
            todo=first.todo,
            todo_en=first.todo_en,
            findings=findings,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Itself, when it comes from another process: kind, words, place and findings."""
        return _as_raised, (type(self), str(self), vars(self))

    def as_finding(self) -> Finding:
        """The refusal as something that was found."""
        return Finding(
            "error",
            self.zh,
            self.en,
            self.where or Where(),
            self.todo,
            self.todo_en,
            type(self).__name__,
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON form of the refusal, with its findings."""
        return {
            **self.as_finding().as_dict(),
            "findings": [f.as_dict() for f in self.findings],
        }


def _as_raised(kind: type[HengtanError], line: str, attributes: dict[str, Any]) -> HengtanError:
    error = kind.__new__(kind, line)
    vars(error).update(attributes)
    return error


class ParameterNotEstablished(HengtanError):
    """A parameter that no source in the packs establishes; the message names the document that
    would settle it.

    ``parameter``: its name and key; ``document``: what would settle it, in both languages;
    ``input``: the input of the rule that may stand for it. Empty where it is not known.
    """

    parameter: str = ""
    document: tuple[str, str] = ("", "")
    input: str = ""

    def about(self, parameter: str, document: tuple[str, str]) -> Self:
        """Itself, with the parameter that it is about and the document that would settle it."""
        self.parameter, self.document = parameter, document
        return self

    def retold(self, zh: str, en: str, todo: str = "", todo_en: str = "") -> Self:
        """The same in other words: about the same parameter, with what to do as it is or anew."""
        again = type(self)(
            zh, en, where=self.where, todo=todo or self.todo, todo_en=todo_en or self.todo_en
        )
        again.parameter, again.document, again.input = self.parameter, self.document, self.input
        return again

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with the id of the parameter where it is known."""
        of_it = {"parameter": self.parameter} if self.parameter else {}
        return super().as_dict() | of_it


class BadPeriod(HengtanError):
    """A text that is no period (year, half, quarter, month, day, cumulative, span)."""


class UnknownUnit(HengtanError):
    """A unit the registry does not know, or a conversion between different dimensions."""


class UnknownPlace(HengtanError):
    """A place that is not in the place tree, or a name that several places share."""


class NotSummable(HengtanError):
    """Places that overlap or are not a partition; they must not be added."""


class PackError(HengtanError):
    """A pack that is broken; the message names file and row."""


class OverlappingRows(PackError):
    """Two rows of a dated table are in force on the same day for the same key."""


class UnknownForm(HengtanError):
    """A form or registry that no pack defines."""


class ImportRejected(HengtanError):
    """A file that cannot be taken in; nothing was written. ``findings`` lists every reason."""


class UnreadableFile(HengtanError):
    """A file that is not a table we read, is damaged, protected, or too large."""


class LedgerBusy(HengtanError):
    """Another process holds the writer lock for longer than we wait."""


class LedgerTampered(HengtanError):
    """A file of the ledger is missing or differs from what was submitted."""


class WrongState(HengtanError):
    """A submission that cannot take this step from the state it is in."""


class UnknownAccount(HengtanError):
    """A table that is neither an account, a form nor a pack table."""


class NoSuchRow(HengtanError):
    """A key that no row of the account has."""


class NotAWorkspace(HengtanError):
    """A folder that holds no workspace."""
