"""The rules of the grammar: each shows itself in its own example, can be switched off, and is named
by what it made."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from hengtan.plan.reader import grammar
from hengtan.plan.reader.grammar import requirement
from hengtan.plan.reader.grammar.requirement import Asked, Requirement
from hengtan.plan.reader.grammar.rules import Choice, Passes, Piece, Rule, rule
from hengtan.plan.reader.grammar.sentence import all_rules
from hengtan.plan.reader.reading import ablation, by_rule, read
from hengtan.plan.reader.vocabulary import vocabulary, words

RULES = list(all_rules())
EVERYTHING = "\n".join(example.text for each in RULES for example in each.examples)


def test_every_rule_of_the_grammar_stands_in_one_list():
    modules = [
        import_module(f"{grammar.__name__}.{m.name}") for m in iter_modules(grammar.__path__)
    ]
    written = {
        value.name
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Rule)
    }
    listed = [each.name for each in RULES]
    assert sorted(listed) == sorted(written)
    assert len(set(listed)) == len(listed) > 100


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.name)
def test_a_rule_shows_itself_in_its_examples(each):
    """Without the rule its example is read otherwise."""
    for example in each.examples:
        year = None if example.undated else 2022
        assert (
            read(example.text, year).targets
            != read(example.text, year, without=[each.name]).targets
        )


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.name)
def test_no_rule_is_needed_for_reading_to_end(each):
    """Without any one rule all examples, one after the other as one text, are read to the end."""
    reading = read(EVERYTHING, 2022, without=[each.name])
    for target in reading.targets:
        assert 0 <= target.start < target.end <= len(reading.text.text)
        assert each.name not in target.rules


def test_a_name_that_is_no_rule_is_refused():
    with pytest.raises(KeyError, match=r"tense\.nothing"):
        read("到2025年,森林覆盖率达到57%。", without=["tense.nothing"])


def test_what_was_read_names_the_rules_that_made_it():
    level, stretch = read("到2025年,单位GDP能耗比2020年下降14%,力争下降15%。", 2022).targets
    assert "deadlines.base_year" in level.rules
    assert "predicate.stretch_aim" not in level.rules
    assert {
        "predicate.stretch_aim",
        "ellipsis.indicator_of_the_target_before",
        "requirement.change",
    } <= set(stretch.rules)
    assert by_rule([level, stretch])["predicate.stretch_aim"] == [stretch]


def test_ablation_counts_the_texts_that_are_read_otherwise():
    worth = ablation(
        [
            ("到2025年,煤炭消费总量控制在100万吨。", 2022),
            ("到2025年,重污染天数控制在2天。", 2022),
            ("到2025年,森林覆盖率达到57%。", 2022),
        ]
    )
    assert worth["requirement.cap"] == 2
    assert worth["requirement.hold"] == 0
    assert worth["deadlines.years_named"] == 3
    assert worth.keys() == {each.name for each in RULES}


@rule
def ceiling_behind_the_figure(asked: Asked) -> Requirement | None:
    """封顶 behind a figure: a construction the grammar does not know.

    Example: 到2025年,煤炭消费总量100万吨封顶。
    """
    return Requirement("<=") if "封顶" in asked.group.segment.said else None


def test_a_construction_is_added_with_one_rule(monkeypatch):
    text = ceiling_behind_the_figure.examples[0].text
    (before,) = read(text, 2022).targets
    assert before.operator == "=="
    monkeypatch.setattr(requirement, "RULES", Choice(ceiling_behind_the_figure, *requirement.RULES))
    (after,) = read(text, 2022).targets
    assert after.operator == "<="
    assert ceiling_behind_the_figure.name in after.rules


def test_passes_end_where_a_rule_closes_the_piece():
    def acting(name, closes):
        def act(piece):
            return piece.close() if closes else True

        return Rule(name, act, "", ())

    piece = Piece()
    Passes(acting("first", False), acting("second", True), acting("third", False)).over(piece)
    assert piece.trace == ["first", "second"]
    piece = Piece(without=frozenset({"second"}))
    Passes(acting("first", False), acting("second", True), acting("third", False)).over(piece)
    assert piece.trace == ["first", "third"]


def test_a_rule_says_what_it_is_for():
    with pytest.raises(TypeError, match="Example"):

        @rule
        def unexplained(asked):
            """A construction without a sentence that shows it."""


def test_words_are_looked_up_longest_first():
    tails = words("tails+short_tails")
    assert list(map(len, tails)) == sorted(map(len, tails), reverse=True)
    assert set(words("verbs")) == set(vocabulary().verb_kind)
