"""A figure that lacks a parameter no source establishes: the table carries a code, who asks for the
figure is refused, and the page lists what to fill in.
"""

from __future__ import annotations

import pytest
from filed_rows import file_rows

from hengtan import packs
from hengtan.basis.errors import NoSuchRow, ParameterNotEstablished
from hengtan.desk.accounts import accounts_view, figure
from hengtan.graph.domains import domains
from hengtan.graph.said import all_words
from hengtan.report.page.accounts import page_context

POND = {"水体": "某村塘（虚构）", "地区": "武隆区", "检测点": "1", "检测日期": "2025-06-01"}
RURAL = POND | {"透明度（厘米）": 20, "城乡": "农村"}
KEY = {"body": "某村塘（虚构）", "site": "1", "day": "2025-06-01", "item": "transparency"}
GUIDE, FORM = "《农村黑臭水体治理工作指南》", "“本地规定的参数”"


def limit(value):
    """The limit of transparency as a district would file it; the document is made up."""
    item = {"参数": "农村黑臭水体：透明度限值（厘米，低于为黑臭）", "取值": value}
    return {"地区": "武隆区", "起始日期": "2024-01-01", "文件名称": "测试文件（虚构）"} | item


@pytest.fixture
def pond(workspace, tmp_path):
    """A rural pond measured by transparency alone, without limits on file."""
    file_rows(workspace, tmp_path, "water_body_surveys", [RURAL])
    return workspace


def test_a_table_whose_every_row_lacks_it_is_refused_until_it_is_filed(pond, tmp_path, hengtan):
    table = ("table", "black_odorous_results", "-w", pond.folder)
    code, out, err = hengtan(*table)
    assert code == 1 and "某村塘" in out
    assert GUIDE in err and FORM in err and "guide on the treatment of rural" in err.lower()
    assert err.count("\n") == 1
    file_rows(pond, tmp_path, "local_parameters", [limit(25)])
    code, out, err = hengtan(*table)
    assert (code, err) == (0, "")


def test_a_table_with_some_such_rows_is_shown_with_a_line_beside_it(pond, tmp_path, hengtan):
    urban = RURAL | {"水体": "某河（虚构）", "城乡": "城市"}
    file_rows(pond, tmp_path, "water_body_surveys", [urban])
    code, out, err = hengtan("table", "black_odorous_results", "--json", "-w", pond.folder)
    assert code == 0 and out.startswith("[")
    assert err.startswith("提示 1 行") and GUIDE in err and FORM in err


def test_an_explanation_of_such_a_figure_shows_its_tree_and_refuses(pond, hengtan):
    words = [f"{name}={value}" for name, value in KEY.items()]
    code, out, err = hengtan("explain", "black_odorous_results", *words, "-w", pond.folder)
    assert code == 1 and "20" in out and GUIDE in err


def test_who_asks_for_the_figure_alone_gets_the_error_and_then_the_figure(pond, tmp_path):
    """20 cm is below 25 and black-odorous, level 1."""
    with pytest.raises(ParameterNotEstablished) as refused:
        figure(pond, "black_odorous_results", KEY, "level")
    assert GUIDE in refused.value.zh and FORM in refused.value.zh
    file_rows(pond, tmp_path, "local_parameters", [limit(25)])
    assert figure(pond, "black_odorous_results", KEY, "level") == 1
    with pytest.raises(NoSuchRow):
        figure(pond, "black_odorous_results", KEY | {"site": "9"}, "level")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_lists_what_to_fill_in(workspace, tmp_path, language):
    """The pack share of pesticide is in no document at hand."""
    row = {"地区": "武隆区", "年份": "2025年", "农药使用量": 60, "回收量": 8}
    row |= {"其中无害化处置量": 6, "其中资源化利用量": 1}
    file_rows(workspace, tmp_path, "pesticide_pack_years", [row])
    context = page_context(accounts_view(workspace, place="500156"), language)
    (line,) = context["accounts"]["unestablished"]
    words = {"zh": ("包装占用药量的比例", FORM), "en": ("share of packs", "set locally")}
    assert all(word in line for word in words[language])


def test_each_such_code_of_air_water_and_waste_names_a_document_and_a_form():
    """The words hold the title of a form of the pack, and a document or what it is about."""
    titles = {form["title_zh"] for form in packs.load("cn").forms().values()}
    codes = [c for d in domains() if d.name in ("nature", "materials") for c in d.unestablished]
    assert len(codes) >= 8
    for code in codes:
        zh = all_words()[code][0]
        assert any(f"“{title}”" in zh for title in titles), code
        assert any(mark in zh for mark in ("GB ", "HJ ", "《", "{0}", "文件", "许可证")), code
