"""What a review means for the list of green factories or parks."""

from __future__ import annotations

from datetime import date

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input

LISTED = Input("listed", "列入名录日期", kind="date", optional=True)


def for_the_list(calc: Calc, named: str, *, is_barred: bool) -> str:
    """Whether who is reviewed may apply, stays on the list or is proposed for removal; unmet basic
    requirements bar from the title, whatever the score.
    """
    listed: date | None = calc["listed"]
    if listed is not None and listed <= calc.day:
        verdict = "在名录：提请移出" if is_barred else "在名录：复核通过"
    else:
        verdict = f"不得评为{named}" if is_barred else "可申报"
    return str(calc.step("结论", verdict, how="基本要求未满足" if is_barred else "基本要求满足"))
