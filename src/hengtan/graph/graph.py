"""Runs accounts: Hamilton resolves parameter names, the engine keeps each account's table,
overrides are what-ifs.
"""

from __future__ import annotations

import difflib
import itertools
import os
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from hengtan.basis.errors import HengtanError, UnknownAccount
from hengtan.basis.seal import sha256_of
from hengtan.graph.account import Account
from hengtan.graph.collected import Collected
from hengtan.graph.engines import drop, keep, keep_rows
from hengtan.graph.prepared import Prepared
from hengtan.graph.refusals import refusal
from hengtan.graph.results import RESULTS, Reuse
from hengtan.graph.stored import restored_table, rows_of

_NUMBER = itertools.count()
_NUMBERS: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


class Graph:
    """Accounts of some modules over named Ibis tables and options.

    ``overrides`` replaces a table, an account or an option by name. Names of accounts, tables and
    options never collide: a HengtanError says which does; an override of an unknown name raises
    UnknownAccount. Results are kept in the engine, so an account runs once per graph. A table may
    be given as a function that makes it when it is first needed. ``prepared`` says where queries
    are kept for the next process. ``reuse`` says what is in the tables; an account whose inputs all
    say so runs once a process (``graph.results``).
    """

    def __init__(
        self,
        modules: Sequence[ModuleType],
        tables: Mapping[str, Any],
        options: Mapping[str, Any] | None = None,
        overrides: Mapping[str, Any] | None = None,
        prepared: Prepared | None = None,
        reuse: Reuse | None = None,
    ) -> None:
        self._prepared, self._reuse = prepared or Prepared(), reuse or Reuse()
        self._contents: dict[str, str | None] = {}
        self._modules, self._tables = list(modules), dict(tables)
        self._options, self._overrides = dict(options or {}), dict(overrides or {})
        self._functions: dict[str, Any] = {}
        for module in modules:
            for name, function in vars(module).items():
                if hasattr(function, "account") and function.__module__ == module.__name__:
                    if name in self._functions:
                        raise refusal("name_twice", name)
                    self._functions[name] = function
        uses = Counter([*self._functions, *self._tables, *self._options])
        for name in (name for name, count in uses.items() if count > 1):
            raise refusal("name_twice", name)
        accounts = self.accounts().values()
        known = {o for about in accounts for o in about.options} | set(self._options)
        tables_known = {*self.names(), *(t for about in accounts for t in about.tables)}
        for name in self._overrides:
            if name not in known | tables_known:
                raise self._unknown(name, [*self.names(), *sorted(known)])
        self._options |= {name: value for name, value in self._overrides.items() if name in known}
        self._kept = {n: value for n, value in self._overrides.items() if n not in known}
        self.replaced = frozenset(self._kept)
        self._driver: Any = None
        self._plain: dict[str, Any] = {}
        self._stored: list[tuple[Any, str]] = []
        self.collected: dict[str, Collected | None] = {}

    def accounts(self) -> dict[str, Account]:
        """The accounts by name."""
        return {name: f.account for name, f in self._functions.items()}

    def names(self) -> list[str]:
        """Accounts first, then tables."""
        return [*self._functions, *self._tables]

    def table(self, name: str) -> Any:
        """The Ibis table of an account or an input. Raises UnknownAccount with near names."""
        if name in self._kept:
            return self._kept[name]
        if name in self._tables:
            return self._input(name)
        if name not in self._functions:
            raise self._unknown(name, self.names())
        for needed in self._order(name):
            if needed not in self._kept:
                self._kept[needed] = self._run(needed)
        return self._kept[name]

    @staticmethod
    def _unknown(name: str, known: Sequence[str]) -> HengtanError:
        near = "、".join(difflib.get_close_matches(name, known, n=3))
        code = "unknown_account_near" if near else "unknown_account"
        return refusal(code, name, near, kind=UnknownAccount)

    def execute(self, name: str) -> Any:
        """The rows of an account or an input as ``pyarrow.Table``."""
        return self.table(name).to_pyarrow()

    def with_overrides(self, **overrides: Any) -> Graph:
        """A what-if: the same graph with some tables, accounts or options replaced, on top of what
        is replaced already.

        Raises UnknownAccount for a name that is none of these.
        """
        other = Graph(
            self._modules,
            self._tables,
            self._options,
            self._overrides | overrides,
            self._prepared,
            self._reuse,
        )
        other._driver = self._driver
        return other

    def explain(self, name: str, key: Mapping[str, Any], shown: int = 12) -> Any:
        """How a row came about (``graph.explanation.Explanation``), at most ``shown`` rows of each
        input. Raises UnknownAccount, NoSuchRow."""
        from hengtan.graph.explain import explain

        return explain(self, name, key, shown)

    def svg(self, title_of: Callable[[str], str] = lambda name: "", language: str = "zh") -> str:
        """The graph drawn as SVG; ``title_of``: the title of a table, "" where it has none."""
        from hengtan.graph.draw import draw

        return draw(self, title_of, language)

    def inputs_of(self, name: str) -> tuple[str, ...]:
        """Names of the tables an account is made from; none for an input or an account that is
        replaced.
        """
        if name not in self._functions or name in self.replaced:
            return ()
        tables: tuple[str, ...] = self._functions[name].account.tables
        return tables

    def refuse_unknown(self, name: str) -> None:
        """Raise UnknownAccount, with near names, for what is no account and no table."""
        if name not in self._functions and name not in self._tables:
            raise self._unknown(name, self.names())

    def steps_to(self, name: str) -> list[str]:
        """The accounts still to be run for a name, each after what it needs, itself the last."""
        return self._order(name) if name in self._functions else []

    def tables_under(self, name: str) -> set[str]:
        """The inputs that a name is made from, through all accounts between; an input itself."""
        seen, waiting = {name}, [name]
        while waiting:
            inputs = set(self.inputs_of(waiting.pop())) - seen
            seen |= inputs
            waiting += inputs
        return {table for table in seen if table not in self._functions}

    def __repr__(self) -> str:
        changed = f", {', '.join(sorted(self._overrides))} replaced" if self._overrides else ""
        return (
            f"<Graph of {len(self._functions)} accounts over {len(self._tables)} tables{changed}>"
        )

    def _repr_html_(self) -> str:
        """The accounts with their keys and units, for a notebook."""
        rows = "".join(map(_html_row, self.accounts().values()))
        head = "<tr><th>account</th><th>key</th><th>unit</th></tr>"
        return f"<p>{escape(repr(self))}</p><table>{head}{rows}</table>"

    def _order(self, name: str) -> list[str]:
        """The accounts to run for a name, each after what it needs, as Hamilton resolves them; none
        that leads only to rows that are kept or replaced.
        """
        resolved = {node.name for node in self._hamilton().what_is_upstream_of(name)} | {name}
        asked = self._asked_by(name)
        wanted = [n for n in self._functions if n in resolved and n in asked]
        done: list[str] = []
        while wanted:
            ready = [n for n in wanted if not set(self._functions[n].account.tables) & set(wanted)]
            done += ready
            wanted = [n for n in wanted if n not in ready]
        return done

    def _asked_by(self, name: str) -> set[str]:
        """The accounts that a name is made from and itself, as far as their rows are not there."""
        asked: set[str] = set()
        waiting = [name]
        while waiting:
            account = waiting.pop()
            if account in self._functions and account not in self._kept and account not in asked:
                asked.add(account)
                if self._content(account) not in RESULTS:
                    waiting += self._functions[account].account.tables
        return asked

    def _content(self, name: str) -> str | None:
        """A digest of all that the rows of an account or an input come from; None where an input
        does not say what is in it.
        """
        if name not in self._contents:
            self._contents[name] = self._digest(name)
        return self._contents[name]

    def _digest(self, name: str) -> str | None:
        if name in self.replaced:
            return None
        if name not in self._functions:
            stated = self._reuse.contents.get(name)
            return stated() if stated else None
        function = self._functions[name]
        inputs = [self._content(t) for t in function.account.tables]
        if None in inputs:
            return None
        options = {o: self._option(name, o) for o in function.account.options}
        if not all(map(_is_plain, options.values())):
            return None
        return sha256_of(repr((_number_of(function), inputs, sorted(options.items(), key=str))))

    def _hamilton(self) -> Any:
        if self._driver is None:
            self._driver = _driver_of(tuple(map(_Named, self._functions.values())))
        return self._driver

    def _run(self, name: str) -> Any:
        content, engine = self._content(name), self._reuse.engine
        if content is None:
            return self._work_out(name)
        kept = RESULTS.get(content)
        if kept is None:
            table = self._work_out(name)
            if _stored_name(table) and self._reuse.sound():
                RESULTS.put(content, rows_of(table, RESULTS.most_rows))
            return table
        stored = f"{name}_{uuid.uuid4().hex[:10]}"
        self._stored.append((engine, stored))
        return restored_table(engine, stored, kept)

    def _work_out(self, name: str) -> Any:
        function = self._functions[name]
        tables = {t: self._input(t) for t in function.account.tables}
        options = {o: self._option(name, o) for o in function.account.options}
        if function.account.limit is None:
            stored = f"{name}_{uuid.uuid4().hex[:10]}"
            ready = self._prepared.run(function, tables, options, stored)
            if ready is not None:
                self._stored.append((ready.get_backend(), stored))
                return ready
            return self._keep(name, function(**tables, **options))
        collected = {t: self._collect(name, t, table) for t, table in tables.items()}
        return self._keep_arrow(name, function(**collected, **options), tables)

    def _collect(self, name: str, input_name: str, table: Any) -> Any:
        """An input of a kernel on the driver. Raises HengtanError where it has more rows than the
        kernel takes."""
        limit, in_engine = self._functions[name].account.limit, hasattr(table, "get_backend")
        rows = table.count().to_pyarrow().as_py() if in_engine else table.num_rows
        if rows > limit:
            raise refusal("kernel_too_large", name, input_name, rows, limit)
        return table.to_pyarrow() if in_engine else table

    def _keep_arrow(self, name: str, rows: Any, inputs: Mapping[str, Any]) -> Any:
        """A kernel's rows kept in the engine of its inputs, so that accounts go on from them."""
        engine = next((t.get_backend() for t in inputs.values() if hasattr(t, "get_backend")), None)
        if engine is None:
            return rows
        stored = f"{name}_{uuid.uuid4().hex[:10]}"
        kept = keep_rows(engine, rows, stored)
        self._stored.append((engine, stored))
        return kept

    def _keep(self, name: str, table: Any) -> Any:
        """The account's rows kept in its engine, so that what uses it does not run it again."""
        if not hasattr(table, "get_backend"):
            return table
        engine, stored = table.get_backend(), f"{name}_{uuid.uuid4().hex[:10]}"
        kept = keep(table, stored)
        self._stored.append((engine, stored))
        return kept

    def close(self) -> None:
        """Drop what the engines keep; the graph runs again when asked again."""
        for engine, stored in self._stored:
            drop(engine, stored)
        dropped = {stored for _, stored in self._stored}
        self._kept = {n: t for n, t in self._kept.items() if _stored_name(t) not in dropped}
        self._stored.clear()
        self.collected.clear()

    def _input(self, name: str) -> Any:
        if name in self._kept:
            return self._kept[name]
        if name in self._functions:  # its rows were let go of since the order was made
            return self.table(name)
        if name not in self._tables:
            raise refusal("table_lacking", name, kind=UnknownAccount)
        if callable(self._tables[name]) and not hasattr(self._tables[name], "columns"):
            self._tables[name] = self._tables[name]()
        return self._tables[name]

    def _option(self, name: str, option: str) -> Any:
        """An option an account is run with: as given, else its default."""
        defaults = self._functions[name].account.defaults
        if option not in self._options and option not in defaults:
            raise refusal("option_lacking", option)
        return self._options[option] if option in self._options else defaults[option]

    def plain_option(self, name: str, option: str) -> Any:
        """An option an account is run with as a plain value; an Ibis value is worked out once.
        Raises HengtanError where it is missing."""
        value = self._option(name, option)
        if not hasattr(value, "to_pyarrow"):
            return value
        if option not in self._plain:
            self._plain[option] = value.to_pyarrow().as_py()
        return self._plain[option]


