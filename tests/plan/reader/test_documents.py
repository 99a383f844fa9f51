"""Documents of all kinds, and a clear line for those that cannot be read."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengtan.basis.errors import UnreadableFile
from hengtan.plan.reader.documents import MAX_CHARACTERS, read_document

TEXT = "一、总体要求\n到2025年，森林覆盖率达到57%以上，单位GDP能耗比2020年下降14%。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "规划.txt"
    path.write_bytes((TEXT * 5).encode(encoding))
    assert read_document(path).text.replace("\r\n", "\n").strip() == (TEXT * 5).strip()


def test_markdown_without_its_marks(tmp_path):
    path = tmp_path / "规划.md"
    path.write_text(
        "# 一、总体要求\n\n**到2025年**，森林覆盖率达到57%。\n\n"
        "| 指标 | 2025年 |\n|---|---|\n| 森林覆盖率 | 57 |\n",
        encoding="utf-8",
    )
    assert read_document(path).text.split("\n") == [
        "一、总体要求",
        "",
        "到2025年，森林覆盖率达到57%。",
        "",
        "| 指标 | 2025年 |",
        "| 森林覆盖率 | 57 |",
        "",
    ]


def test_html_with_scripts_encodings_and_merged_cells(tmp_path):
    path = tmp_path / "规划.html"
    page = (
        '<html><head><meta charset="gbk"><script>var x="到2024年达到99%"</script></head>'
        "<body><p>到2025年<b>主要指标</b></p><table>"
        "<tr><th rowspan=2>指标</th><th colspan=2>目标值</th><th rowspan=2>属性</th></tr>"
        "<tr><td>2025年</td><td>2030年</td></tr>"
        "<tr><td>森林覆盖率（%）</td><td>57</td><td>58</td><td>约束性</td></tr>"
        "</table></body></html>"
    )
    path.write_bytes(page.encode("gbk"))
    document = read_document(path)
    assert document.kind == "html"
    assert document.text.split("\n") == [
        "到2025年主要指标",
        "| 指标 | 目标值 |  | 属性 |",
        "|  | 2025年 | 2030年 |  |",
        "| 森林覆盖率（%） | 57 | 58 | 约束性 |",
    ]


NUMBERING = (
    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
)
NUMBERED_HEADS = (
    ("总体要求", 0),
    ("主要目标", 1),
    ("重点任务", 0),
    ("绿色工厂", 1),
    ("绿色园区", 1),
)


def add_numbered_heads(document):
    """Heads whose numbers Word counts."""
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING))
    pointer = f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'
    numbering.append(parse_xml(pointer))
    for text, level in NUMBERED_HEADS:
        paragraph = document.add_paragraph(text)
        level_of_list = f'<w:ilvl w:val="{level}"/><w:numId w:val="90"/>'
        properties = f"<w:numPr {nsdecls('w')}>{level_of_list}</w:numPr>"
        paragraph._p.get_or_add_pPr().append(parse_xml(properties))


def word_document(path, *, numbered=False):
    document = docx.Document()
    document.add_heading("绿色发展规划（样例，虚构）", 0)
    if numbered:
        add_numbered_heads(document)
    document.add_paragraph("到2025年，森林覆盖率达到57%。")
    table = document.add_table(rows=2, cols=4)
    for cell, text in zip(table.rows[0].cells, ("指标", "2020年", "2025年", "属性"), strict=True):
        cell.text = text
    for cell, text in zip(
        table.rows[1].cells, ("湿地保护率（%）", "50", "55", "约束性"), strict=True
    ):
        cell.text = text
    document.save(path)
    return path


def test_word_paragraphs_and_tables_in_their_order(tmp_path):
    lines = read_document(word_document(tmp_path / "规划.docx")).text.split("\n")
    assert lines == [
        "绿色发展规划（样例，虚构）",
        "到2025年，森林覆盖率达到57%。",
        "| 指标 | 2020年 | 2025年 | 属性 |",
        "| 湿地保护率（%） | 50 | 55 | 约束性 |",
    ]


def test_word_writes_out_automatic_numbers(tmp_path):
    lines = read_document(word_document(tmp_path / "规划.docx", numbered=True)).text.split("\n")
    assert lines[1:6] == [
        "一、总体要求",
        "（一）主要目标",
        "二、重点任务",
        "（一）绿色工厂",
        "（二）绿色园区",
    ]


def test_word_leaves_deleted_text_out(tmp_path):
    path = word_document(tmp_path / "规划.docx")
    document = docx.Document(path)
    paragraph = document.paragraphs[1]
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧文字</w:delText></w:r></w:del>")
    )
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新文字</w:t></w:r></w:ins>"))
    document.save(path)
    text = read_document(path).text
    assert "新文字" in text
    assert "旧文字" not in text


def made_pdf(text, *, stream=None):
    """A small PDF by hand: one page, a standard font, ASCII text or none."""
    content = stream if stream is not None else f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(
        b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + b"".join(b"%010d 00000 n \n" % place for place in places)
    )
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    )
    return out.getvalue()


def test_pdf_with_a_text_layer(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(made_pdf("A plan text layer with more than twenty characters"))
    assert read_document(path).text.strip() == "A plan text layer with more than twenty characters"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("扫描.pdf", made_pdf(""), "没有文字层"),
        ("坏.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 50, "损坏"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Word 文件"),
        ("旧.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "WPS 文字文件"),
        ("富文本.rtf", b"{\\rtf1 text}", "RTF"),
        ("空.docx", b"", "空的"),
        ("假.docx", b"PK\x03\x04" + b"\0" * 80, "损坏"),
        ("空白.txt", "\n  　\n".encode(), "没有文字"),
        ("图.txt", bytes(range(256)) * 20, "不是可识别的文档"),
        (
            "加密.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 100
            + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
    ],
)
def test_a_clear_line_for_what_cannot_be_read(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_document(path)
    assert message in str(refused.value)
    assert name in str(refused.value)
    assert refused.value.todo
    assert "\n" not in str(refused.value)


def test_missing_and_folder(tmp_path):
    for path in (tmp_path / "没有.docx", tmp_path):
        with pytest.raises(UnreadableFile):
            read_document(path)


def test_a_workbook_is_no_plan(tmp_path):
    import openpyxl

    path = tmp_path / "表.docx"
    openpyxl.Workbook().save(tmp_path / "表.xlsx")
    (tmp_path / "表.xlsx").rename(path)
    with pytest.raises(UnreadableFile, match="没有 Word 正文"):
        read_document(path)


def test_too_long(tmp_path):
    path = tmp_path / "长.txt"
    path.write_text("甲" * (MAX_CHARACTERS + 1), encoding="gb18030")
    with pytest.raises(UnreadableFile, match=r"过长|过大"):
        read_document(path)


def hostile_archive(path, files):
    """An archive of files by name; a number stands for so many noughts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, b"0" * content if isinstance(content, int) else content)
    return path


