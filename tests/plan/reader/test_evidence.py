"""The annotated passages and the right reading of the documents stay as they were hashed.

Of the half set aside only the digest, the number and the sources are looked at here; no reader is
run on it before the last scoring.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

EVIDENCE = Path(__file__).parent / "evidence"
DIGESTS = {
    "own_work.jsonl": "7591494020342d2e14a2345785e447a0c5425527e904ab7bfe6ae16ae3242871",
    "own_aside.jsonl": "e60a3157961325cb71133f66d5ba9bbd94665cac7442fabe12830d2c416bf96d",
    "second_aside.jsonl": "88f4f690d444b709df057e835d3f35cc86c11259f96205d008e96058232aa898",
    "documents_right.json": "84ca216771e5ad45ea36be37ddd7eaa21574dfedbd24e1ae11547ac973473ad4",
}


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_the_evidence_is_as_it_was_hashed(name):
    """Annotated before the rules; a change afterwards must be told, with its reason."""
    assert sha256((EVIDENCE / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_the_list_of_digests_says_the_same():
    lines = (EVIDENCE / "SHA256SUMS").read_text(encoding="utf-8").split()
    assert dict(zip(lines[1::2], lines[::2], strict=True)) == DIGESTS


def rows_of(name):
    lines = (EVIDENCE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_target_to_work_with_is_quoted_from_its_passage():
    rows = rows_of("own_work.jsonl")
    astray = [
        (row["id"], target["quote"])
        for row in rows
        for target in row["targets"]
        if target["quote"] not in row["text"]
    ]
    assert (len(rows), astray) == (38, [])


def test_no_passage_and_no_plan_stands_in_both_halves():
    work, aside = rows_of("own_work.jsonl"), rows_of("own_aside.jsonl")
    for field in ("id", "text"):
        assert not {row[field] for row in work} & {row[field] for row in aside}
    plans = [{(row["place"], row["doc_title"]) for row in half} for half in (work, aside)]
    assert not plans[0] & plans[1]
    assert len(aside) == 38


def test_what_was_set_aside_second_is_quoted_and_shares_no_text_with_the_first():
    rows = rows_of("second_aside.jsonl")
    targets = [(row["text"], target["quote"]) for row in rows for target in row["targets"]]
    assert (len(rows), len(targets)) == (65, 404)
    assert all(quote in text for text, quote in targets)
    first = {row["text"] for name in ("own_work.jsonl", "own_aside.jsonl") for row in rows_of(name)}
    assert not first & {row["text"] for row in rows}


def test_targets_of_tasks_are_targets_of_their_document():
    right = json.loads((EVIDENCE / "documents_right.json").read_text(encoding="utf-8"))
    for document in right["documents"]:
        names = {target["indicator"] for target in document["targets"]}
        linked = [name for task in document["tasks"] for name in task["targets"]]
        assert linked
        assert set(linked) <= names
