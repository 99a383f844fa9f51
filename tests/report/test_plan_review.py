"""The document in paragraphs: every letter once, marks and heads where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from hengtan.report.page.plan_review import paragraphs


def test_marks_and_heads():
    text = "一、总体要求。到2025年\n达到57%和60%。"
    shown = paragraphs(text, [(7, 13, "a"), (12, 18, "b")], {0: (6, "p:一")})
    assert [p["head"] for p in shown] == ["p:一", ""]
    assert shown[0]["pieces"][0] == ("一、总体要求", [], True)
    assert "".join(piece for piece, ids, _ in shown[0]["pieces"] if "a" in ids) == text[
        7:13
    ].replace("\n", "")
    assert "".join(piece for p in shown for piece, ids, _ in p["pieces"] if "b" in ids) == text[
        12:18
    ].replace("\n", "")


@given(
    st.text(alphabet="甲乙。\n 1%", max_size=80),
    st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20)), max_size=6),
)
def test_every_letter_is_shown_once_and_every_mark_whole(text, spans):
    marks = [(a, min(a + n, len(text)), f"t{i}") for i, (a, n) in enumerate(spans) if a < len(text)]
    shown = paragraphs(text, marks, {})
    assert "\n".join("".join(piece for piece, _, _ in p["pieces"]) for p in shown) == "\n".join(
        line for line in text.split("\n") if line.strip()
    )
    for a, b, name in marks:
        wanted = "".join(line for line in text[a:b].split("\n"))
        held = "".join(piece for p in shown for piece, ids, _ in p["pieces"] if name in ids)
        assert held.replace(" ", "") == wanted.replace(" ", "")
