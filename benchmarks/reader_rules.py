"""Which rules and words of the plan reader its evidence shows to be of use: each is switched off,
and everything is read again.

    python benchmarks/reader_rules.py FOLDER [--words] [--json FILE]

FOLDER holds the annotated passages (``../shared/facts/plan-reader``); sets and scores are those of
``reader_sets.py``. The half set aside is never opened. A rule or word is named with the sets on
which one of the five figures changes without it (found, false, missed, exact names, judged right),
and with those whose reading changes at all; one without any is not shown by this evidence to be of
use, which is no proof that it is of none.
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

from reader_sets import Evidence, Score

CLOSED = ("units", "per", "areas", "regions", "five_year_plans")
OF_OTHER_THINGS = (
    *("system_ends", "system_deeds", "system_leads", "no_systems", "department_ends"),
    *("titles", "kinds_of_plans", "general_heads", "safeguard_heads", "scope_heads", "bindings"),
    *("milestone_deeds", "milestone_leads", "milestone_deeds_ahead", "task_columns", "ongoing"),
    *("added", "growth_names", "flow_names", "intensity_names", "whole_of_area"),
)
NOT_ASKED = frozenset((*CLOSED, *OF_OTHER_THINGS))
"""Lists that are closed (units, places, years), or that say nothing of targets."""

Worth = dict[str, dict[str, Any]]


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


def rules_worth(evidence: Evidence) -> Worth:
    """By the name of each rule, what changes without it."""
    from hengtan.plan.reader.grammar.sentence import all_rules

    return {rule.name: evidence.without([rule.name]) for rule in all_rules()}


def idle_together(evidence: Evidence, idle: Iterable[str]) -> list[str]:
    """Of rules that change no score by themselves those that change none together: taken out one
    after the other, each that changes a score with those before it out is put back."""
    out: list[str] = []
    for name in idle:
        if not evidence.without([*out, name])["score"]:
            out.append(name)
    return out


def words_worth(evidence: Evidence) -> Worth:
    """By list and word, what changes without it. A word that no passage says, and no sign of an
    expression, is not read for."""
    from hengtan.plan.reader.vocabulary import vocabulary

    everything = "\n".join(evidence.text.values())
    worth: Worth = {}
    for entry in entries(deepcopy(vocabulary().words)):
        name = "/".join(entry)
        worth[name] = {"score": {}, "reading": []}
        if entry[-1] in everything:
            with word_off(entry):
                try:
                    worth[name] = evidence.without(said=entry[-1])
                except (StopIteration, KeyError):
                    worth[name] = {"score": {"a rule ends in an error": Score()}, "reading": []}
    return worth


def show(kind: str, worth: Worth) -> list[str]:
    """How many there are, those without effect on any score, which are given back, and those
    without which no score is worse and some is better."""
    idle = [name for name, without in worth.items() if not without["score"]]
    print(f"{kind}: {len(worth)}, without effect on any score {len(idle)}")
    for name in idle:
        print(f"  {name}  reading changes: {', '.join(worth[name]['reading']) or 'nowhere'}")
    for name, without in worth.items():
        changes = without["score"].values()
        if changes and any(map(any, changes)) and not any(c.is_worse() for c in changes):
            print(f"  better without {name}: {without['score']}")
    sys.stdout.flush()
    return idle


def show_judged(evidence: Evidence) -> None:
    """The targets found that are not judged as the annotation or the facts have it."""
    for passage in evidence.passages():
        if "targets" not in passage:
            continue
        for right, read, wrong in evidence.judged(passage, evidence.now[passage["id"]][0]):
            if wrong:
                fields = {k: (right.get(k), read.get(k)) for k in wrong}
                print(f"  {passage['id']} {right['indicator']}: {fields}")


def main() -> None:
    """Switch off, read, and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--words", action="store_true", help="each word too (some minutes)")
    parser.add_argument("--judged", action="store_true", help="only what is judged otherwise")
    parser.add_argument("--rule", help="only this rule")
    parser.add_argument("--json", type=Path, help="where all of it is written")
    arguments = parser.parse_args()
    evidence = Evidence(arguments.folder)
    for name, score in evidence.totals().items():
        print(f"{name}: {score}")
    if arguments.judged:
        return show_judged(evidence)
    if arguments.rule:
        return print(arguments.rule, evidence.without([arguments.rule]))
    worth = {"rules": rules_worth(evidence)}
    idle = show("rules", worth["rules"])
    print(f"without effect together: {', '.join(idle_together(evidence, idle)) or 'none'}")
    if arguments.words:
        worth["words"] = words_worth(evidence)
        show("words", worth["words"])
    if arguments.json:
        arguments.json.write_text(json.dumps(worth, ensure_ascii=False, indent=1), "utf-8")
    return None


if __name__ == "__main__":
    main()
