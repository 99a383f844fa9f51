"""How pages write periods, units and moments in each language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hengtan.report.account_tables import shown
from hengtan.report.numerals import unit_name, with_unit
from hengtan.report.page.render import Pages
from hengtan.report.page.wording import Wording


@pytest.mark.parametrize(
    ("written", "chinese"),
    [
        ("2024", "2024年"),
        ("2025-01..06", "2025年1—6月"),
        ("2025-12-31", "2025年12月31日"),
        ("2024-Q3", "2024年第三季度"),
        ("自报期", "自报期"),  # what is no period stays as it is
    ],
)
def test_a_period_is_written_as_its_reader_writes_it(written, chinese):
    assert Wording("zh").when(written) == chinese
    assert Wording("en").when(written) == written


@pytest.mark.parametrize(
    ("unit", "english"),
    [
        ("万千瓦", "780 10⁴ kW"),
        ("%", "780%"),
        ("个", "780"),  # nothing but a number in English
        ("万箱", "780万箱"),  # no English word is known
    ],
)
def test_units_have_their_english_names(unit, english):
    assert with_unit("780", unit) == f"780{unit}"
    assert with_unit("780", unit, "en") == english


def test_a_unit_without_a_figure():
    assert unit_name("万吨标准煤", "en") == "10⁴ tce"


def test_the_foot_of_a_page_has_the_clock_of_beijing(small):
    small["meta"]["made_at"] = "2026-11-29T19:41+00:00"  # 8 hours earlier than in Beijing
    page = Pages(small).served("method", title="", here="method")
    assert "2026-11-30 03:41" in page and "19:41" not in page


def test_a_page_without_a_judged_state_names_none(small):
    small["meta"] |= {"judged_on": "", "made_at": "", "ledger_head": ""}
    page = Pages(small).served("method", title="", here="method")
    assert "判定日" not in page.partition("<main")[0] and "账本头" not in page


def test_names_of_packs_are_english_on_english_pages():
    view = {"in_english": {"制造业和建筑业": "Manufacturing and construction"}}
    column = SimpleNamespace(name="category_zh", scale=None)
    assert shown(view, column, "制造业和建筑业", "en") == "Manufacturing and construction"
    assert shown(view, column, "制造业和建筑业", "zh") == "制造业和建筑业"
