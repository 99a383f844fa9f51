"""The sets of passages that rules of the plan reader are worked with, and how a reading of one
scores.

Five figures: targets found, false, missed, and with exactly the right name, as the scorer beside
the passages counts them; and of those found the ones that are *judged* right. A figure that is
found and judged wrongly turns a light upside down, so a score without the fifth is none. Right
judgements come from outside the reader:

- of annotated passages the annotation: operator, upper end, base year, region, modifier; whether
  the bound itself is left out follows from the quote by the convention of the facts (超过, 超),
  and so does what is asked of each year (每年);
- of the two whole plans also ``targets.csv`` of the facts: measure, operator, strict, base year,
  rule of judging;
- of two whole documents also their tasks: owner, month, targets linked (``documents_right.json``);
- of sentences what is written by hand beside them (``sentences.yaml``, ``judged.yaml``); of
  generated ones what they were made from.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TESTS = Path(__file__).parents[1] / "tests" / "plan" / "reader"
OF_EACH = 12
"""Generated sentences of each construction."""
LEAST = 0.5
"""Share of a name that the scorer asks for."""
BEYOND = re.compile(r"(?<![不得])(?:超过|突破|超|>)\s*[\d〇一二三四五六七八九十百千万两]")
"""Words right before a figure that itself does not meet the target."""
EACH_YEAR = re.compile("每年|逐年")
"""Words of what is asked of each year; not all annotators note it."""
OPEN_BOUNDS = (">=", "increase_by", "decrease_by")
"""Operators for which the facts say what leaves the bound out."""
JUDGED_BY = ("measure", "operator", "strict", "base_year", "met_rule")

Passage = dict[str, Any]
Said = list[dict[str, Any]]


class Score(NamedTuple):
    """Counts of targets of a passage, or of a set; ``hit``: those found."""

    hit: int = 0
    false: int = 0
    missed: int = 0
    exact: int = 0
    judged: int = 0

    def and_(self, other: Score) -> Score:
        """Both together."""
        return Score(*(a + b for a, b in zip(self, other, strict=True)))

    def less(self, other: Score) -> Score:
        """What is more here than in another."""
        return Score(*(a - b for a, b in zip(self, other, strict=True)))

    def is_worse(self) -> bool:
        """Whether any figure of a difference is for the worse."""
        return min(self.hit, -self.false, -self.missed, self.exact, self.judged) < 0


class Evidence:
    """All passages with what is read of them now, by the rules and words as they stand."""

    def __init__(self, folder: Path) -> None:
        sys.path[:0] = [str(folder), str(TESTS)]
        import score

        from hengtan import packs
        from hengtan.plan.reader.linking import Indicators

        self.scorer = score
        self.known = Indicators(packs.load("cn").rows("indicators"))
        self.facts = _facts(folder.parent / "plans" / "targets.csv")
        self.sets = dict(sets_of(folder))
        self.text = {p["id"]: normal(p["text"]) for p in self.passages()}
        self.now = {p["id"]: self.outcome(p) for p in self.passages()}

    def passages(self) -> Iterator[Passage]:
        """The passages of all sets."""
        for passages in self.sets.values():
            yield from passages

    def outcome(self, passage: Passage, off: Iterable[str] = ()) -> tuple[Any, Score]:
        """What is read of a passage, and how it scores."""
        from hengtan.plan.reader.reading import read

        targets = read(passage["text"], passage.get("year"), without=off).targets
        said = [_in_guide(target) for target in targets]
        if "right" in passage:
            return said, _score_of_lines([_in_a_line(t) for t in targets], passage["right"])
        if "rows" in passage:
            return said, _score_of_rows(self.rows(passage, off), passage["rows"])
        if any("target_id" in target for target in passage["targets"]):
            rows = self.rows(passage, off)
            said = [{**t, "row": rows[n]} for n, t in enumerate(said)]
        score = self.score(passage, said)
        if "tasks" in passage:
            score = score.and_(_score_of_tasks(self.draft(passage, off).tasks, passage["tasks"]))
        return said, score

    def draft(self, passage: Passage, off: Iterable[str]) -> Any:
        """A passage as a plan that was read."""
        from hengtan.plan.reader.documents import Document
        from hengtan.plan.reader.draft import draft_of

        document = Document("passage", "txt", passage["text"])
        year = passage.get("year")
        return draft_of(document, self.known, plan="p", year=year, without=off)

    def rows(self, passage: Passage, off: Iterable[str]) -> list[dict[str, str]]:
        """The targets of a passage as rows of a pack."""
        from hengtan.plan.reader.pack_rows import pack_tables

        draft = self.draft(passage, off)
        return pack_tables(draft, region="999900", region_zh="某市")["targets"]

    def score(self, passage: Passage, said: Said) -> Score:
        """Found, false, missed, exact names of those found, and those judged right."""
        answer = {passage["id"]: {"id": passage["id"], "targets": said}}
        result, _ = self.scorer.score([passage], answer)
        names = {self.scorer.norm_text(t["indicator"]) for t in said}
        exact = sum(self.scorer.norm_text(t["indicator"]) in names for t in passage["targets"])
        right = sum(not wrong for _, _, wrong in self.judged(passage, said))
        return Score(result["tp"], result["fp"], result["fn"], exact, right)

    def judged(self, passage: Passage, said: Said) -> Iterator[tuple[Passage, Passage, list[str]]]:
        """Each target found, what was read, and the fields of judging in which they differ."""
        scorer = self.scorer
        right = [scorer.prep(t) for t in passage["targets"] if not t.get("optional")]
        read = scorer.dedup([scorer.prep(t) for t in said])
        pairs = scorer.assign(right, read, lambda a, b: scorer.pair_score(a, b, False, LEAST))
        for i, j in pairs:
            asked, said_to_ask = self._asked(right[i]), _asks(read[j])
            yield right[i], read[j], [k for k, v in asked.items() if v != said_to_ask.get(k)]

    def _asked(self, target: Passage) -> dict[str, Any]:
        """How an annotated target is judged."""
        asked = _asks(target)
        if "quote" in target:
            said = normal(target["quote"])
            asked["strict"] = bool(target["operator"] in OPEN_BOUNDS and BEYOND.search(said))
            asked["modifier"] = asked["modifier"] or ("per_year" if EACH_YEAR.search(said) else "")
        else:
            del asked["strict"]
        fact = self.facts.get(target.get("target_id", ""))
        return asked | ({} if fact is None else {f"pack {k}": v for k, v in fact.items()})

    def without(self, off: Iterable[str] = (), said: str = "") -> dict[str, Any]:
        """What the score of each set is more or less, where a passage scores otherwise, and the
        sets that are read otherwise, without some rules, or without a word that is switched off
        (only passages that say it are read)."""
        scored, read = {}, []
        for name, passages in self.sets.items():
            asked = [p for p in passages if said in self.text[p["id"]]]
            outcomes = [(self.now[p["id"]], self.outcome(p, off)) for p in asked]
            changes = [after[1].less(before[1]) for before, after in outcomes]
            if any(map(any, changes)):
                scored[name] = total(changes)
            if any(before[0] != after[0] for before, after in outcomes):
                read.append(name)
        return {"score": scored, "reading": read}

    def totals(self) -> dict[str, Score]:
        """Sums of the scores by set."""
        return {
            name: total(self.now[p["id"]][1] for p in passages)
            for name, passages in self.sets.items()
        }


def total(scores: Iterable[Score]) -> Score:
    """Scores of passages added up."""
    added = Score()
    for each in scores:
        added = added.and_(each)
    return added


def sets_of(folder: Path) -> Iterator[tuple[str, list[Passage]]]:
    """The sets of passages by name."""
    from generator import CONSTRUCTIONS, samples

    yield "constructions", _lines(folder / "constructions.jsonl")
    yield "own work", _lines(TESTS / "evidence" / "own_work.jsonl")
    yield "earlier", _lines(folder / "passages_dev.jsonl")
    plans = _lines(folder / "seeds_gold.jsonl")
    seeds = folder.parents[1] / "seeds"
    yield "plans", [{**p, "text": (seeds / p["text_file"]).read_text("utf-8")} for p in plans]
    right = json.loads((TESTS / "evidence" / "documents_right.json").read_text("utf-8"))
    documents = ((d, folder / "documents" / f"{d['id']}.txt") for d in right["documents"])
    yield "documents", [{**d, "text": file.read_text("utf-8")} for d, file in documents]
    drawn = enumerate(samples(OF_EACH * len(CONSTRUCTIONS)))
    yield (
        "generated",
        [{"id": f"g{n}", "text": s.text, "year": s.year, "right": list(s.right)} for n, s in drawn],
    )
    yield (
        "sentences",
        [
            {"id": f"s{n}", "text": c["text"], "year": c["year"], "right": c["targets"]}
            for n, c in enumerate(_cases("sentences.yaml"))
        ],
    )
    yield "judged", [{**c, "id": f"j{n}"} for n, c in enumerate(_cases("judged.yaml"))]


def _cases(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((TESTS / name).read_text("utf-8")))


def _lines(file: Path) -> list[Passage]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _facts(file: Path) -> dict[str, dict[str, str]]:
    """How targets of the two plans are judged; the code of a rule without its remark."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["target_id"]: {k: row[k].partition(":")[0] for k in JUDGED_BY} for row in rows}


