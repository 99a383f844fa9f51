"""Rows of measures and drivers that a study can take, and in a line each what it goes on without: a
row that names a sector or carrier which is not there stops no study.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from hengtan.basis.errors import HengtanError
from hengtan.desk.names_in_rows import lines_of, name_column
from hengtan.outlook.pathway.base import BaseYear
from hengtan.outlook.pathway.indicators import followed
from hengtan.outlook.pathway.measures import Places, Row, naming_what_is_there
from hengtan.outlook.pathway.reach import reaching
from hengtan.outlook.pathway.study import Assumption, drivers_there

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


@dataclass(frozen=True)
class RowsThere:
    """Measures and drivers of a study's places, what was left out of them, and what rows of
    surrounding places name that is not here.
    """

    measures: list[Row]
    drivers: list[Row]
    left_out: list[Assumption]
    away: list[Assumption]

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        base: BaseYear,
        measures: Sequence[Row],
        drivers: Sequence[Row],
        places: Places,
        names: Collection[str],
    ) -> Self:
        """Of a base year and the rows that may reach it; ``names``: all codes there are."""
        near, measures_away = reaching(measures, base, names)
        course, drivers_away = reaching(drivers, base, names)
        taken, wrong = naming_what_is_there(near, places)
        going, wrong_drivers = drivers_there(course, base, places)

        def said(code: str, name: str, error: HengtanError, form: str) -> Assumption:
            name_column(workspace, error, form)
            return Assumption(code, "", (name, *lines_of(error)))

        left_out = [said("left_out", code, e, "measure_effects") for code, e in wrong.items()]
        left_out += [said("left_out_driver", "", e, "pathway_drivers") for e in wrong_drivers]
        return cls(taken, followed(going), left_out, [*measures_away, *drivers_away])
