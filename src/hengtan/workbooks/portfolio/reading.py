"""Reads the file of a portfolio study, every fault of its lines at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hengtan.outlook.pathway.model import MeasureCountsTwice, Pathway
from hengtan.outlook.portfolio.study import Costs, Study
from hengtan.workbooks.cells import every_fault, problem
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.portfolio.drivers import Drivers, drivers_of
from hengtan.workbooks.portfolio.layout import Filed
from hengtan.workbooks.portfolio.limits import with_limits
from hengtan.workbooks.portfolio.measures import Measures, measures_of
from hengtan.workbooks.portfolio.tables import sheets_of


def read_portfolio(path: Path) -> Filed:
    """The study of a workbook or a YAML file. Raises HengtanError with sheet, row and column."""
    sheets = sheets_of(path)
    with every_fault():
        years = _years(sheets)
        drivers = drivers_of(sheets, years)
        measures = measures_of(sheets, drivers)
        study = with_limits(sheets, drivers, _study(sheets, drivers, measures))
        synthetic = bool(sheets.needed("合成数据").flag("合成数据"))
    rate_source = sheets.parameter("折现率来源").as_written("折现率来源")
    return Filed(study, measures.ranges, synthetic, measures.sources, rate_source)


def _years(sheets: Sheets) -> tuple[int, ...]:
    first = sheets.needed("首年").year("首年") or 0
    last = sheets.needed("末年").year("末年") or 0
    if not first <= last:
        raise sheets.refuse("参数", "years-not-in-order", first, last)
    return tuple(range(first, last + 1))


def _study(sheets: Sheets, drivers: Drivers, measures: Measures) -> Study:
    years = drivers.years
    shape = (*measures.capital.shape, len(years))
    rate = sheets.needed("折现率").number("折现率", least=0, most=0.5) or 0.0
    base_year = sheets.parameter("折现基准年").year("折现基准年") or years[0]
    capital = np.broadcast_to(measures.capital[:, :, None], shape).copy()
    return Study(
        name=sheets.needed("名称").as_written("名称"),
        pathway=_pathway(sheets, drivers, measures),
        costs=Costs(capital, measures.running, measures.life, rate, base_year),
        floor=measures.floor,
        ceiling=measures.ceiling,
        step=measures.step,
        whole=measures.whole,
        assumed_effect=measures.assumed_effect,
        assumed_cost=measures.assumed_cost,
    )


def _pathway(sheets: Sheets, drivers: Drivers, measures: Measures) -> Pathway:
    arrays = drivers.arrays
    factor = np.where(np.isnan(arrays["factor"]), 0.0, arrays["factor"])
    try:
        return Pathway(
            regions=drivers.regions,
            sectors=drivers.sectors,
            carriers=drivers.carriers,
            years=drivers.years,
            activity=arrays["activity"],
            intensity=arrays["intensity"],
            share=arrays["share"],
            factor=factor,
            process=arrays["process"],
            measures=measures.names,
            effect=np.array([law.mid for law in measures.ranges]),
            ramp=np.ones((len(measures.names), len(drivers.years))),
            coverage=measures.coverage,
            acts=measures.acts,
        )
    except MeasureCountsTwice as error:
        raise problem("counts-twice", error).error() from error
