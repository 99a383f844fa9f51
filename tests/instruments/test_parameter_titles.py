"""What parameters are called: each has its own words in both languages, those of the form in which
places set them.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from hengtan import packs
from hengtan.instruments.english import CHINESE, english
from hengtan.instruments.parameter_titles import has_title, in_english, title_of, title_of_label
from hengtan.instruments.parameters import labelled
from hengtan.ledger.forms import forms_of

PACK = packs.load("wulong")
NAMED = sorted({(row["parameter"], row["key"] or "") for row in PACK.rows("rule_parameters")})


def test_every_parameter_of_the_packs_has_words():
    assert len(NAMED) > 600
    assert [label for label in NAMED if not has_title(*label)] == []
    for name, key in NAMED:
        called = title_of(name, key)
        assert CHINESE.search(called.zh) and not CHINESE.search(called.en)
        assert not re.search(r"[a-z]+[._][a-z]", called.zh)


@pytest.mark.parametrize("language", [0, 1])
def test_two_parameters_are_called_differently(language):
    times = Counter(title_of(name, key)[language] for name, key in NAMED)
    assert [called for called, number in times.items() if number > 1] == []


def test_a_title_within_a_sentence_is_told_in_english():
    for name, key in NAMED:
        assert in_english(title_of(name, key).zh) == title_of(name, key).en
    warning = f"{title_of('env_tax.solid.rate', 'tailings').zh} 起始日期未确立"
    assert english(warning) == (
        "Environmental tax: rate of solid waste (tailings): first day not established"
    )


def test_an_id_with_its_key_is_called_as_the_two_are():
    for name, key in NAMED:
        assert title_of_label(labelled(name, key)) == title_of(name, key)
    assert title_of_label("no.such") == ("no.such", "no.such")


def test_the_form_of_local_parameters_calls_them_alike():
    choices = forms_of(PACK)["local_parameters"].field("item").choices
    for label, (zh, en) in choices.items():
        called = title_of_label(label)
        assert zh.startswith(called.zh) and en == called.en, label
