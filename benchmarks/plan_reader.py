"""Reading plan documents: ``python benchmarks/plan_reader.py [--write] [--scores FOLDER]``. The plan read for time is synthetic.

Time for 200 pages of 1,000 characters and for twice and four times that; peak memory on hostile files of 50 MB; with ``--scores`` (the folder of annotated passages,
``../shared/facts/plan-reader``) precision, recall and F1 with bootstrap intervals by passage (10,000 draws, seed 2026).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import tempfile
import time
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

from measure import PAGE, measured, write_section

INDICATORS = (
    "森林覆盖率",
    "非化石能源消费比重",
    "生活垃圾回收利用率",
    "绿色建筑占新建建筑比例",
    "再生水利用率",
    "农膜回收率",
    "新能源公交车占比",
    "空气质量优良天数比率",
)
HOSTILE = ("text", "markup", "word", "word bomb", "pdf", "pdf bomb")


def synthetic_plan(characters: int) -> str:
    """A made-up plan in the language of plans: chapters, clauses, sentences with and without figures."""
    chance = random.Random(7)
    parts: list[str] = ["某市绿色发展规划（合成，虚构）"]
    number = 0
    while sum(map(len, parts)) < characters:
        number += 1
        parts.append(
            f"（{'一二三四五六七八九十'[number % 10]}）任务{number}。到2025年，{chance.choice(INDICATORS)}达到{chance.randint(10, 99)}%以上，{chance.choice(INDICATORS)}较2020年提高{chance.randint(1, 9)}个百分点。"
        )
        parts.append(
            "坚持系统观念，统筹推进重点领域绿色转型，完善统计监测体系，推动数据共享，为考核评估提供支撑。建立健全碳普惠机制，2027年前建成碳排放监测平台。（市发展改革委、市生态环境局按职责分工负责）"
            * chance.randint(1, 3)
        )
    return "\n".join(parts)[:characters]


def read_text(characters: int) -> dict[str, float]:
    """Seconds of reading a synthetic plan into a draft with all that stands in it."""
    from hengtan import packs
    from hengtan.plan.reader.documents import Document
    from hengtan.plan.reader.draft import draft_of
    from hengtan.plan.reader.linking import Indicators
    from hengtan.plan.reader.pack_rows import pack_tables

    known = Indicators(packs.load("cn").rows("indicators"))
    text = synthetic_plan(characters)
    draft_of(Document("规划.txt", "txt", text[:3000]), known, plan="p")
    started = time.perf_counter()
    draft = draft_of(Document("规划.txt", "txt", text), known, plan="p")
    pack_tables(draft, region="999900", region_zh="某市")
    return {
        "seconds": time.perf_counter() - started,
        "targets": len(draft.targets),
        "clauses": len(draft.clauses),
    }


def hostile_file(kind: str, folder: Path, size: int = 50_000_000) -> Path:
    """A file of some 50 MB that looks like a document."""
    path = (
        folder
        / {
            "text": "a.txt",
            "markup": "a.html",
            "word": "a.docx",
            "word bomb": "b.docx",
            "pdf": "a.pdf",
            "pdf bomb": "b.pdf",
        }[kind]
    )
    sentence = "到2025年，森林覆盖率达到57%，"
    if kind == "text":
        path.write_text(sentence * (size // len(sentence.encode())), encoding="utf-8")
    elif kind == "markup":
        path.write_text("<html><body>" + "<div>" * (size // 5), encoding="utf-8")
    elif kind.startswith("word"):
        text = "".join(f"<w:p><w:r><w:t>{sentence}{i}</w:t></w:r></w:p>" for i in range(1000))
        body = (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            + text
            * (
                (size if kind == "word" else 40 * size)
                // len(text.encode())
                // (1 if kind == "word" else 10)
            )
            + "</w:body></w:document>"
        ).encode()
        with zipfile.ZipFile(
            path, "w", zipfile.ZIP_STORED if kind == "word" else zipfile.ZIP_DEFLATED
        ) as archive:
            archive.writestr(
                "[Content_Types].xml",
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
            )
            archive.writestr("word/document.xml", body)
    else:
        line = b"BT /F1 12 Tf 72 700 Td (A plan with a text layer) Tj ET\n"
        stream = (
            zlib.compress(line * (400_000_000 // len(line)))
            if kind == "pdf bomb"
            else line * (size // len(line))
        )
        extra = b" /Filter /FlateDecode" if kind == "pdf bomb" else b""
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d%s >>\nstream\n" % (len(stream), extra) + stream + b"\nendstream",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        with path.open("wb") as out:
            out.write(b"%PDF-1.4\n")
            places = []
            for number, item in enumerate(objects, start=1):
                places.append(out.tell())
                out.write(b"%d 0 obj\n" % number + item + b"\nendobj\n")
            start = out.tell()
            out.write(
                b"xref\n0 6\n0000000000 65535 f \n"
                + b"".join(b"%010d 00000 n \n" % place for place in places)
                + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
            )
    return path


def read_hostile(path: Path) -> dict[str, Any]:
    """Seconds until a hostile file is read or refused."""
    from hengtan.basis.errors import UnreadableFile
    from hengtan.plan.reader.documents import read_document
    from hengtan.plan.reader.reading import read

    started = time.perf_counter()
    try:
        ended = f"{len(read(read_document(path).text).targets)} targets"
    except UnreadableFile as error:
        ended = f"refused: {error.zh}"
    return {"seconds": time.perf_counter() - started, "ended": ended}


def scores(folder: Path) -> str:
    """A table of scores with intervals: the passages used while building, the third held out, all of them, the two whole plans."""
    from hengtan.plan.reader.draft import as_guide

    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rows = [
        json.loads(line)
        for line in (folder / "passages_dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    held = [row for row in rows if int(sha256(row["id"].encode()).hexdigest(), 16) % 3 == 0]
    whole = [
        json.loads(line)
        for line in (folder / "seeds_gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for row in whole:
        row["text"] = (folder.parents[1] / "seeds" / row["text_file"]).read_text(encoding="utf-8")
    sets = {
        "passages looked at while building": [row for row in rows if row not in held],
        "a third held out": held,
        "all passages": rows,
        "messy passages": [row for row in rows if row["kind"] == "messy"],
        "the two whole plans": whole,
    }
    lines = [
        "| set | passages | targets found / false / missed | precision | recall | F1 (95 %) | operator | deadline | clauses F1 | without targets, clean |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, chosen in sets.items():
        made = {row["id"]: as_guide(row["id"], row["text"], row.get("year")) for row in chosen}
        result, _ = scorer.score(chosen, made)
        each = [scorer.score([row], made)[0] for row in chosen]
        chance, drawn = random.Random(2026), []
        for _ in range(10_000):
            picked = [each[chance.randrange(len(each))] for _ in each]
            tp, fp, fn = (sum(one[k] for one in picked) for k in ("tp", "fp", "fn"))
            drawn.append(2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0)
        drawn.sort()
        low, high = drawn[249], drawn[9749]
        fields, clauses = result["fields"], result.get("clauses", {})
        lines.append(
            f"| {name} | {len(chosen)} | {result['tp']} / {result['fp']} / {result['fn']} | {result['precision']:.3f} | {result['recall']:.3f} | {result['f1']:.3f} ({low:.3f}–{high:.3f}) | {fields['operator']['accuracy']:.3f} | {fields['deadline']['accuracy']:.3f} | {clauses.get('f1', 1):.3f} | {result['no_target_passages_clean']} of {result['no_target_passages']} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and show, or do one part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--scores", type=Path)
    parser.add_argument("--text", type=int)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.text:
        print(json.dumps(read_text(given.text)))
        return
    if given.file:
        print(json.dumps(read_hostile(given.file)))
        return
    lines = [
        "| characters | seconds | ratio to half | peak MB | targets | clauses |",
        "|---|---|---|---|---|---|",
    ]
    before = 0.0
    for characters in (100_000, 200_000, 400_000, 800_000):
        best = min(
            (measured("plan_reader.py", "--text", characters) for _ in range(3)),
            key=lambda figures: figures["seconds"],
        )
        lines.append(
            f"| {characters:,} | {best['seconds']:.2f} | {best['seconds'] / before if before else 1:.2f} | {best['peak_mb']:,.0f} | {best['targets']:,.0f} | {best['clauses']:,.0f} |"
        )
        before = best["seconds"]
    lines += [
        "",
        "| hostile file | MB | seconds | peak MB | how it ends |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for kind in HOSTILE:
            path = hostile_file(kind, Path(folder))
            figures = measured("plan_reader.py", "--file", path)
            lines.append(
                f"| {kind} | {path.stat().st_size / 1e6:.1f} | {figures['seconds']:.2f} | {figures['peak_mb']:,.0f} | {figures['ended']} |"
            )
            path.unlink()
    print("\n".join(lines))
    table = scores(given.scores) if given.scores else ""
    print(table)
    if given.write:
        write_section(
            "plan reader", "\n".join(["Machine: 2 cores, Python 3.11, Linux.", "", *lines])
        )
        if table:
            write_section("scores", table, PAGE.with_name("plan-reader.md"))


if __name__ == "__main__":
    main()
