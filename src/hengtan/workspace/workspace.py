"""A workspace: one city's or district's packs and ledger, and the questions that need both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from hengtan.basis.errors import HengtanError, UnknownAccount
from hengtan.basis.whole_folders import mend, refuse_used, whole_folder
from hengtan.ledger import Ledger
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings, chosen_folder, read_settings, write_settings
from hengtan.workspace.installation import Installation
from hengtan.workspace.options import read_options

if TYPE_CHECKING:
    from hengtan.report.status_rows import Row

SHORT_HEAD = 12
"""Characters of the ledger's head that are enough to tell two states apart by eye."""


class Workspace(Installation):
    """Open with ``Workspace.open``; make with ``Workspace.create``."""

    def __init__(
        self, folder: Path, settings: Settings, *, waiting: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(folder, settings, waiting=waiting)
        self._graph: tuple[Any, Any] | None = None

    @classmethod
    def open(
        cls, folder: str | Path | None = None, *, waiting: Callable[[str], None] | None = None
    ) -> Self:
        """Open a workspace: the folder given, else as the command line chooses.

        Raises NotAWorkspace.
        """
        chosen = chosen_folder(folder)
        for part in ("packs", "plans"):
            with suppress(OSError):  # a copy that cannot be written is read as it is
                mend(chosen / part)
        return cls(chosen, read_settings(chosen), waiting=waiting)

    @classmethod
    def create(
        cls,
        folder: str | Path,
        settings: Settings,
        *,
        fill: Callable[[Path], None] = lambda home: None,
    ) -> Self:
        """Make a workspace in a new or empty folder, whole or not at all; ``fill`` puts into its
        folder what it starts with.

        Raises HengtanError.
        """
        target = Path(folder)
        refuse_used(target)
        with whole_folder(target) as home:
            fill(home)
            write_settings(home, settings)
            Ledger.create(home / "ledger", catalogue=settings.catalogue_address()).close()
            with cls(home, settings) as workspace:
                _ = workspace.pack
        return cls(target, settings)

    def another(self) -> Self:
        """The same workspace opened once more, with an engine and a graph of its own."""
        return type(self).open(self.folder)

    def reload(self) -> None:
        """Look at settings and packs anew, after they were written."""
        self._drop_graph()
        super().reload()

    def close(self) -> None:
        """Let go of the graph and the ledger."""
        self._drop_graph()
        super().close()

    def _drop_graph(self) -> None:
        if self._graph is not None:
            self._graph[1].close()
            self._graph = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # shown

    def about(self) -> dict[str, str]:
        """Title, region, pack, forms, submissions and head, as words."""
        region = self.settings.region
        places = self.pack.places()
        named = f"{places[region].name_zh} {region}" if region in places else region
        return {
            "title": self.settings.title_zh,
            "region": named,
            "pack": " → ".join(self.pack.chain),
            "forms": str(len(self.forms)),
            "submissions": str(len(self.ledger.submissions())),
            "head": self.ledger.head()[:SHORT_HEAD],
        }

    def __repr__(self) -> str:
        about = ", ".join(f"{name} {words}" for name, words in self.about().items())
        return f"<Workspace {self.folder}: {about}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(words)}</td></tr>"
            for name, words in self.about().items()
        )
        return f"<table><caption>{escape(str(self.folder))}</caption>{rows}</table>"

    # accounts

    def graph(self, as_of: AsOf | None = None) -> Any:
        """The graph of accounts over the ledger and the packs, as of a day."""
        from hengtan.workspace.tables import build_graph

        as_of = as_of or AsOf.of()
        key = (as_of, self.ledger.key_in_force(as_of.known_on), self.pack.version)
        if self._graph is None or self._graph[0] != key:
            self._drop_graph()
            self._graph = (key, build_graph(self, as_of))
        return self._graph[1]

    def execute(self, name: str, as_of: AsOf | None = None) -> Any:
        """An account, form or pack table as ``pyarrow.Table``.

        Accounts come from the cache when nothing they see has changed.
        """
        from hengtan.workspace.tables import cached_execute

        as_of = as_of or AsOf.of()
        return cached_execute(self, name, as_of, lambda: self.graph(as_of).execute(name))

    def as_of(
        self,
        known_on: date | None = None,
        period: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> AsOf:
        """The clocks and choices of a question.

        Raises HengtanError for an unknown option or period.
        """
        return AsOf.of(known_on, period, options=read_options(self.pack, options or {}))

    def table(
        self,
        name: str,
        where: Mapping[str, str] | None = None,
        known_on: date | None = None,
        period: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Any:
        """Rows of an account, a form or a pack table that match ``where`` (column=value as text).

        Gives a ``pyarrow.Table``. ``options`` are named choices of method (``factor_set=ipcc2006``;
        see ``workspace.options``). Raises UnknownAccount, or HengtanError for an unknown column.
        """
        import pyarrow.compute as pc

        rows = self.execute(name, self.as_of(known_on, period, options))
        for column, value in (where or {}).items():
            if column not in rows.column_names:
                raise HengtanError(
                    f"“{name}”没有列“{column}”",
                    f"'{name}' has no column '{column}'",
                    todo=f"可用：{'、'.join(rows.column_names)}",
                    todo_en="see the list",
                )
            rows = rows.filter(pc.equal(pc.cast(rows[column], "string"), value))
        return rows

    def status(
        self, plan: str | None = None, known_on: date | None = None, period: str | None = None
    ) -> list[Row]:
        """The status row of every target (docs/architecture.md, the status row).

        Raises HengtanError for an unknown plan.
        """
        known = [row["plan"] for row in self.pack.rows("plans")]
        if plan is not None and plan not in known:
            raise HengtanError(
                f"没有规划“{plan}”",
                f"no plan '{plan}'",
                todo=f"可用：{'、'.join(known)}",
                todo_en=f"known: {', '.join(known)}",
            )
        from hengtan.report.status_rows import status_rows

        as_of = AsOf.of(known_on, period)
        verdicts = self.execute("plan_progress", as_of).to_pylist()
        return status_rows(self.pack, verdicts, as_of.judged_on, plan)

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
        """How a row came about, down to ledger rows and pack rows.

        Raises UnknownAccount, NoSuchRow.
        """
        graph = self.graph(self.as_of(known_on, period, options))
        if name not in graph.names():
            raise UnknownAccount(
                f"没有账户或表“{name}”",
                f"no account or table '{name}'",
                todo=f"可用：{'、'.join(graph.names())}",
                todo_en="see the list",
            )
        tree = graph.explain(name, dict(key))
        return tree.with_replaced(self.ledger.replacements())
