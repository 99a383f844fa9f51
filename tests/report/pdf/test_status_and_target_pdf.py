"""The list of targets and a target on one page as PDF: text read back from the bytes, fonts that
are embedded, hostile names that stay text, no font an error and never boxes.
"""

from __future__ import annotations

import io
import re
from importlib.resources import files
from types import SimpleNamespace

import pypdf
import pytest

from hengtan.basis.errors import HengtanError
from hengtan.report.pdf import fonts
from hengtan.report.pdf.press import pdf, template
from hengtan.report.pdf.status import status_pdf, write_status_pdf
from hengtan.report.pdf.target import target_pdf
from hengtan.report.view import StatusView

A4 = (595.28, 841.89)  # 210 × 297 mm in points of 1/72 inch
HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.2.0"',
    "$x^2$ *粗* _斜_ `码` <标> @引 \\ // 注",
    ']#eval("1+1")[',
)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def pages_of(data):
    return pypdf.PdfReader(io.BytesIO(data)).pages


def text_of(data):
    return squeezed("".join(page.extract_text() for page in pages_of(data)))


def fonts_of(data):
    """BaseFont → whether its letters are in the file, through Type0 descendants."""
    embedded = {}
    for page in pages_of(data):
        for ref in page["/Resources"]["/Font"].values():
            outer = ref.get_object()
            font = outer["/DescendantFonts"][0].get_object()
            descriptor = font["/FontDescriptor"]
            embedded[str(font["/BaseFont"])] = any(
                key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
            )
    return embedded


@pytest.fixture
def view(small):
    return StatusView.of(small)


def test_every_target_stands_in_the_list_with_its_light(view):
    data = status_pdf(view)
    text = text_of(data)
    for target in view.targets:
        assert squeezed(target["indicator_zh"]) in text
    assert "●正常" in text and "◆到期未报" in text  # mark and word: readable without colour
    assert "不低于55%（2027）" in text and "55.06%" in text
    assert "演示·" in text and "征求意见稿" in text


def test_the_list_lies_across_a4_with_its_fonts_inside(view):
    data = status_pdf(view)
    page = pages_of(data)[0]
    assert [float(x) for x in page.mediabox[2:]] == pytest.approx([A4[1], A4[0]], abs=0.5)
    assert fonts_of(data) and all(fonts_of(data).values())


def test_a_long_list_has_the_head_of_its_table_and_its_number_on_each_page(view, small):
    first = small["targets"][0]
    small["targets"] = [
        {**first, "target_id": f"t{n}", "indicator_zh": f"第{n}号目标"} for n in range(120)
    ]
    pages = pages_of(status_pdf(StatusView.of(small)))
    assert len(pages) > 3
    texts = [squeezed(page.extract_text()) for page in pages]
    for number, text in enumerate(texts, start=1):
        assert f"第{number}页，共{len(pages)}页" in text
        assert "灯号目标要求" in text
    assert "第119号目标" in texts[-1]


def test_the_same_state_gives_the_same_bytes(view):
    assert status_pdf(view) == status_pdf(view)
    assert target_pdf(view, "a-forest") == target_pdf(view, "a-forest")


def test_a_target_is_one_page_with_its_three_lines(view):
    """Expected figures stand in small_view.yaml, whose tree names file, sheet, row and people."""
    target = view.target("a-forest")
    data = target_pdf(view, "a-forest", target["explain"])
    text = text_of(data)
    assert len(pages_of(data)) == 1
    assert [float(x) for x in pages_of(data)[0].mediabox[2:]] == pytest.approx(A4, abs=0.5)
    assert (
        "55.06%（2023）←林业数据.xlsx“2023年”第7行、报送S0001、张三报送、李四审核←林业公报" in text
    )
    assert "规则正常：最新实绩已达目标，或不落后于自基期到目标的路径" in text
    assert "样例市绿色转型行动计划第2条保护生态空间←“森林覆盖率不低于55%”" in text
    assert "sample/targets.csv第12行" in text
    assert "森林面积占土地面积的比例" in text


