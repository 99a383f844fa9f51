"""The kinds of case files that the packs hold fit their forms, accounts and rules; a definition
that does not is refused with its file.
"""

from __future__ import annotations

import pytest

from hengtan import packs
from hengtan.basis.errors import PackError
from hengtan.graph.domains import domains
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.instruments.case_files.fitting import problems_of
from hengtan.ledger.forms import forms_of

PACK = packs.load("wulong")
KINDS = {name: CaseFile.of(cells) for name, cells in PACK.case_files().items()}


@pytest.fixture(scope="module")
def known():
    forms = {name: tuple(form.columns()) for name, form in forms_of(PACK).items()}
    return forms, [name for domain in domains() for name in domain.names()]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_fits_its_forms_accounts_and_rules(kind, known):
    assert list(problems_of(kind, *known)) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_how_long_a_term_is_stands_among_the_parameters_with_law_and_source(kind):
    known = {row["parameter"]: row for row in PACK.rows("rule_parameters")}
    for deadline in kind.deadlines:
        if deadline.after:
            row = known[deadline.after]
            assert row["law"] and row["source"] and row["valid_from"], deadline.after
            assert row["unit"] in ("日", "天", "月", "个月"), deadline.after


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_document_is_asked_for_what_the_kind_decides(kind):
    """No kind without a paper; each names its subject, and a notice has somebody to go to or says
    what it is for.
    """
    assert kind.documents
    for issued in kind.documents:
        assert "{name}" in issued.title_zh and "{name}" in issued.title_en, issued.id
        assert issued.of
        has_opening = bool(issued.opening_zh)
        assert has_opening or issued.to or issued.shape == "sheet" or issued.title_zh[0] == "关"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_says_in_both_languages_what_it_is_and_for_whom(kind):
    assert kind.title_zh and kind.title_en and kind.note_zh and kind.note_en
    assert kind.departments and kind.systems
    for asked in kind.asked:
        assert asked.title_zh and asked.title_en, asked.id
    systems = {row["system"] for row in PACK.rows("systems")}
    assert set(kind.systems) <= systems


def permit(**changed):
    return {**PACK.case_files()["discharge_permit"], **changed}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"head": {"form": "discharge_permits"}}, "KeyError"),
        ({"colour": "red"}, "colour"),
        ({"verdicts": [{"rule": "permit.renewal", "inputs": {}, "each": "decade"}]}, "decade"),
        ({"verdicts": [{"rule": "permit.renewal", "inputs": {}, "each": "year"}]}, "of"),
        (
            {"verdicts": [{"rule": "permit.renewal", "inputs": {"issued": {"from": "elsewhere"}}}]},
            "elsewhere",
        ),
    ],
)
def test_a_definition_that_cannot_be_read_is_refused_with_its_file(changed, word):
    with pytest.raises(PackError, match=word) as refused:
        CaseFile.of(permit(**changed))
    assert refused.value.where.file == "cn/case_files/discharge_permit.yaml"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"feeds": {"permit_moons": "permit"}, "deadlines": [], "verdicts": []}, "permit_moons"),
        ({"verdicts": [{"rule": "permit.of_passage", "inputs": {}}]}, "permit.of_passage"),
        ({"verdicts": [{"rule": "permit.renewal", "inputs": {"hue": "issued"}}]}, "hue"),
        ({"verdicts": [{"rule": "permit.renewal", "inputs": {"issued": "born"}}]}, "born"),
    ],
)
def test_what_does_not_fit_is_told(changed, word, known):
    problems = list(
        problems_of(CaseFile.of(permit(**{"deadlines": [], "documents": [], **changed})), *known)
    )
    assert any(word in problem for problem in problems)
