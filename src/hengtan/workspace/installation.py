"""One installation: a folder with its settings, its packs and its ledger.

Accounts over them stand in ``workspace``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from hengtan import packs
from hengtan.basis.errors import UnknownForm
from hengtan.ledger import Ledger
from hengtan.ledger.corrections import Rules
from hengtan.ledger.forms import Form, forms_of
from hengtan.packs import Pack
from hengtan.workspace.config import Settings, read_settings


def packs_in(folder: Path) -> list[Path]:
    """The packs of a workspace's folder; hidden folders are those of a writer at work."""
    paths = (folder / "packs").glob("*")
    return sorted(path for path in paths if path.is_dir() and not path.name.startswith("."))


class Installation:
    """Settings, packs, forms and ledger of a folder; each is opened when first needed.

    ``waiting`` is told in words when another program holds the ledger.
    """

    def __init__(
        self, folder: Path, settings: Settings, *, waiting: Callable[[str], None] | None = None
    ) -> None:
        self.folder, self.settings, self._waiting = folder, settings, waiting

    def own_packs(self) -> list[Path]:
        """The packs in the folder itself; they come before those that ship."""
        return packs_in(self.folder)

    @cached_property
    def pack(self) -> Pack:
        """The pack the workspace rests on; packs in its own folder ``packs`` come first."""
        return packs.load(self.settings.pack, self.own_packs())

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
        """How rows of a form replace each other; where no pack defines it now, only by name."""
        return Rules.of(self.forms[form_id]) if form_id in self.forms else Rules()

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The forms of the pack by id."""
        return forms_of(self.pack)

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

    def reload(self) -> None:
        """Look at settings and packs anew, after they were written."""
        for name in ("pack", "forms"):
            self.__dict__.pop(name, None)
        self.settings = read_settings(self.folder)

    def close(self) -> None:
        """Let go of the ledger."""
        if "ledger" in self.__dict__:
            self.ledger.close()
            del self.__dict__["ledger"]
