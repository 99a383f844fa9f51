"""What columns and codes are called in the tree of an explanation: by the forms and packs of a
workspace, else by the word tables; what has no word is a code and stands apart.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hengtan import packs
from hengtan.desk.called_in_rows import InWorkspace
from hengtan.ledger.forms import Form
from hengtan.report.page.called import InWords, cells_of
from hengtan.report.page.tree import Said


@pytest.fixture(scope="module")
def in_chongqing():
    pack = packs.load("chongqing")
    forms = {name: Form.from_dict(cells) for name, cells in pack.forms().items()}
    return InWorkspace(SimpleNamespace(pack=pack, forms=forms))


def test_a_form_names_its_columns_and_a_pack_its_codes(in_chongqing):
    """205-1 calls its column 消费量合计, and the list of products calls raw_coal 原煤."""
    row = [("place", "500102"), ("product", "raw_coal"), ("consumed_original", 12.0), ("x_y", 1)]
    cells = cells_of(in_chongqing, "enterprise_energy", row)
    assert [(cell.heading[0], cell.word and cell.word[0]) for cell in cells.named] == [
        ("地区", "涪陵区"),
        ("能源品种", "原煤"),
        ("消费量合计（原报）", None),
    ]
    assert cells.coded == [("x_y", 1)]


def test_columns_of_accounts_have_words_and_a_code_without_stands_apart():
    row = [("light", "green"), ("latest_nature", "outturn"), ("met_rule", "at_or_above")]
    cells = cells_of(InWords(), "plan_progress", row)
    assert cells.named[0].heading == ("灯号", "light")
    assert all(cell.word for cell in cells.named)
    assert cells.coded == [("met_rule", "at_or_above")]


@pytest.mark.parametrize(
    "text",
    [
        "china_net",
        "https://stats.gov.cn/a.html",
        "000_3153.txt",
        "seen in open code",
        "cesy_app4; nbs_form205",
    ],
)
def test_addresses_files_and_english_notes_are_for_programs(text):
    assert cells_of(InWords(), "targets", [("note", text)]).coded == [("note", text)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("unit", "kgce/kWh"),
        ("printed_unit", "tce/t"),
        ("note", "按 GB/T 2589 折算"),
        ("evidence_submission", "S000012"),
        ("reason_zh", Said("已达标", "met")),
        ("latest_year", 2023),
    ],
)
def test_units_sentences_numbers_and_figures_are_shown(column, value):
    assert [c.value for c in cells_of(InWords(), "targets", [(column, value)]).named] == [value]
