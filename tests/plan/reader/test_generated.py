"""Sentences that are right by construction (``generator``): each construction crossed with
indicators, units, verbs, order and punctuation. The suite draws some; ``benchmarks/plan_reader.py
--sentences 6000`` draws thousands."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from generator import CONSTRUCTIONS, samples

OF_EACH = 16


@pytest.mark.parametrize("n", range(len(CONSTRUCTIONS)), ids=lambda n: CONSTRUCTIONS[n].__name__)
def test_a_construction_is_read_however_it_is_said(targets, n):
    drawn = list(samples(OF_EACH * len(CONSTRUCTIONS)))[n :: len(CONSTRUCTIONS)]
    read = {sample.text: targets(sample.text, sample.year) for sample in drawn}
    assert read == {sample.text: list(sample.right) for sample in drawn}