def test_a_target_with_very_much_to_say_stays_on_one_page(view):
    target = view.target("a-forest")
    target["series"] = [
        {**target["series"][0], "period": str(1900 + n), "source": "很长的来源" * 30}
        for n in range(60)
    ]
    target["scope_note_zh"] = target["note_zh"] = target["reading"] = "说明" * 800
    target["light_reason"] = "理由" * 900
    target["quote"] = "原文" * 900
    data = target_pdf(view, "a-forest")
    assert len(pages_of(data)) == 1
    assert "另有52个数值未列" in text_of(data)  # 60 held, the newest 8 listed


def test_a_target_without_values_says_so(view):
    text = text_of(target_pdf(view, "a-none"))
    assert "没有可与目标同单位画图的数值" in text and "没有可用的数值" in text


def test_an_english_page_speaks_english(view):
    text = text_of(target_pdf(view, "a-forest", view.target("a-forest")["explain"], "en"))
    assert "Forestcover" in text and "Wherethenumbercomesfrom" in text
    assert "handedinby张三" in text and "approvedby李四" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_comes_out_as_text(view, hostile):
    target = view.target("a-none")
    target["indicator_zh"] = target["light_reason"] = hostile
    target["definition"] = {"zh": hostile}
    for data in (status_pdf(view), target_pdf(view, "a-none")):
        text = text_of(data)
        assert squeezed(hostile) in text
        assert "root:" not in text


def test_templates_take_nothing_from_elsewhere():
    folder = files("hengtan.report") / "page" / "templates" / "pdf"
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".typ")]
    assert "frame.typ" in names
    for name in names:
        source = template(name).decode("utf-8")
        assert not re.search(r"@preview|\beval\(|\bread\(|plugin\(|http", source), name


def test_no_target_of_that_name_is_told(view):
    with pytest.raises(HengtanError, match="没有目标“x”"):
        target_pdf(view, "x")


def test_a_machine_without_chinese_letters_is_told_which_package(view, monkeypatch, tmp_path):
    latin = SimpleNamespace(families=lambda: ["DejaVu Sans"], fonts=list)
    monkeypatch.setattr(fonts, "installed", lambda: latin)
    fonts.lettering.cache_clear()
    try:
        with pytest.raises(fonts.NoChineseFont, match="fonts-noto-cjk"):
            write_status_pdf(view, tmp_path / "a.pdf")
    finally:
        fonts.lettering.cache_clear()
    assert list(tmp_path.iterdir()) == []


def test_the_font_of_an_office_is_taken_where_it_is():
    windows = ["SimSun", "FangSong", "SimHei", "KaiTi", "Microsoft YaHei", "Arial"]
    assert fonts.chosen(windows) == {
        "title": "SimSun",
        "body": "FangSong",
        "kai": "KaiTi",
        "song": "SimSun",
        "head": "SimHei",
        "sans": "Microsoft YaHei",
    }
    linux = fonts.chosen(["Noto Serif CJK SC", "Noto Sans CJK SC", "DejaVu Sans"])
    assert (linux["body"], linux["head"]) == ("Noto Serif CJK SC", "Noto Sans CJK SC")
    assert fonts.chosen([*windows, "方正小标宋简体"])["title"] == "方正小标宋简体"


def test_a_letter_no_font_has_comes_out_as_its_code():
    letters = fonts.Lettering({}, {}, frozenset(map(ord, "张三 ")))
    assert letters.readable("张\U0002b5af 三\u0000") == "张〔U+2B5AF〕 三"
    assert "〔U+E000〕" in text_of(pdf("status.typ", _bare("区\ue000"), {}))


def _bare(title):
    """The least the list can be set from."""
    return {
        "lang": "zh",
        "title": title,
        "state": "",
        "foot": "",
        "page_words": "{0} {1}",
        "banners": [],
        "counts": [
            {"light": {"mark": "●", "title": "好", "fill": "#fff", "ink": "#000"}, "count": 1}
        ],
        "heads": ["甲"] * 7,
        "groups": [],
    }
