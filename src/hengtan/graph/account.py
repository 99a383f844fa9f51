"""``@account``: a function from tables to a table, named as its table, with what is needed to
explain its rows.

``maps`` says for each input table how a row of the account leads to the input's rows. Parameters
that are not tables are options. ``@kernel`` declares an account that is no table expression but
mathematics on arrays, run on the driver.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from hengtan.graph.collected import Collected

F = TypeVar("F", bound=Callable[..., Any])


class Same:
    """Rows of the input whose columns equal columns of the account's row: ``Same("place",
    indicator="reported_as")``.

    A bare name pairs columns of that name; ``input_column="account_column"`` pairs columns of
    different names.
    """

    def __init__(self, *columns: str, **pairs: str) -> None:
        self.pairs: dict[str, str] = {**{c: c for c in columns}, **pairs}

    def __repr__(self) -> str:
        pairs = (k if k == v else f"{k}={v}" for k, v in self.pairs.items())
        return "same " + ", ".join(pairs)


class InForce(Same):
    """Rows of a dated table that ``in_force`` joins: columns equal as in ``Same``, and in force on
    a day.

    ``day`` is a column of the account's row or, where it has none of that name, an option. A
    missing value meets nothing.
    """

    def __init__(self, *columns: str, day: str = "date", **pairs: str) -> None:
        super().__init__(*columns, **pairs)
        self.day = day

    def __repr__(self) -> str:
        return f"in force on {self.day}, {super().__repr__()}"


@dataclass(frozen=True)
class Account:
    """What an account states of itself."""

    name: str
    key: tuple[str, ...]
    unit: str | None
    cites: tuple[str, ...]
    maps: Mapping[str, Same | str]
    tables: tuple[str, ...]
    options: tuple[str, ...]
    doc: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    limit: int | None = None
    """Of a kernel: the most rows an input may have; None for a relational account."""


class Accounts(Protocol):
    """What explaining, drawing and proving ask of a graph (``graph.graph.Graph``)."""

    replaced: frozenset[str]
    collected: dict[str, Collected | None]

    def accounts(self) -> dict[str, Account]: ...
    def table(self, name: str) -> Any: ...
    def execute(self, name: str) -> Any: ...
    def inputs_of(self, name: str) -> tuple[str, ...]: ...
    def plain_option(self, name: str, option: str) -> Any: ...
    def with_overrides(self, **overrides: Any) -> Any: ...


LIMIT = 2_000_000
"""Rows a kernel takes of one input where it states no other limit."""


def kernel(
    *,
    key: Sequence[str],
    unit: str | None,
    cites: Sequence[str],
    maps: Mapping[str, Same | str],
    limit: int = LIMIT,
) -> Callable[[F], F]:
    """Declare an account that is a kernel: its inputs come as ``pyarrow.Table``, collected to the
    driver, and it returns one.

    An input with more than ``limit`` rows is refused (HengtanError) when the kernel runs. Else as
    ``account``.
    """

    def declare(function: F) -> F:
        from ibis.expr.types import Table

        declared = account(key=key, unit=unit, cites=cites, maps=maps)(function)
        for name in (*declared.account.tables, "return"):  # type: ignore[attr-defined]
            declared.__annotations__[name] = Table  # to other accounts it is a table as any
        declared.account = replace(declared.account, limit=limit)  # type: ignore[attr-defined]
        return declared

    return declare


def account(
    *, key: Sequence[str], unit: str | None, cites: Sequence[str], maps: Mapping[str, Same | str]
) -> Callable[[F], F]:
    """Declare an account. ``maps`` must name every table parameter, with ``Same(...)``,
    ``InForce(...)`` or ``"all"``. Raises TypeError otherwise.
    """

    def declare(function: F) -> F:
        parameters = inspect.signature(function).parameters
        tables = tuple(p for p in parameters if _is_table(parameters[p].annotation))
        if set(tables) != set(maps):
            raise TypeError(
                f"{function.__name__}: maps must name exactly its tables {sorted(tables)}, "
                f"not {sorted(maps)}"
            )
        wrong = [name for name, how in maps.items() if not (isinstance(how, Same) or how == "all")]
        if wrong:
            raise TypeError(
                f"{function.__name__}: map of {wrong[0]} must be Same(...), InForce(...) or 'all'"
            )
        options = tuple(p for p in parameters if p not in tables)
        defaults = {option: parameters[option].default for option in options}
        function.account = Account(  # type: ignore[attr-defined]
            function.__name__,
            tuple(key),
            unit,
            tuple(cites),
            dict(maps),
            tables,
            options,
            inspect.getdoc(function) or "",
            {o: value for o, value in defaults.items() if value is not inspect.Parameter.empty},
        )
        return function

    return declare


def _is_table(annotation: Any) -> bool:
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return "Table" in name
