"""A workspace: one city's or district's packs and ledger, and the verbs that need both."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.basis.errors import HengtanError, UnknownAccount, UnknownForm
from hengtan.ledger import Ledger
from hengtan.ledger.corrections import Rules
from hengtan.ledger.forms import Form
from hengtan.packs import Pack
from hengtan.report.status_rows import Row, status_rows
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings, chosen_folder, read_settings, write_settings
from hengtan.workspace.options import read_options


class Workspace:
    """Open with ``Workspace.open``; make with ``Workspace.create``."""

    def __init__(
        self, folder: Path, settings: Settings, *, waiting: Callable[[str], None] | None = None
    ) -> None:
        self.folder, self.settings, self._waiting = folder, settings, waiting
        self._graph: tuple[Any, Any] | None = None

    @classmethod
    def open(
        cls, folder: str | Path | None = None, *, waiting: Callable[[str], None] | None = None
    ) -> Workspace:
        """Open a workspace: the folder given, else as the command line chooses. Raises NotAWorkspace."""
        chosen = chosen_folder(folder)
        return cls(chosen, read_settings(chosen), waiting=waiting)

    @classmethod
    def create(cls, folder: str | Path, settings: Settings) -> Workspace:
        """Make a workspace in a new or empty folder; nothing is left behind when it fails. Raises HengtanError."""
        target = Path(folder)
        if target.exists() and any(target.iterdir()):
            raise HengtanError(
                f"文件夹“{target}”不是空的",
                f"folder '{target}' is not empty",
                todo="换一个新文件夹",
                todo_en="choose a new folder",
            )
        made_here = not target.exists()
        target.mkdir(parents=True, exist_ok=True)
        try:
            write_settings(target, settings)
            Ledger.create(target / "ledger", catalogue=settings.catalogue_address()).close()
            workspace = cls(target, settings)
            _ = workspace.pack
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            if not made_here:
                target.mkdir(exist_ok=True)
            raise
        return workspace

    # packs and ledger

    @cached_property
    def pack(self) -> Pack:
        """The pack the workspace rests on; packs in its own folder ``packs`` come first."""
        own = (
            sorted(p for p in (self.folder / "packs").glob("*") if p.is_dir())
            if (self.folder / "packs").is_dir()
            else []
        )
        return packs.load(self.settings.pack, own)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened when first needed."""
        ledger = Ledger.open(
            self.folder / "ledger",
            catalogue=self.settings.catalogue_address(),
            on_wait=self._waiting,
        )
        ledger.rules_of = self._rules_of
        return ledger

    def _rules_of(self, form_id: str) -> Rules:
        """How rows of a form replace each other; a form that no pack defines any more replaces only what it names."""
        return Rules.of(self.forms[form_id]) if form_id in self.forms else Rules()

    def reload(self) -> None:
        """Look at settings and packs anew, after they were written."""
        if self._graph is not None:
            self._graph[1].close()
            self._graph = None
        for name in ("pack", "forms"):
            self.__dict__.pop(name, None)
        self.settings = read_settings(self.folder)

    def close(self) -> None:
        """Let go of the ledger."""
        if "ledger" in self.__dict__:
            if self._graph is not None:
                self._graph[1].close()
            self._graph = None
            self.ledger.close()
            del self.__dict__["ledger"]

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The forms of the pack by id."""
        return {form_id: Form.from_dict(spec) for form_id, spec in self.pack.forms().items()}

    def form(self, form_id: str) -> Form:
        """A form. Raises UnknownForm with the known ids."""
        if form_id not in self.forms:
            raise UnknownForm(
                f"没有报表“{form_id}”",
                f"no form '{form_id}'",
                todo=f"可用：{'、'.join(self.forms)}",
                todo_en=f"known: {', '.join(self.forms)}",
            )
        return self.forms[form_id]

    # accounts

    def graph(self, as_of: AsOf | None = None) -> Any:
        """The graph of accounts over the ledger and the packs, as of a day."""
        from hengtan.workspace.tables import build_graph

        as_of = as_of or AsOf.of()
        key = (as_of, self.ledger.state_key(as_of.known_on), self.pack.version)
        if self._graph is None or self._graph[0] != key:
            if self._graph is not None:
                self._graph[1].close()
            self._graph = (key, build_graph(self, as_of))
        return self._graph[1]

    def execute(self, name: str, as_of: AsOf | None = None) -> Any:
        """An account, form or pack table as ``pyarrow.Table``; accounts come from the cache when nothing they see has changed."""
        from hengtan.workspace.tables import cached_execute

        return cached_execute(self, name, as_of or AsOf.of())

    def table(
        self,
        name: str,
        where: Mapping[str, str] | None = None,
        known_on: date | None = None,
        period: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Any:
        """Rows of an account, a form or a pack table that match ``where`` (column=value as text), as ``pyarrow.Table``.

        ``options`` are named choices of method (``factor_set=ipcc2006``; see ``workspace.options``). Raises UnknownAccount, or HengtanError for a column it does not have.
        """
        import pyarrow.compute as pc

        found = self.execute(
            name, AsOf.of(known_on, period, options=read_options(self.pack, options or {}))
        )
        for column, value in (where or {}).items():
            if column not in found.column_names:
                raise HengtanError(
                    f"“{name}”没有列“{column}”",
                    f"'{name}' has no column '{column}'",
                    todo=f"可用：{'、'.join(found.column_names)}",
                    todo_en="see the list",
                )
            found = found.filter(pc.equal(pc.cast(found[column], "string"), value))
        return found

    def status(
        self, plan: str | None = None, known_on: date | None = None, period: str | None = None
    ) -> list[Row]:
        """The status row of every target (docs/architecture.md, the status row). Raises HengtanError for an unknown plan."""
        known = [row["plan"] for row in self.pack.rows("plans")]
        if plan is not None and plan not in known:
            raise HengtanError(
                f"没有规划“{plan}”",
                f"no plan '{plan}'",
                todo=f"可用：{'、'.join(known)}",
                todo_en=f"known: {', '.join(known)}",
            )
        as_of = AsOf.of(known_on, period)
        return status_rows(
            self.pack, self.execute("plan_progress", as_of).to_pylist(), as_of.judged_on, plan
        )

    def refresh(self) -> None:
        """Work the verdicts out now and keep them, so that the next look at them need not."""
        self.execute("plan_progress", AsOf.of())

    def explain(
        self,
        name: str,
        key: Mapping[str, Any],
        known_on: date | None = None,
        period: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Any:
        """How a row came about, down to ledger rows and pack rows. Raises UnknownAccount, NoSuchRow."""
        graph = self.graph(
            AsOf.of(known_on, period, options=read_options(self.pack, options or {}))
        )
        if name not in graph.names():
            raise UnknownAccount(
                f"没有账户或表“{name}”",
                f"no account or table '{name}'",
                todo=f"可用：{'、'.join(graph.names())}",
                todo_en="see the list",
            )
        return graph.explain(name, dict(key))
