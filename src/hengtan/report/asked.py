"""What of a list is asked for, as it stands in the address of its page, so that a list can be sent
on as a link.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

PAGE = 50
"""Lines on one page."""


@dataclass(frozen=True)
class InAddress:
    """What is asked for: "" of a filter is everything; ``sort`` is one of ``SORTS``, with ``-``
    before it backwards; ``page`` counts from 1. Lists add filters as fields of text.
    """

    SORTS: ClassVar[Collection[str]] = ()
    sort: str = ""
    page: int = 1

    @classmethod
    def filters(cls) -> list[str]:
        """The names of the filters."""
        return [known.name for known in fields(cls) if known.name not in ("sort", "page")]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """From the query of an address; what cannot be meant is as if it were not there."""
        text = {name: str(query.get(name, "")).strip() for name in (*cls.filters(), "sort")}
        number = str(query.get("page", ""))
        page = int(number) if number.isdecimal() and len(number) < 7 else 1
        if text["sort"].removeprefix("-") not in cls.SORTS:
            text["sort"] = ""
        return cls(**text, page=max(page, 1))

    def query(self, **changes: Any) -> str:
        """The query of the same list with something changed; a change but of the page leads to the
        first one.
        """
        changed = replace(self, **({"page": 1} | changes))
        shown = {name: value for name, value in asdict(changed).items() if value}
        if changed.page == 1:
            del shown["page"]
        return urlencode({name: shown[name] for name in _last_sort_and_page(shown)})

    def sorted_by(self, name: str) -> str:
        """The query of the list sorted by a column; once more turns it round."""
        return self.query(sort=f"-{name}" if self.sort == name else name)

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any(getattr(self, name) for name in self.filters())


def _last_sort_and_page(shown: Mapping[str, Any]) -> Sequence[str]:
    return sorted(shown, key=lambda name: name in ("sort", "page"))


def pages_of(number: int, size: int = PAGE) -> int:
    """How many pages so many lines are."""
    return max(-(-number // size), 1)