WITH_AN_ENTITY = "<!DOCTYPE x [<!ENTITY a '1234567890'>]><w:document xmlns:w='w'>&a;</w:document>"


@pytest.mark.parametrize(
    "files",
    [
        {"word/document.xml": 400_000_000},
        {"word/document.xml": WITH_AN_ENTITY},
        {"word/document.xml": "<w:document"},
        {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"},
        {"../../逃逸.txt": "x", "word/document.xml": "<x/>"},
        {f"word/{i}.xml": "x" for i in range(5000)} | {"word/document.xml": "<x/>"},
    ],
    ids=["bomb", "entities", "broken", "no types", "path", "many"],
)
def test_hostile_word_files_are_refused(tmp_path, files):
    path = hostile_archive(tmp_path / "敌意.docx", files)
    with pytest.raises(UnreadableFile):
        read_document(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["敌意.docx"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_word_and_pdf_files_never_crash(tmp_path, data):
    """Bytes changed, cut and doubled anywhere: a text or one clear line, nothing else."""
    kind = data.draw(st.sampled_from(["docx", "pdf"]))
    base = tmp_path / f"基.{kind}"
    if not base.exists():
        if kind == "docx":
            word_document(base, numbered=True)
        else:
            base.write_bytes(made_pdf("A plan text layer with more than twenty characters"))
    content = bytearray(base.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(st.sampled_from(["byte", "cut", "double"]))
        if what == "byte":
            content[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del content[at : at + data.draw(st.integers(1, 200))]
        else:
            content[at:at] = content[at : at + 100]
        if not content:
            break
    path = tmp_path / f"变.{kind}"
    path.write_bytes(bytes(content))
    try:
        assert read_document(path).text.strip()
    except UnreadableFile as refused:
        assert refused.todo
