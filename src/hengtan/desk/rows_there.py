"""Rows of measures and drivers that a study can take, and in a line each what it goes on without: a
row that names a sector or carrier which is not there stops no study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from hengtan.basis.errors import HengtanError
from hengtan.desk.names_in_rows import lines_of, name_column
from hengtan.outlook.pathway.indicators import followed
from hengtan.outlook.pathway.measures import Places, Row, naming_what_is_there
from hengtan.outlook.pathway.reach import reaching
from hengtan.outlook.pathway.study import Assumption, drivers_there

if TYPE_CHECKING:
    from hengtan.desk.pathway import PathwayDesk


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
    def of(cls, desk: PathwayDesk) -> Self:
        """Of a study. Raises HengtanError where it has no base year."""
        base, names = desk.base, desk.names
        places = Places(base.regions, base.sectors, base.carriers, (), desk._within, desk.called)
        measures, measures_away = reaching(desk.measures_of(base.regions), base, names)
        drivers, drivers_away = reaching(desk.drivers, base, names)
        measures, wrong = naming_what_is_there(measures, places)
        drivers, wrong_drivers = drivers_there(drivers, base, places)

        def said(code: str, name: str, error: HengtanError, form: str) -> Assumption:
            name_column(desk.workspace, error, form)
            return Assumption(code, "", (name, *lines_of(error)))

        left_out = [said("left_out", code, e, "measure_effects") for code, e in wrong.items()]
        left_out += [said("left_out_driver", "", e, "pathway_drivers") for e in wrong_drivers]
        return cls(measures, followed(drivers), left_out, [*measures_away, *drivers_away])
