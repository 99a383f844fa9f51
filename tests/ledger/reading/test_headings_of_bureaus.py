"""Headings as bureaus write them over their files of air, water, waste and materials are those of
the fields that they mean.
"""

from __future__ import annotations

import pytest

from hengtan import packs
from hengtan.ledger.forms import forms_of
from hengtan.ledger.reading.titles import Vocabulary

FORMS = forms_of(packs.load("cn"))
HEADINGS = [
    ("air_stations", "站点编号", "station"),
    ("air_station_hours", "站点编号", "station"),
    ("water_sections", "断面编码", "section"),
    ("water_sections", "考核级别", "control"),
    ("water_sections", "所在河流", "river"),
    ("water_section_months", "断面编码", "section"),
    ("water_body_surveys", "监测点位", "site"),
    ("water_body_surveys", "监测时间", "day"),
    ("water_use_by_user", "行政区", "place"),
    ("solid_waste_years", "固废名称", "waste"),
    ("waste_paths", "处理去向", "path"),
    ("cdw_plants", "场所名称", "plant"),
    ("cdw_sites", "系数来源", "source_title"),
    ("cdw_sites", "单位面积产生量（t/m2）", "per_area"),
    ("battery_events", "事件", "event"),
    ("sewage_works", "区县名称", "place"),
]


@pytest.mark.parametrize(("form", "heading", "field"), HEADINGS)
def test_a_heading_names_its_field(form, heading, field):
    title = Vocabulary.of(FORMS[form]).title(heading)
    assert title is not None and title.field == field


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("path", "产生量", "made"),
        ("path", "焚烧", "burnt"),
        ("path", "厌氧", "digested"),
        ("waste", "餐厨垃圾", "kitchen"),
        ("waste", "污泥", "sludge"),
    ],
)
def test_a_path_of_waste_may_be_written_short(field, word, code):
    known = FORMS["waste_paths"].field(field)
    words = {name: key for key, names in known.choices.items() for name in names}
    assert (words | known.choice_aliases).get(word) == code