def normal(text: str) -> str:
    """A text as the words of the vocabulary stand in it."""
    from hengtan.plan.reader.normalise import normalise

    return normalise(text).text


def _in_guide(target: Any) -> dict[str, Any]:
    from hengtan.plan.reader.guide import in_guide

    return {**in_guide(target, ""), "confidence": None}


def _in_a_line(target: Any) -> str:
    upper = f"~{target.value2}" if target.value2 else ""
    year = str(target.base_year or "")
    figure = (target.operator, target.value + upper, target.unit, str(target.deadline), year)
    return " | ".join((target.indicator, *figure, target.region, target.modifier)).rstrip(" |")


def _asks(target: Mapping[str, Any]) -> dict[str, Any]:
    """How a target of the guide is judged; with its row of a pack where it has one."""
    from score import norm_text, year_of

    asks = {
        "operator": target["operator"],
        "value2": float(target.get("value2") or 0),
        "base_year": year_of(target.get("base_year")),
        "region": norm_text(target.get("region")),
        "modifier": target.get("modifier") or "",
        "strict": target["operator"] in OPEN_BOUNDS and bool(target.get("strict")),
    }
    row = target.get("row")
    return asks | ({} if row is None else {f"pack {k}": row[k] for k in JUDGED_BY})


def _score_of_lines(lines: list[str], right: list[str]) -> Score:
    """A sentence counts as found where it is read as it is to be, to the last field."""
    return Score(hit=int(lines == right), judged=sum(line in lines for line in right))


def _score_of_tasks(tasks: list[dict[str, Any]], right: list[dict[str, Any]]) -> Score:
    """A task counts as judged right with its owner, its month and all its targets."""
    read = [((t["owners"] or [""])[0], t["due"] or None, len(t["targets"])) for t in tasks]
    asked = [(t["owner"], t["deadline"], len(t["targets"])) for t in right]
    return Score(judged=sum(a == b for a, b in zip(read, asked, strict=False)))


def _score_of_rows(rows: list[dict[str, str]], right: list[dict[str, str]]) -> Score:
    """The columns that are asked for of each row."""
    like = [{k: row[k] for k in asked} == asked for row, asked in zip(rows, right, strict=False)]
    return Score(hit=int(len(rows) == len(right)), judged=sum(like))
