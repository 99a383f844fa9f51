"""The bulletin in the form of an official document: parts an office adds, measures in the Word
file and on the pages of the PDF. Measures are those of GB/T 9704-2012 as the issue names them:
title 二号, body 三号 with 28 points from line to line, margins 37/35/28/26 mm, page numbers in
四号宋体.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from hengtan.report.bulletin_text import paragraphs
from hengtan.report.official import (
    Official,
    attachments,
    body,
    numeral,
    signature_indents,
    width_of,
)
from hengtan.report.pdf.bulletin import bulletin_pdf
from hengtan.report.word.bulletin import write_bulletin_word

OFFICE = Official(
    issuer="合成市发展和改革委员会文件",
    number="合发改环资[2025]12号",
    recipients=("各区县人民政府", "市政府有关部门："),
    requirements=("压实属地责任。各区县要按月调度。", "强化督促整改。逐户落实。"),
    signed_by="合成市发展和改革委员会",
    signed_on=date(2025, 7, 9),
    copies_to=("市委办公厅",),
    printed_by="合成市发展和改革委员会办公室",
    printed_on=date(2025, 7, 10),
)


@pytest.fixture(scope="module")
def june(bulletin_city):
    return bulletin_city[1]


@pytest.fixture(scope="module")
def file(june, tmp_path_factory):
    path = tmp_path_factory.mktemp("word") / "通报.docx"
    return write_bulletin_word(june, path, OFFICE)


@pytest.fixture(scope="module")
def document(file):
    return docx.Document(str(file))


def at(document, start):
    return next(p for p in document.paragraphs if p.text.startswith(start))


def font_and_size(paragraph, run=0):
    properties = paragraph.runs[run]._element.rPr
    return properties.rFonts.get(qn("w:eastAsia")), paragraph.runs[run].font.size.pt


def test_the_page_is_a4_with_the_margins_of_the_standard(document):
    section = document.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    margins = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [m.mm for m in margins] == pytest.approx([37, 35, 28, 26], abs=0.1)


def test_letters_and_lines(document):
    """小标宋 二号 is 22 points, 三号 16, 四号 14; 28 points from line to line."""
    assert font_and_size(at(document, "合成市（虚构数据）")) == ("方正小标宋简体", 22)
    assert font_and_size(at(document, "一、总体情况")) == ("黑体", 16)
    text = at(document, "2025年1—6月，全市")
    assert font_and_size(text) == ("仿宋", 16)
    assert text.paragraph_format.line_spacing.pt == 28
    assert text._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_the_head_is_red_with_number_and_line(document):
    mark = document.paragraphs[0]
    assert mark.text == OFFICE.issuer
    assert str(mark.runs[0].font.color.rgb) == "FF0000"
    number = at(document, "合发改环资")
    assert number.text == "合发改环资〔2025〕12号"  # the year in 六角括号
    assert number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:color")) == "FF0000"


def test_recipients_requirements_and_signature_stand_in_their_order(document):
    texts = [p.text for p in document.paragraphs]
    wanted = [
        "各区县人民政府、市政府有关部门：",
        "一、总体情况",
        "六、数据修订与说明",
        "七、下一步工作要求",
        "（一）压实属地责任。各区县要按月调度。",
        "（二）强化督促整改。逐户落实。",
        "附件：1.能耗强度变化与成因图",
        "2.各区县2025年1—6月能源消费与能耗强度",
        "合成市发展和改革委员会",
        "2025年7月9日",
        "附件1",
        "抄送：市委办公厅。",
    ]
    places = [texts.index(text) for text in wanted]
    assert places == sorted(places)
    lead = at(document, "（一）压实")
    assert font_and_size(lead) == ("楷体", 16) and font_and_size(lead, 1) == ("仿宋", 16)
    assert lead.runs[0].text == "（一）压实属地责任。"


def test_page_numbers_stand_at_the_outer_side(file):
    with zipfile.ZipFile(file) as archive:
        settings = archive.read("word/settings.xml").decode()
        feet = [
            archive.read(name).decode()
            for name in sorted(archive.namelist())
            if re.fullmatch(r"word/footer\d\.xml", name)
        ]
    assert "evenAndOddHeaders" in settings
    sides = {re.search(r'<w:jc w:val="(\w+)"', foot).group(1) for foot in feet}
    assert sides == {"right", "left"}
    for foot in feet:
        assert " PAGE " in foot and 'w:eastAsia="宋体"' in foot and '<w:sz w:val="28"/>' in foot
        assert re.sub("<[^>]+>", "", foot).split() == ["—", "PAGE", "1", "—"]


def test_nothing_is_made_up_where_the_office_says_nothing(june, tmp_path):
    plain = docx.Document(str(write_bulletin_word(june, tmp_path / "a.docx")))
    text = "\n".join(p.text for p in plain.paragraphs)
    assert "下一步" not in text and "抄送" not in text and "印发" not in text
    assert not re.search(r"^.*人民政府：$", text, re.M)
    assert Official().lacking() == (
        "文中没有主送机关、下一步工作要求、署名、成文日期（未给出，不代填）"
    )
    assert OFFICE.lacking() == ""


def test_the_words_of_an_editor_stand_instead_of_those_worked_out(june, tmp_path):
    edited = Official(text=(("总体情况", "改过的第一段。\n改过的第二段。"), ("2. 附言", "完。")))
    document = docx.Document(str(write_bulletin_word(june, tmp_path / "a.docx", edited)))
    texts = [p.text for p in document.paragraphs]
    start = texts.index("一、总体情况")
    assert texts[start : start + 5] == [
        "一、总体情况",
        "改过的第一段。",
        "改过的第二段。",
        "二、附言",
        "完。",
    ]


def test_headings_are_numbered_through_where_a_subject_has_nothing_to_say(june):
    spoken = [(h, t) for h, t in paragraphs(june) if "重点用能" not in h and "研判" not in h]
    assert [h for h, _ in spoken][-1] == "六、数据修订与说明"
    numbered = [piece.text for piece in body(spoken, Official()) if piece.heading]
    assert numbered[-1] == "四、数据修订与说明"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")]
)
def test_numerals(number, said):
    assert numeral(number) == said


def test_where_signature_and_date_stand():
    """三号 is 16 points a square. 发展改革委 is 5 squares = 80; 2025年7月9日 is 6 half and 3 whole
    squares = 96, longer: the date two squares (32) from the right, the signature's first letter two
    squares left of the date's: 32 + 96 + 32 − 80 = 80 from the right. A signature of 11 squares
    (176): two from the right, the date's first letter two squares in: 32 + 176 − 32 − 96 = 80.
    """
    assert width_of("2025年7月9日") == 96
    assert signature_indents("发展改革委", "2025年7月9日") == (80, 32)
    assert signature_indents("合成市发展和改革委员会", "2025年7月9日") == (32, 80)


def test_attachments_are_numbered_only_where_there_are_several():
    assert attachments(["甲"]) == ["甲"]
    assert attachments(["甲", "乙"]) == ["1.甲", "2.乙"]


def text_of(page):
    return re.sub(r"\s+", "", page.extract_text())


def test_the_pdf_says_the_same_in_the_same_order(june):
    pages = pypdf.PdfReader(io.BytesIO(bulletin_pdf(june, OFFICE))).pages
    texts = [text_of(page) for page in pages]
    whole = "".join(texts)
    for heading, text in paragraphs(june):
        assert re.sub(r"\s+", "", heading) in whole
        assert re.sub(r"\s+", "", text)[:12] in whole
    order = [
        "合发改环资〔2025〕12号",
        "各区县人民政府、市政府有关部门：",
        "七、下一步工作要求",
        "附件：1.能耗强度变化与成因图",
        "2025年7月9日",
        "抄送：市委办公厅。",
    ]
    places = [whole.index(text) for text in order]
    assert places == sorted(places)
    for number, text in enumerate(texts, start=1):
        assert f"—{number}—" in text
    lying = [page.mediabox.width > page.mediabox.height for page in pages]
    assert not lying[0] and lying[-1]  # text stands, the wide tables lie


def test_page_numbers_of_the_pdf_change_sides(june):
    """Odd pages at the right, even ones at the left; the sheet is 595 points wide."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(bulletin_pdf(june, OFFICE))) as opened:
        for page in opened.pages[:3]:
            foot = [w for w in page.extract_words() if w["bottom"] > page.height - 35 / 25.4 * 72]
            assert foot
            on_the_right = foot[0]["x0"] > page.width / 2
            assert on_the_right == (page.page_number % 2 == 1)


def test_signature_of_the_pdf_never_stands_alone(june):
    pages = pypdf.PdfReader(io.BytesIO(bulletin_pdf(june, OFFICE))).pages
    signed = next(t for t in map(text_of, pages) if "2025年7月9日" in t)
    assert "附件：1." in signed


def test_a_hostile_requirement_comes_out_as_text(june):
    hostile = '#read("/etc/passwd") $x$ *粗*'
    pages = pypdf.PdfReader(io.BytesIO(bulletin_pdf(june, Official(requirements=(hostile,))))).pages
    assert '#read("/etc/passwd")$x$*粗*' in "".join(map(text_of, pages))
