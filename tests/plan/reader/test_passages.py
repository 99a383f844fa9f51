"""The annotated passages and the two whole plans, counted by the scorer that comes with them.

The held-out third was never looked at while the grammar was built.
"""

import pytest

from hengtan.plan.reader.guide import as_guide


@pytest.fixture(scope="module")
def score(scorer):
    """Counts of the scorer for some passages, and what was missed or too many."""

    def of(rows):
        return scorer.score(
            rows, {row["id"]: as_guide(row["id"], row["text"], row.get("year")) for row in rows}
        )

    return of


def accuracy(result, name):
    return result["fields"][name]["accuracy"]


def test_all_passages(score, passages):
    result, _ = score(passages)
    assert len(passages) == 41
    assert result["f1"] >= 0.95
    assert result["by_kind"]["messy"]["f1"] >= 0.90
    assert accuracy(result, "deadline") >= 0.97
    assert accuracy(result, "operator") >= 0.97
    assert result["clauses"]["f1"] >= 0.95


def test_passages_without_targets_stay_clean(score, passages):
    negative = [row for row in passages if row["kind"] == "negative"]
    result, errors = score(negative)
    assert (result["no_target_passages"], result["fp"]) == (7, 0), errors


def test_held_out_third(score, passages):
    result, _ = score([row for row in passages if row["held"]])
    assert result["passages"] == 13
    assert result["f1"] >= 0.95
    assert result["fp"] <= 1
    assert accuracy(result, "deadline") >= 0.97
    assert accuracy(result, "operator") >= 0.97
    assert result["clauses"]["f1"] >= 0.95


def test_whole_plans(score, seeds):
    result, errors = score(seeds)
    assert (result["tp"], result["fn"]) == (67, 0), errors
    assert result["fp"] <= 3, errors
    assert result["clauses"]["tp"] == 84
    assert result["clauses"]["fp"] == 0


def test_the_59_measures_are_among_the_heads(seeds, facts):
    import csv
    import re

    def plain(title):
        return re.sub(r"\W", "", title)

    with (facts / "plans" / "measures.csv").open(encoding="utf-8-sig", newline="") as file:
        measures = [row for row in csv.DictReader(file) if row["kind"] == "measure"]
    assert len(measures) == 59
    heads = {
        plain(clause["title"])
        for row in seeds
        for clause in as_guide(row["id"], row["text"])["clauses"]
    }
    missing = [row["title_zh"] for row in measures if plain(row["title_zh"]) not in heads]
    assert missing == []


@pytest.mark.parametrize(
    "kind", ["wide", "traditional", "blank lines", "broken lines", "set apart", "page numbers"]
)
def test_scores_hold_under_disguise(score, passages, seeds, kind):
    """The same passages in other clothes: at most a few in a hundred are lost."""
    import random

    from opencc import OpenCC

    rng = random.Random(20261125)
    wide = str.maketrans("0123456789%.", "０１２３４５６７８９％．")
    convert = OpenCC("s2t").convert
    dress = {
        "wide": lambda s: s.translate(wide),
        "traditional": convert,
        "blank lines": lambda s: s.replace("\n", "\n\n　　"),
        "broken lines": lambda s: "\n".join(
            "\n".join(p[i : i + 37] for i in range(0, len(p), 37)) for p in s.split("\n")
        ),
        "set apart": lambda s: "".join(
            c + (" " if rng.random() < 0.25 and c not in "0123456789.\n" else "") for c in s
        ),
        "page numbers": lambda s: "".join(
            line + (f"\n— {i} —\n" if i % 3 == 2 else "\n") for i, line in enumerate(s.split("\n"))
        ),
    }[kind]
    result, _ = score([{**row, "text": dress(row["text"])} for row in (*passages, *seeds)])
    assert result["f1"] >= 0.95
