"""Reading plan documents; the plan read for time is synthetic.

    python benchmarks/plan_reader.py [--write] [--scores FOLDER]

Time for 200 pages of 1,000 characters and for twice and four times that; peak memory on hostile
files; with ``--scores`` (the folder of annotated passages, ``../shared/facts/plan-reader``)
precision, recall and F1 with bootstrap intervals by passage (10,000 draws, seed 2026).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from hostile import NAMES, hostile_file
from measure import PAGE, Figures, machine, markdown, measured, write_section

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
WITHOUT_TARGETS = (
    "坚持系统观念，统筹推进重点领域绿色转型，完善统计监测体系，推动数据共享，为考核评估提供支撑。"
    "建立健全碳普惠机制，2027年前建成碳排放监测平台。"
    "（市发展改革委、市生态环境局按职责分工负责）"
)
LENGTHS = (100_000, 200_000, 400_000, 800_000)
DRAWS, SEED = 10_000, 2026


def synthetic_plan(characters: int) -> str:
    """A made-up plan in the language of plans: chapters, clauses, sentences with figures or not."""
    chance = random.Random(7)
    parts = ["某市绿色发展规划（合成，虚构）"]
    number = 0
    while sum(map(len, parts)) < characters:
        number += 1
        clause = f"（{'一二三四五六七八九十'[number % 10]}）任务{number}。"
        level = f"到2025年，{chance.choice(INDICATORS)}达到{chance.randint(10, 99)}%以上，"
        change = f"{chance.choice(INDICATORS)}较2020年提高{chance.randint(1, 9)}个百分点。"
        parts.append(clause + level + change)
        parts.append(WITHOUT_TARGETS * chance.randint(1, 3))
    return "\n".join(parts)[:characters]


def read_text(characters: int) -> Figures:
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
    """A table of scores with intervals, by set of passages."""
    scorer = _scorer(folder)
    rows = [_scores_of(scorer, title, passages) for title, passages in passage_sets(folder).items()]
    heads = (
        "set",
        "passages",
        "targets found / false / missed",
        "precision",
        "recall",
        "F1 (95 %)",
        "operator",
        "deadline",
        "clauses F1",
        "without targets, clean",
    )
    return "\n".join(markdown(heads, rows))


def _scorer(folder: Path) -> Any:
    """The scorer that lies beside the annotated passages."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def passage_sets(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Passages used while building, the third held out, all, the messy ones, two whole plans."""
    passages = _json_lines(folder / "passages_dev.jsonl")
    held_out = [p for p in passages if int(sha256(p["id"].encode()).hexdigest(), 16) % 3 == 0]
    plans = _json_lines(folder / "seeds_gold.jsonl")
    for plan in plans:
        file = folder.parents[1] / "seeds" / plan["text_file"]
        plan["text"] = file.read_text(encoding="utf-8")
    return {
        "passages looked at while building": [p for p in passages if p not in held_out],
        "a third held out": held_out,
        "all passages": passages,
        "messy passages": [p for p in passages if p["kind"] == "messy"],
        "the two whole plans": plans,
    }


def _json_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _scores_of(scorer: Any, title: str, passages: list[dict[str, Any]]) -> list[str]:
    """The cells of a set under the heads of ``scores``."""
    from hengtan.plan.reader.guide import as_guide

    answers = {p["id"]: as_guide(p["id"], p["text"], p.get("year")) for p in passages}
    result, _ = scorer.score(passages, answers)
    low, high = _interval([scorer.score([passage], answers)[0] for passage in passages])
    fields, clauses = result["fields"], result.get("clauses", {})
    return [
        title,
        str(len(passages)),
        f"{result['tp']} / {result['fp']} / {result['fn']}",
        f"{result['precision']:.3f}",
        f"{result['recall']:.3f}",
        f"{result['f1']:.3f} ({low:.3f}–{high:.3f})",
        f"{fields['operator']['accuracy']:.3f}",
        f"{fields['deadline']['accuracy']:.3f}",
        f"{clauses.get('f1', 1):.3f}",
        f"{result['no_target_passages_clean']} of {result['no_target_passages']}",
    ]


def _interval(each: list[dict[str, Any]]) -> tuple[float, float]:
    """The 95 % interval of F1, drawn by passage."""
    chance, drawn = random.Random(SEED), []
    for _ in range(DRAWS):
        picked = [each[chance.randrange(len(each))] for _ in each]
        true, false, missed = (sum(r[kind] for r in picked) for kind in ("tp", "fp", "fn"))
        answers = 2 * true + false + missed
        drawn.append(2 * true / answers if answers else 1.0)
    drawn.sort()
    return drawn[round(DRAWS * 0.025) - 1], drawn[round(DRAWS * 0.975) - 1]


def times() -> list[str]:
    """A table of the time of ever longer plans, the best of three processes each."""
    rows, before = [], 0.0
    for characters in LENGTHS:
        runs = (measured("plan_reader.py", "--text", characters) for _ in range(3))
        best = min(runs, key=lambda run: run["seconds"])
        ratio = best["seconds"] / before if before else 1.0
        rows.append(
            (
                f"{characters:,}",
                f"{best['seconds']:.2f}",
                f"{ratio:.2f}",
                f"{best['peak_mb']:,.0f}",
                f"{best['targets']:,.0f}",
                f"{best['clauses']:,.0f}",
            )
        )
        before = best["seconds"]
    return markdown(
        ("characters", "seconds", "ratio to half", "peak MB", "targets", "clauses"), rows
    )


def refusals() -> list[str]:
    """A table of how the hostile files end."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in NAMES:
            path = hostile_file(kind, Path(folder))
            run = measured("plan_reader.py", "--file", path)
            size = f"{path.stat().st_size / 1e6:.1f}"
            seconds, peak = f"{run['seconds']:.2f}", f"{run['peak_mb']:,.0f}"
            rows.append((kind, size, seconds, peak, run["ended"]))
            path.unlink()
    return markdown(("hostile file", "MB", "seconds", "peak MB", "how it ends"), rows)


def main() -> None:
    """Measure and show, or do one part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--scores", type=Path)
    parser.add_argument("--text", type=int)
    parser.add_argument("--file", type=Path)
    arguments = parser.parse_args()
    if arguments.text:
        print(json.dumps(read_text(arguments.text)))
        return
    if arguments.file:
        print(json.dumps(read_hostile(arguments.file)))
        return
    text = "\n".join([f"{machine()}.", "", *times(), "", *refusals()])
    print(text)
    table = scores(arguments.scores) if arguments.scores else ""
    print(table)
    if arguments.write:
        write_section("plan reader", text)
        if table:
            write_section("scores", table, PAGE.with_name("plan-reader.md"))


if __name__ == "__main__":
    main()
