"""Where a person gives a parameter that no document at hand establishes: a field of the kind's own
forms, or the form of parameters that a place has set itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.case_files.declared import Asked, CaseFile, Source
from hengtan.instruments.case_files.local import FORM as LOCAL
from hengtan.ledger.forms import Form

ITEM = "item"
"""The column of the form of local parameters that names the parameter."""


def titles_of(forms: Mapping[str, Form]) -> dict[str, tuple[str, str]]:
    """What forms, their fields and the local parameters are called, by ``form``, ``form.field`` and
    ``local_parameters.item.<parameter>``.
    """
    titles: dict[str, tuple[str, str]] = {}
    for name, form in forms.items():
        titles[name] = (form.title_zh, form.title_en)
        for part in form.fields:
            titles[f"{name}.{part.id}"] = (part.title_zh, part.title_en)
    for part in forms[LOCAL].fields if LOCAL in forms else ():
        if part.id == ITEM:
            for parameter, (zh, en) in (part.choices or {}).items():
                titles[_choice(parameter)] = (zh, en)
    return titles


def _choice(parameter: str) -> str:
    return f"{LOCAL}.{ITEM}.{parameter}"


@dataclass(frozen=True)
class GivenIn:
    """A field in which a parameter may be given, with what form and field are called; ``choice``:
    the parameter that is chosen in the form of local parameters.
    """

    table: str
    column: str
    choice: str = ""
    form: tuple[str, str] = ("", "")
    title: tuple[str, str] = ("", "")

    @property
    def said(self) -> tuple[str, str]:
        """Form and field in both languages."""
        zh = f"报表“{self.form[0]}”的“{self.title[0]}”"
        return zh, f"'{self.title[1]}' of the form '{self.form[1]}'"


def places_of(case_file: CaseFile, asked: Asked, parameter: str, item: str = "") -> list[GivenIn]:
    """Where a parameter of a rule may be given: in the forms of the kind, then set by the place.

    ``parameter``: its name and key; ``item``: the input of the rule that may stand for it. Empty
    where there is no such field.
    """
    own = (_of_source(case_file, asked, source) for source in _own(asked, parameter, item))
    places = list(dict.fromkeys(place for place in own if place is not None))
    if _choice(parameter) in case_file.titles:
        called = case_file.titles[_choice(parameter)]
        places.append(GivenIn(LOCAL, ITEM, parameter, case_file.titles[LOCAL], called))
    return places


def _own(asked: Asked, parameter: str, item: str) -> Iterator[Source]:
    """The columns that give the parameter, those that hold others of the same rule behind."""
    if item in asked.inputs:
        yield asked.inputs[item]
    if parameter in asked.fields:
        yield asked.fields[parameter]
    names = [name for name in asked.parameters if is_of(parameter, name)]
    yield from (asked.parameters[name] for name in names)


def is_of(parameter: str, name: str) -> bool:
    """Whether a column for ``name`` gives the parameter: of that name and key, or of any key."""
    return parameter == name or parameter.startswith(f"{name}.")


def _of_source(case_file: CaseFile, asked: Asked, source: Source) -> GivenIn | None:
    """The form whose field a source takes: its own table, the row ruled on, or the head."""
    titles = case_file.titles
    for table in filter(None, (source.table, asked.of, case_file.form)):
        if (called := titles.get(f"{table}.{source.column}")) is not None:
            return GivenIn(table, source.column, "", titles[table], called)
    return None


def told_where(
    error: ParameterNotEstablished, places: Sequence[GivenIn]
) -> ParameterNotEstablished:
    """A refusal that names the document and the fields in which the figure may be given.

    One that is not about a parameter of the packs says itself what to do, and stays as it is.
    """
    if not error.parameter:
        return error
    zh, en = error.document
    law_zh, law_en = zh or "对应的法规或标准文本", en or "the law itself"
    if not places:
        todo = f"查{law_zh}，由系统管理员补进数据包的参数表（rule_parameters）"
        todo_en = f"see {law_en}; the administrator adds it to rule_parameters of a pack"
        return error.retold(error.zh, error.en, todo, todo_en)
    said_zh, said_en = zip(*(place.said for place in places), strict=True)
    todo = f"查{law_zh}，填{'，或填'.join(said_zh)}"
    return error.retold(error.zh, error.en, todo, f"see {law_en}, and fill {' or '.join(said_en)}")
