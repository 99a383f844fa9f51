"""Which rules and words of the plan reader its evidence shows to be of use: each is switched off,
and everything is read again.

    python benchmarks/reader_rules.py FOLDER [--words] [--json FILE]

FOLDER holds the annotated passages (``../shared/facts/plan-reader``). Sets: constructions, passages
of our own to work with, the earlier passages, the two whole plans, generated sentences and those of
``tests/plan/reader/sentences.yaml``. The half set aside is never opened. A rule or word is named
with the sets on which a score (found, false, missed, exact names) changes without it, and with
those whose reading changes at all; one without any is not shown by this evidence to be of use,
which is no proof that it is of none.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

TESTS = Path(__file__).parents[1] / "tests" / "plan" / "reader"
OF_EACH = 12
"""Generated sentences of each construction."""
CLOSED = ("units", "per", "areas", "regions", "five_year_plans")
OF_OTHER_THINGS = (
    *("system_ends", "system_deeds", "system_leads", "no_systems", "department_ends"),
    *("titles", "kinds_of_plans", "general_heads", "safeguard_heads", "scope_heads", "bindings"),
    *("milestone_deeds", "milestone_leads", "milestone_deeds_ahead", "task_columns", "ongoing"),
    *("added", "growth_names", "flow_names", "intensity_names", "whole_of_area"),
)
NOT_ASKED = frozenset((*CLOSED, *OF_OTHER_THINGS))
"""Lists that are closed (units, places, years), or that say nothing of targets."""

Passage = dict[str, Any]
Score = tuple[int, int, int, int]


class Evidence:
    """All passages with what is read of them now, by the rules and words as they stand."""

    def __init__(self, folder: Path) -> None:
        sys.path[:0] = [str(folder), str(TESTS)]
        import score

        self.scorer = score
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
        plain = [_in_guide(target) for target in targets]
        if "right" in passage:
            lines = [_in_a_line(target) for target in targets]
            return plain, (int(lines == passage["right"]), 0, 0, 0)
        return plain, self.score(passage, plain)

    def score(self, passage: Passage, said: list[dict[str, Any]]) -> Score:
        """Found, false, missed, and exact names of those found."""
        answer = {passage["id"]: {"id": passage["id"], "targets": said}}
        result, _ = self.scorer.score([passage], answer)
        names = {self.scorer.norm_text(t["indicator"]) for t in said}
        exact = sum(self.scorer.norm_text(t["indicator"]) in names for t in passage["targets"])
        return result["tp"], result["fp"], result["fn"], exact

    def without(self, off: Iterable[str] = (), said: str = "") -> dict[str, list[str]]:
        """The sets whose score, and whose reading, is another without some rules, or without a word
        that is switched off (only passages that say it are read)."""
        scored, read = [], []
        for name, passages in self.sets.items():
            asked = [p for p in passages if said in self.text[p["id"]]]
            outcomes = [(self.now[p["id"]], self.outcome(p, off)) for p in asked]
            if any(before[1] != after[1] for before, after in outcomes):
                scored.append(name)
            if any(before[0] != after[0] for before, after in outcomes):
                read.append(name)
        return {"score": scored, "reading": read}

    def totals(self) -> dict[str, Score]:
        """Sums of the scores by set."""
        return {
            name: tuple(map(sum, zip(*(self.now[p["id"]][1] for p in passages), strict=True)))
            for name, passages in self.sets.items()
        }


def sets_of(folder: Path) -> Iterator[tuple[str, list[Passage]]]:
    """The sets of passages by name."""
    from generator import CONSTRUCTIONS, samples

    yield "constructions", _lines(folder / "constructions.jsonl")
    yield "own work", _lines(TESTS / "evidence" / "own_work.jsonl")
    yield "earlier", _lines(folder / "passages_dev.jsonl")
    plans = _lines(folder / "seeds_gold.jsonl")
    seeds = folder.parents[1] / "seeds"
    yield "plans", [{**p, "text": (seeds / p["text_file"]).read_text("utf-8")} for p in plans]
    drawn = enumerate(samples(OF_EACH * len(CONSTRUCTIONS)))
    yield (
        "generated",
        [{"id": f"g{n}", "text": s.text, "year": s.year, "right": list(s.right)} for n, s in drawn],
    )
    cases = yaml.safe_load((TESTS / "sentences.yaml").read_text("utf-8"))
    yield (
        "sentences",
        [
            {"id": f"s{n}", "text": c["text"], "year": c["year"], "right": c["targets"]}
            for n, c in enumerate(cases)
        ],
    )


def _lines(file: Path) -> list[Passage]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


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


def entries(words: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every word of the vocabulary that is asked about, under the names of its lists."""
    for name, listed in words.items() if isinstance(words, dict) else ():
        if not path and name in NOT_ASKED:
            continue
        if isinstance(listed, list):
            yield from ((*path, name, str(word)) for word in listed)
        elif isinstance(listed, dict):
            yield from entries(listed, (*path, name))
        else:
            yield (*path, str(name))