class _Named:
    """An account as Hamilton sees it: two of one name and the same parameters are alike."""

    def __init__(self, function: Any) -> None:
        account = function.account
        self.function, self._is = function, (account.name, account.tables, account.options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self._is == other._is

    def __hash__(self) -> int:
        return hash(self._is)


@lru_cache(maxsize=16)
def _driver_of(accounts: tuple[_Named, ...]) -> Any:
    """The driver of Hamilton that resolves which account needs which."""
    os.environ.setdefault("HAMILTON_TELEMETRY_ENABLED", "false")
    # its data frame extensions import pandas and Spark; no account is one
    os.environ.setdefault("HAMILTON_AUTOLOAD_EXTENSIONS", "0")
    from hamilton import ad_hoc_utils, driver

    name = f"hengtan_accounts_{next(_NUMBER)}"
    functions = [account.function for account in accounts]
    module = ad_hoc_utils.create_temporary_module(*functions, module_name=name)
    resolved = driver.Builder().with_modules(module).build()
    sys.modules.pop(name, None)
    return resolved


def _number_of(function: Any) -> int:
    """A number of a function in this process that no other gets, even when it is gone."""
    if function not in _NUMBERS:
        _NUMBERS[function] = next(_NUMBER)
    return _NUMBERS[function]


def _is_plain(option: Any) -> bool:
    """Whether an option says by itself what it is: a plain value, or an Ibis literal."""
    return not hasattr(option, "op") or type(option.op()).__name__ == "Literal"


def _stored_name(table: Any) -> str:
    """The name a kept table has in its engine; none for rows on the driver."""
    return str(table.get_name()) if hasattr(table, "get_name") else ""


def _html_row(about: Account) -> str:
    cells = (about.name, ", ".join(about.key), about.unit or "")
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
