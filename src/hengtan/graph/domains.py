"""A domain of accounts states in its own folder what it brings: accounts, options, units, words,
and what its page shows.

A domain is a package of ``hengtan``, ``hengtan.accounts`` or ``hengtan.instruments`` with a module
``domain`` that holds ``DOMAIN``. It is found by that alone: no list elsewhere names it. Its words
stand beside it in ``words.yaml`` (``hengtan.graph.said``).
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from hengtan.basis.words import Words
from hengtan.graph.refusals import refusal

ROOTS = ("hengtan", "hengtan.accounts", "hengtan.instruments")
LAST = 1_000
"""The rank of a section that states none."""
_DEFINED = re.compile(r"^def (\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class Option:
    """A named choice of method: one of ``choices``, a value of a ``column`` (pack table, column),
    or a ``number``."""

    name: str
    choices: tuple[str, ...] = ()
    column: tuple[str, str] | None = None
    number: type[int] | type[float] | None = None

    def read(self, text: str, pack: Any) -> str | int | float:
        """The choice a text names. Raises HengtanError with what the option may be."""
        if self.number is not None:
            try:
                return self.number(text)
            except ValueError:
                raise refusal("option_number", self.name, text) from None
        allowed = self.choices or self._of_pack(pack)
        if text not in allowed:
            raise refusal("option_value", self.name, text, "、".join(allowed), ", ".join(allowed))
        return text

    def _of_pack(self, pack: Any) -> tuple[str, ...]:
        table, column = self.column or ("", "")
        return tuple(dict.fromkeys(str(row[column]) for row in pack.rows(table)))


@dataclass(frozen=True)
class Column:
    """A column of a page; a ``scale`` of zero shows it as it is, another divides its numbers."""

    name: str
    scale: float = 0.0

    @classmethod
    def of(cls, text: str) -> Column:
        """From ``name`` or ``name/scale``."""
        name, _, scale = text.partition("/")
        return cls(name, float(scale or 0))


@dataclass(frozen=True)
class Section:
    """What a page shows of an account: columns of a table, and the kind of chart drawn of it.

    ``rank`` orders the sections of all domains. ``only`` keeps the rows with these values.
    ``sheet`` says whether it has a sheet of the workbook.
    """

    account: str
    columns: tuple[Column, ...] = ()
    rank: int = LAST
    chart: str = ""
    only: tuple[tuple[str, Any], ...] = ()
    sheet: bool = True

    @classmethod
    def of(cls, account: str, columns: str, **more: Any) -> Section:
        """With its columns in one text: ``"year method total/1e4"``."""
        return cls(account, tuple(map(Column.of, columns.split())), **more)


@dataclass(frozen=True)
class Domain:
    """What a domain brings.

    ``accounts`` are the modules of ``package`` that hold its accounts; every module of the package
    counts in the key of kept results. ``unit_columns`` are columns of pack tables that hold units.
    ``asks_for`` are forms that its page names while they hold no rows; ``places_of`` are accounts
    whose places it can show.
    """

    name: str
    package: str
    accounts: tuple[str, ...]
    options: tuple[Option, ...] = ()
    unit_columns: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    asks_for: tuple[str, ...] = ()
    places_of: tuple[str, ...] = ()
    unestablished: tuple[str, ...] = ()
    """Codes of ``missing`` that say a parameter was not read in its source; each names the document
    and the form where it can be given (``hengtan.graph.unestablished``)."""
    knows_the_day: bool = False
    """Whether its accounts depend on the day judged."""
    rests_on: str = ""
    """A package whose modules, in all its folders, count in the key of kept results too."""

    def modules(self) -> list[ModuleType]:
        """The modules that hold its accounts."""
        return [import_module(f"{self.package}.{name}") for name in self.accounts]

    def names(self) -> list[str]:
        """The names of its accounts."""
        return [
            name
            for module in self.modules()
            for name, value in vars(module).items()
            if hasattr(value, "account") and value.__module__ == module.__name__
        ]

    def functions(self) -> set[str]:
        """The names of the functions in its modules of accounts, read from their text."""
        modules = [path for path in self.files() if path.stem in self.accounts]
        return {name for path in modules for name in _DEFINED.findall(path.read_text("utf-8"))}

    def files(self) -> list[Path]:
        """The files of all its modules: what its accounts are made by."""
        own = [path for folder in _folders(self.package) for path in folder.glob("*.py")]
        others = _folders(self.rests_on) if self.rests_on else []
        return sorted({*own, *(path for folder in others for path in folder.rglob("*.py"))})

    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Its word table; empty where it ships none."""
        shipped = any((folder / "words.yaml").is_file() for folder in _folders(self.package))
        return Words.of(self.package) if shipped else {}


@cache
def domains() -> tuple[Domain, ...]:
    """All domains, by name."""
    every = [_declared(package) for package in _packages()]
    return tuple(sorted(every, key=lambda domain: domain.name))


def domain_of(account: str) -> Domain | None:
    """The domain an account belongs to; None for a table that is no account.

    Looked up in the text of the modules, so that a kept result is shown without importing them.
    """
    return _by_function(domains()).get(account)


@cache
def _by_function(of_domains: tuple[Domain, ...]) -> dict[str, Domain]:
    """The first domain that has a function of this name."""
    return {name: domain for domain in reversed(of_domains) for name in domain.functions()}


def modules(*names: str) -> list[ModuleType]:
    """The modules of accounts of the domains named; of all where none is."""
    chosen = [domain for domain in domains() if domain.name in names or not names]
    return [module for domain in chosen for module in domain.modules()]


def options() -> dict[str, Option]:
    """The options of all domains by name."""
    return {option.name: option for domain in domains() for option in domain.options}


def sections() -> list[Section]:
    """The sections of all domains in the order of pages."""
    every = [section for domain in domains() for section in domain.sections]
    return sorted(every, key=lambda section: section.rank)


def _packages() -> Iterator[str]:
    """The packages that have a module ``domain``; none is imported to know it."""
    for root in ROOTS:
        for about in pkgutil.iter_modules(import_module(root).__path__, f"{root}."):
            place = getattr(about.module_finder, "path", "")
            folder = Path(place) / about.name.rpartition(".")[2]
            if about.ispkg and (folder / "domain.py").is_file():
                yield about.name


def _declared(package: str) -> Domain:
    domain: Domain = import_module(f"{package}.domain").DOMAIN
    return domain


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)
    return [Path(folder) for folder in (spec and spec.submodule_search_locations) or []]