@contextmanager
def word_off(entry: tuple[str, ...]) -> Iterator[None]:
    """The vocabulary without a word."""
    from hengtan.plan.reader.vocabulary import vocabulary

    kept = vocabulary().words
    changed = deepcopy(kept)
    *path, word = entry
    listed = changed
    for name in path:
        listed = listed[name]
    if isinstance(listed, list):
        listed[:] = [w for w in listed if str(w) != word]
    else:
        del listed[word]
    _take(changed)
    try:
        yield
    finally:
        _take(kept)


def _take(words: dict[str, Any]) -> None:
    from hengtan.plan.reader import lexer, vocabulary

    vocabulary.vocabulary().__init__(words)
    for remembered in (vocabulary.words, vocabulary.pattern, lexer._tokens):
        remembered.cache_clear()


def rules_worth(evidence: Evidence) -> dict[str, dict[str, list[str]]]:
    """By the name of each rule, the sets that change without it."""
    from hengtan.plan.reader.grammar.sentence import all_rules

    return {rule.name: evidence.without([rule.name]) for rule in all_rules()}


def words_worth(evidence: Evidence) -> dict[str, dict[str, list[str]]]:
    """By list and word, the sets that change without it. A word that no passage says, and no sign
    of an expression, is not read for."""
    from hengtan.plan.reader.vocabulary import vocabulary

    everything = "\n".join(evidence.text.values())
    worth = {}
    for entry in entries(deepcopy(vocabulary().words)):
        name = "/".join(entry)
        worth[name] = {"score": [], "reading": []}
        if entry[-1] in everything:
            with word_off(entry):
                try:
                    worth[name] = evidence.without(said=entry[-1])
                except (StopIteration, KeyError):
                    worth[name] = {"score": ["a rule ends in an error"], "reading": []}
    return worth


def show(kind: str, worth: dict[str, dict[str, list[str]]]) -> None:
    """How many there are, and those without effect on any score."""
    idle = [name for name, sets in worth.items() if not sets["score"]]
    print(f"{kind}: {len(worth)}, without effect on any score {len(idle)}")
    for name in idle:
        print(f"  {name}  reading changes: {', '.join(worth[name]['reading']) or 'nowhere'}")
    sys.stdout.flush()


def main() -> None:
    """Switch off, read, and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--words", action="store_true", help="each word too (some minutes)")
    parser.add_argument("--json", type=Path, help="where all of it is written")
    arguments = parser.parse_args()
    evidence = Evidence(arguments.folder)
    for name, total in evidence.totals().items():
        print(f"{name}: found, false, missed, exact names {total}")
    worth = {"rules": rules_worth(evidence)}
    show("rules", worth["rules"])
    if arguments.words:
        worth["words"] = words_worth(evidence)
        show("words", worth["words"])
    if arguments.json:
        arguments.json.write_text(json.dumps(worth, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
