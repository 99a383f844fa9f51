"""The rows whose place others took, asked for many rows of one state of a ledger: an explanation
that ends at a year of hours asks for thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Rows = list[dict[str, Any]]
Key = tuple[str, int]


@dataclass
class Replaced:
    """Answers (submission, row) → the rows whose place it took, newest first.

    Of a profile every pair is read at the first question, in one query; which forms are profiles is
    asked once a form. ``of_row``: asks the ledger about a single row.
    """

    form_of: Callable[[str], str]
    is_profile: Callable[[str], bool]
    all_pairs: Callable[[str], Any]
    of_row: Callable[[str, int], Rows]
    _profiles: dict[str, Pairs | None] = field(default_factory=dict)

    def __call__(self, submission: str, row: int) -> Rows:
        """The rows whose place this one took. Raises NoSuchRow for an unknown submission."""
        form = self.form_of(submission)
        if form not in self._profiles:
            self._profiles[form] = Pairs(self.all_pairs(form)) if self.is_profile(form) else None
        pairs = self._profiles[form]
        return self.of_row(submission, row) if pairs is None else pairs.of((submission, row))


class Pairs:
    """A table of replaced rows with the rows that took their places (``_new_submission``,
    ``_new_row``), found by the latter.
    """

    def __init__(self, table: Any) -> None:
        self._rows = table.drop_columns(["_new_submission", "_new_row"])
        self._places: dict[Key, list[int]] = defaultdict(list)
        submissions = table["_new_submission"].to_pylist()
        numbers = table["_new_row"].to_pylist()
        for place, key in enumerate(zip(submissions, numbers, strict=True)):
            self._places[key].append(place)

    def of(self, key: Key) -> Rows:
        """The rows whose place the row with this submission and number took, in their order."""
        places = self._places.get(key, [])
        return list(self._rows.take(places).to_pylist()) if places else []
