"""Kinds of case files as data: what feeds them, which rules read what, what is due when.

``CaseFile.of`` reads a definition of a pack; ``fitting.problems_of`` holds it against forms and
rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.border import FAULTS
from hengtan.basis.errors import HengtanError, PackError, Where

FIXED_WORD = "="
"""Before a word that stands for itself where a column is asked for."""
JUDGED_ON = "judged_on"
"""The column that stands for the day judged; a verdict is not another one because it looks at it.
"""
EACH = ("once", "year", "half", "quarter", "month", "row")
TAKES = ("only", "sum", "last", "first", "most", "least", "count", "mean", "list")
Condition = Mapping[str, tuple[str, ...]]
"""Column → the words it may hold."""


@dataclass(frozen=True)
class Source:
    """Where an input of a rule comes from.

    A ``column`` of the head row or of the row that is ruled on; or, with ``table``, of the
    subject's rows in a form or an account: one value by ``take``, rows with their ``columns``
    (input → column), or amounts (``name`` and ``amount``). ``unit`` is the column of the unit, or
    a fixed word behind ``=``. ``span``: rows of the period ruled on, ``all``, or those ``before``
    its end. ``by``: the column that the rows are in the order of, else that of their periods.
    ``value``: a literal.
    """

    column: str = ""
    table: str = ""
    take: str = "only"
    columns: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    amount: str = ""
    unit: str = ""
    where: Condition = field(default_factory=dict)
    span: str = "period"
    by: str = ""
    value: Any = None

    @classmethod
    def of(cls, definition: Any) -> Source:
        """From the YAML: a column's name, or a mapping."""
        if isinstance(definition, str):
            return cls(column=definition)
        cells = dict(definition)
        cells["table"] = cells.pop("from", "")
        cells["where"] = _condition(cells.pop("where", {}))
        return cls(**cells)


def _condition(cells: Mapping[str, Any]) -> Condition:
    return {
        column: tuple(map(str, words)) if isinstance(words, list) else (str(words),)
        for column, words in cells.items()
    }


