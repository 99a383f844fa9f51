"""Texts in GBK are read where that is certain, and refused with the name of the encoding where
other bytes only happen to be readable as it: plans, tables, cases.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import UnreadableFile
from hengtan.desk.plan_reading import read_passages
from hengtan.ledger.reading import read_rows
from hengtan.ledger.reading.streams import encoding_of
from hengtan.plan.reader.documents import read_here

PLAN = "某市绿色转型方案\n\n到2027年，森林覆盖率达到55%以上，新建充电桩1000个。\n"
RARE = "亳州、濮阳、綦江、郫都、潼关、璧山、洺水、镕。到2027年，森林覆盖率达到55%以上。\n"
TABLE = "地区,指标名称,时期,数值,计量单位\n某市,森林覆盖率,2025年,54.1,%\n"
BIG5 = "某市綠色轉型方案：到2027年，森林覆蓋率達到55%以上，新建充電樁一千個，能耗降低。\n"
JAPANESE = "森林率は2027年までに55％以上とする。充電設備を千基新設する。カタカナ\n"


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["方案.txt", "方案.md", "方案.html"])
@pytest.mark.parametrize("text", [PLAN, RARE], ids=["usual", "rare"])
def test_a_plan_is_read_in_the_encodings_of_the_country(tmp_path, name, encoding, text):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding, "replace" if encoding == "gbk" else "strict"))
    assert "森林覆盖率达到55%以上" in read_here(path).text


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16-le"])
def test_a_table_is_read_in_them(tmp_path, encoding):
    path = tmp_path / "表.csv"
    path.write_bytes(TABLE.encode(encoding))
    (row,) = read_rows(path)
    assert (row["指标名称"], row["数值"]) == ("森林覆盖率", "54.1")
    assert encoding_of(path)[0] in (encoding, "gb18030")


@pytest.mark.parametrize(("text", "encoding"), [(BIG5, "big5"), (JAPANESE, "shift_jis")])
@pytest.mark.parametrize("read", [read_here, read_rows, encoding_of])
def test_other_encodings_are_no_gbk(tmp_path, text, encoding, read):
    path = tmp_path / "文.txt"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(UnreadableFile, match="GB 18030") as refused:
        read(path)
    assert "UTF-8" in refused.value.todo and "\n" not in str(refused.value)


def test_bytes_that_are_no_text_stay_no_document(tmp_path):
    path = tmp_path / "文.txt"
    path.write_bytes(b"\x07\x01\x02\xff\xfe" * 40)
    with pytest.raises(UnreadableFile, match="不是可识别的文档"):
        read_here(path)


def test_passages_in_gbk_are_told(tmp_path):
    path = tmp_path / "段落.jsonl"
    path.write_bytes('{"id": "1", "text": "到2027年，森林覆盖率达到55%以上"}\n'.encode("gbk"))
    with pytest.raises(UnreadableFile, match="GBK") as refused:
        read_passages(path, tmp_path / "出.jsonl")
    assert "UTF-8" in refused.value.todo and not (tmp_path / "出.jsonl").exists()
