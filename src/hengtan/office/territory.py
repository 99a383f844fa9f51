"""Places as permission asks them: a place with all places that lie in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Row = Mapping[str, object]


class Territory:
    """The tree of places, from rows of the pack table ``places``."""

    def __init__(self, parents: Mapping[str, str | None], members: Mapping[str, Iterable[str]]):
        self._inside: dict[str, set[str]] = {}
        for place, parent in parents.items():
            if parent:
                self._inside.setdefault(parent, set()).add(place)
        for group, inside in members.items():
            self._inside.setdefault(group, set()).update(inside)
        self._kept: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Territory:
        """From rows with ``place``, ``parent`` and ``members``."""
        listed = list(rows)
        return cls(
            {str(row["place"]): _text(row.get("parent")) for row in listed},
            {str(row["place"]): _codes(row.get("members")) for row in listed},
        )

    def within(self, place: str) -> frozenset[str]:
        """A place and all places in it, at any depth; a code that no table names is alone."""
        if place not in self._kept:
            reached, waiting = {place}, [place]
            while waiting:
                inside = self._inside.get(waiting.pop(), set()) - reached
                reached |= inside
                waiting += inside
            self._kept[place] = frozenset(reached)
        return self._kept[place]


def _text(value: object) -> str | None:
    return str(value) if value else None


def _codes(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