@dataclass(frozen=True)
class Asked:
    """A rule that reads the subject: for ``each`` period or row, of the table ``of``.

    ``day``: the column of the day ruled on, else the end of the period, never after the day judged.
    ``when``: what the head row, or the row that is ruled on, must hold. ``id`` tells two uses of
    one rule apart. ``fields``: of a parameter that the law does not establish and that comes with
    the rows of an input, the field in which it is filled.
    """

    id: str
    rule: str
    inputs: Mapping[str, Source]
    each: str = "once"
    of: str = ""
    day: str = ""
    label: str = ""
    when: Condition = field(default_factory=dict)
    options: Mapping[str, Source] = field(default_factory=dict)
    parameters: Mapping[str, Source] = field(default_factory=dict)
    fields: Mapping[str, Source] = field(default_factory=dict)
    title_zh: str = ""
    title_en: str = ""

    @classmethod
    def of_definition(cls, cells: Mapping[str, Any]) -> Asked:
        """From the YAML."""
        sources: dict[str, Any] = {
            part: {name: Source.of(source) for name, source in (cells.get(part) or {}).items()}
            for part in ("inputs", "options", "parameters", "fields")
        }
        plain = {key: value for key, value in cells.items() if key not in (*sources, "when")}
        plain.setdefault("id", plain["rule"])
        return cls(**plain, **sources, when=_condition(cells.get("when") or {}))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where all it takes comes from."""
        parts = (self.inputs, self.options, self.parameters, self.fields)
        return tuple(source for part in parts for source in part.values())


@dataclass(frozen=True)
class Deadline:
    """Something that is due: on the day in ``day`` (a column, or ``<asked id>.<output>`` of a
    verdict), or as long after it as the parameter ``after`` says (in its unit, of the place of the
    subject, in force on that day; not due where none is); done once ``done`` holds a day.

    With ``of`` each row of that table has its own day. With ``every`` (a column of the head that
    holds ``month`` or ``quarter``, or such a word behind ``=``) it is due of each such period,
    whether or not ``of`` has a row of it: from the first of the head's columns ``since`` that
    holds a day, else from the first period on file. ``returned``: a form whose rows of a period,
    those that fit ``where``, say that it is done where ``of`` has none.
    """

    id: str
    title_zh: str
    title_en: str
    day: str
    of: str = ""
    label: str = ""
    done: str = ""
    after: str = ""
    warn_days: int = 30
    law: str = ""
    when: Condition = field(default_factory=dict)
    every: str = ""
    since: tuple[str, ...] = ()
    returned: str = ""
    where: Condition = field(default_factory=dict)

    @classmethod
    def of_definition(cls, cells: Mapping[str, Any]) -> Deadline:
        """From the YAML."""
        conditions = {part: _condition(cells.get(part) or {}) for part in ("when", "where")}
        return cls(**{**cells, **conditions, "since": tuple(cells.get("since") or ())})


LETTER, SHEET = "letter", "sheet"
"""A document in sentences with a seal, or a form (表) with places to sign."""


@dataclass(frozen=True)
class Issued:
    """A document that leaves a case file: the verdicts (``of``: ids of asked rules) and days due
    (``days``: ids of deadlines) that stand in it, to whom (``to``: a column of the head).

    ``{name}`` in a title or an ``opening`` (the sentence before the facts) is the name of the
    subject. ``facts``: the columns of the head that it states, all where none is named.
    ``tables``: columns by table whose rows stand in it. ``shape``: ``letter`` or ``sheet``.
    ``steps``: how each verdict was reached is attached as a table. ``newest``: of verdicts by
    period only that of the last period that has ended, as in a return.
    """

    id: str
    title_zh: str
    title_en: str
    of: tuple[str, ...]
    days: tuple[str, ...] = ()
    to: str = ""
    shape: str = LETTER
    opening_zh: str = ""
    opening_en: str = ""
    facts: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: bool = False
    newest: bool = False

    @classmethod
    def of_definition(cls, cells: Mapping[str, Any]) -> Issued:
        """From the YAML."""
        lists = {part: tuple(cells.get(part) or ()) for part in ("of", "days", "facts")}
        tables = {table: tuple(names) for table, names in (cells.get("tables") or {}).items()}
        return cls(**{**cells, **lists, "tables": tables})


@dataclass(frozen=True)
class Listed:
    """An official list (名录) that subjects of a kind may stand on: ``registry``; ``when`` a file
    says of itself that it does (columns of the head), ``until`` the column of its last day. Without
    ``when`` files say nothing of it.

    ``of`` and ``name``: of a list that names rows of its subjects and not the subjects (the events
    of a campaign), their form and the column of the name; ``when`` and ``until`` are columns of it.
    """

    registry: str
    when: Condition = field(default_factory=dict)
    until: str = ""
    of: str = ""
    name: str = ""

    @classmethod
    def of_definition(cls, cells: Mapping[str, Any]) -> Listed:
        """From the YAML."""
        return cls(**{**cells, "when": _condition(cells.get("when") or {})})


@dataclass(frozen=True)
class CaseFile:
    """A kind of case file.

    ``form`` is the head form: a row of it for each subject, named by ``subject``. ``feeds``: forms
    and accounts with rows of a subject, and their column that holds it (``entity`` where they know
    the enterprise only: ``column=head column``). ``documents``: what leaves it in Word. ``lists``:
    the official lists that its subjects may stand on. ``titles``: what the forms call the fields
    in which a person may give a parameter (``places.titles_of``).
    """

    id: str
    title_zh: str
    title_en: str
    form: str
    subject: str
    name: str
    asked: tuple[Asked, ...]
    place: str = "place"
    entity: str = ""
    begins: str = ""
    ends: str = ""
    note_zh: str = ""
    note_en: str = ""
    kind: str = ""
    departments: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    feeds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    deadlines: tuple[Deadline, ...] = ()
    documents: tuple[Issued, ...] = ()
    lists: tuple[Listed, ...] = ()
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    where: Where = field(default_factory=Where)

    @classmethod
    def of(
        cls, definition: Mapping[str, Any], titles: Mapping[str, tuple[str, str]] | None = None
    ) -> CaseFile:
        """A kind from its YAML mapping. Raises PackError naming the file and what is wrong."""
        where = Where(str(definition.get("_file", definition.get("id", "case file"))))
        try:
            cells = {key: value for key, value in definition.items() if not key.startswith("_")}
            head = dict(cells.pop("head"))
            feeds = {
                table: _pair(str(by), head["subject"])
                for table, by in (cells.pop("feeds", None) or {}).items()
            }
            asked = tuple(map(Asked.of_definition, cells.pop("verdicts", None) or ()))
            deadlines = tuple(map(Deadline.of_definition, cells.pop("deadlines", None) or ()))
            documents = tuple(map(Issued.of_definition, cells.pop("documents", None) or ()))
            lists = tuple(map(Listed.of_definition, cells.pop("lists", None) or ()))
            listed: dict[str, Any] = {
                part: tuple(cells.pop(part, None) or ()) for part in ("departments", "systems")
            }
            case_file = cls(
                **cells,
                **head,
                **listed,
                asked=asked,
                deadlines=deadlines,
                documents=documents,
                lists=lists,
                feeds=feeds,
                titles=titles or {},
                where=where,
            )
        except FAULTS as error:
            raise wrong(f"{type(error).__name__} {error}", where) from error
        for problem in _own_problems(case_file):
            raise wrong(problem, where)
        return case_file

    @property
    def tables(self) -> tuple[str, ...]:
        """The forms and accounts it reads, the head form first."""
        return (self.form, *(table for table in self.feeds if table != self.form))

    @property
    def ruled_on(self) -> tuple[str, ...]:
        """Those of them that rules take from; the others are facts to look at."""
        taken = {source.table for asked in self.asked for source in asked.sources}
        taken |= {self.form, *(asked.of for asked in self.asked)}
        return tuple(table for table in self.tables if table in taken)

    @property
    def dated(self) -> tuple[str, ...]:
        """Those of them that days due are taken from."""
        taken = {self.form, *(deadline.of for deadline in self.deadlines)}
        taken |= {deadline.returned for deadline in self.deadlines}
        return tuple(table for table in self.tables if table in taken)

    @property
    def verdicts(self) -> str:
        """The account of its verdicts."""
        return f"case_{self.id}_verdicts"

    @property
    def calendar(self) -> str:
        """The account of its days due."""
        return f"case_{self.id}_calendar"

    @property
    def totals(self) -> str:
        """The account of its verdicts counted and summed, by place and year."""
        return f"case_{self.id}_totals"


def _pair(by: str, subject: str) -> tuple[str, str]:
    """``column`` or ``column=head column``."""
    column, _, head_column = by.partition("=")
    return column, head_column or subject


def wrong(problem: str, where: Where) -> HengtanError:
    """A definition that cannot be used."""
    return PackError(
        f"档案定义有误：{problem}",
        f"wrong definition of a case file: {problem}",
        where=where,
        todo="改正定义",
        todo_en="correct the definition",
    )


def _own_problems(case_file: CaseFile) -> Iterator[str]:
    """What is wrong with a definition by itself."""
    ids = [asked.id for asked in case_file.asked]
    for asked in case_file.asked:
        if ids.count(asked.id) > 1:
            yield f"verdicts：“{asked.id}”两次，用 id 区别"
        if asked.each not in EACH:
            yield f"each：“{asked.each}”不是 {'、'.join(EACH)}"
        if (asked.each != "once") != bool(asked.of):
            yield f"“{asked.id}”：按期或按行的判定要写 of，只判一次的不写"
        for source in asked.sources:
            if source.table and source.table not in case_file.tables:
                yield f"“{asked.id}”：feeds 里没有“{source.table}”"
            if source.take not in TAKES:
                yield f"“{asked.id}”：take “{source.take}”不是 {'、'.join(TAKES)}"
    yield from _problems_of_documents(case_file)
    of_days = (table for d in case_file.deadlines for table in (d.of, d.returned))
    for table in (*(asked.of for asked in case_file.asked), *of_days):
        if table and table not in case_file.tables:
            yield f"feeds 里没有“{table}”"


def _problems_of_documents(case_file: CaseFile) -> Iterator[str]:
    """Verdicts and days that a document names and that there are none of."""
    asked = {known.id for known in case_file.asked}
    days = {known.id for known in case_file.deadlines}
    tables = case_file.tables
    for document in case_file.documents:
        named = f"文书“{document.id}”"
        yield from (f"{named}：没有判定“{i}”" for i in document.of if i not in asked)
        yield from (f"{named}：没有期限“{i}”" for i in document.days if i not in days)
        yield from (f"{named}：feeds 里没有“{t}”" for t in document.tables if t not in tables)
        if document.shape not in (LETTER, SHEET):
            yield f"{named}：shape “{document.shape}”不是 {LETTER}、{SHEET}"
