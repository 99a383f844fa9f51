"""Options that verbs share. A parameter annotated with a dataclass of this kind stands for its
fields: ``@grouped`` puts them on the command line, where Typer reads them like any other.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from hengtan.basis.words import LANGUAGES
from hengtan.cli.app import (
    KnownOn,
    MethodOption,
    PeriodOption,
    WorkspaceOption,
    day,
    opened,
    pairs,
)

if TYPE_CHECKING:
    from hengtan.basis.actor import Actor
    from hengtan.workspace import Workspace
    from hengtan.workspace.asof import AsOf


def grouped(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb whose dataclass parameters are given field by field on the command line."""
    parameters: list[inspect.Parameter] = []
    groups: dict[str, type[Any]] = {}
    for name, parameter in inspect.signature(verb, eval_str=True).parameters.items():
        kind: Any = parameter.annotation
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            groups[name] = kind
            parameters += _fields(kind)
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    def call(**values: Any) -> None:
        for name, group in groups.items():
            fields = [field.name for field in dataclasses.fields(group)]
            values[name] = group(**{field: values.pop(field) for field in fields})
        verb(**values)

    call.__name__, call.__doc__ = verb.__name__, verb.__doc__
    call.__annotations__ = {}
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return call


def _fields(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty
            if field.default is dataclasses.MISSING
            else field.default,
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(group)
    ]


def _language(asked: str) -> str:
    """A language there is. Raises BadParameter."""
    if asked not in LANGUAGES:
        raise typer.BadParameter("--lang 写 zh 或 en")
    return asked


LanguageOption = Annotated[
    str, typer.Option("--lang", help="文件的语言 zh 或 en", callback=_language)
]


@dataclass(frozen=True)
class Question:
    """Which workspace is asked, as known on which day, about which period, by which method."""

    workspace: WorkspaceOption = None
    known_on: KnownOn = None
    period: PeriodOption = None
    option: MethodOption = None

    def opened(self) -> Workspace:
        """The workspace."""
        return opened(self.workspace)

    def as_of(self, workspace: Workspace) -> AsOf:
        """Clocks and choices. Raises HengtanError for what no option can be."""
        return workspace.as_of(day(self.known_on), self.period, pairs(self.option))


@dataclass(frozen=True)
class Acting:
    """Who acts, by default the machine's user, and for which body."""

    by: Annotated[str | None, typer.Option("--by", help="经办人，默认为本机用户名")] = None
    behalf: Annotated[str | None, typer.Option("--for", help="代表哪个单位 the body acted for")] = (
        None
    )

    def actor(self) -> Actor:
        """The person who acts. Raises HengtanError for a blank name."""
        from hengtan.basis.actor import Actor

        return Actor.of_machine(self.by, self.behalf)


@dataclass(frozen=True)
class Shape:
    """How a table leaves: as JSON, as CSV, as a Parquet file, else for the eye."""

    json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False
    csv: Annotated[bool, typer.Option("--csv")] = False
    parquet: Annotated[Path | None, typer.Option("--parquet", help="写成 Parquet 文件")] = None
