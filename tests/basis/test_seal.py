"""Seals: digests that stored workspaces carry stay valid, and any change shows."""

import hashlib
import json
from datetime import datetime

import pytest

from hengtan.basis.seal import (
    canonical_json,
    digest_of,
    genesis,
    holds,
    next_head,
    sealed,
    sha256_of,
)


def test_the_digest_is_that_of_the_standard():
    # FIPS 180-4, example "abc"
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(b"abc") == sha256_of("abc") == abc


def test_a_file_and_its_bytes_have_one_digest(tmp_path):
    (tmp_path / "a").write_bytes(b"abc" * 700_000)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc" * 700_000).hexdigest()


def test_canonical_json_is_sorted_compact_and_keeps_chinese():
    content = {"乙": 1, "a": [1.5, None], "at": datetime(2026, 3, 5, 8, 30)}
    assert canonical_json(content) == '{"a":[1.5,null],"at":"2026-03-05T08:30:00.000000","乙":1}'
    assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})


def test_what_cannot_be_read_back_is_not_sealed():
    with pytest.raises(TypeError):
        canonical_json({"place": object()})


def test_a_head_rests_on_the_whole_chain_before_it():
    first, second = genesis("one"), genesis("other")
    assert first == hashlib.sha256(b"hengtan ledger one").hexdigest()
    assert next_head(first, digest_of({"n": 1})) != next_head(second, digest_of({"n": 1}))
    assert next_head(first, "d") == hashlib.sha256(f"{first}d".encode()).hexdigest()


def test_a_sealed_entry_holds_until_it_is_changed_or_moved():
    entry = sealed({"decision": "accept", "by": "甲"}, before="head")
    assert holds(json.loads(json.dumps(entry)), before="head")
    assert not holds(entry, before="another head")
    assert not holds({**entry, "by": "乙"}, before="head")
    assert not holds({**entry, "more": 1}, before="head")
    assert not holds({key: entry[key] for key in ("decision", "by", "before")}, before="head")


def test_a_bulletin_sealed_with_blanks_still_holds():
    issue = {"issue": 1, "title": "通报", "before": ""}
    old = hashlib.sha256(json.dumps(issue, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    assert holds({**issue, "digest": old}, before="")
    assert not holds({**issue, "issue": 2, "digest": old}, before="")
