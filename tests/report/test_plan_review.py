"""The document in paragraphs: every letter once, marks and heads where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from hengtan.report.page.plan_review import paragraphs


def of(shown, target: str) -> str:
    """The letters that are marked as the quote of a target."""
    pieces = [piece for paragraph in shown for piece in paragraph["pieces"]]
    return "".join(letters for letters, targets, _ in pieces if target in targets)


def test_marks_may_cross_and_a_head_opens_its_paragraph():
    text = "一、总体要求。到2025年\n达到57%和60%。"
    shown = paragraphs(text, [(7, 13, "a"), (12, 18, "b")], {0: (6, "p:一")})
    assert [paragraph["head"] for paragraph in shown] == ["p:一", ""]
    assert shown[0]["pieces"][0] == ("一、总体要求", [], True)
    assert of(shown, "a") == text[7:13].replace("\n", "")
    assert of(shown, "b") == text[12:18].replace("\n", "")


@given(
    st.text(alphabet="甲乙。\n 1%", max_size=80),
    st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20)), max_size=6),
)
def test_every_letter_is_shown_once_and_every_mark_whole(text, spans):
    marks = [
        (start, min(start + length, len(text)), f"t{number}")
        for number, (start, length) in enumerate(spans)
        if start < len(text)
    ]
    shown = paragraphs(text, marks, {})
    lines = ["".join(letters for letters, _, _ in paragraph["pieces"]) for paragraph in shown]
    assert lines == [line for line in text.split("\n") if line.strip()]
    for start, end, target in marks:
        quote = text[start:end].replace("\n", "").replace(" ", "")
        assert of(shown, target).replace(" ", "") == quote
