"""Brackets and short quotations: their figures are explanations or names."""

from __future__ import annotations

from hengtan.plan.reader.grammar.pieces import Sentence
from hengtan.plan.reader.grammar.rules import rule
from hengtan.plan.reader.lexer import Token

CLOSING = {"(": ")", "“": "”"}
MOST_TOKENS, MOST_LETTERS = 24, 40
"""How far a closing mark may stand from its opening one; beyond that the marks are taken as
loose."""


@rule
def enclosed_words(sentence: Sentence) -> bool:
    """What stands in brackets or short quotations is words; brackets right behind a figure go, but
    for a year in them.

    Example: 到2025年,绿色工厂达到30家(其中省级10家)。
    """
    tokens = sentence.tokens
    kept: list[Token] = []
    i = 0
    while i < len(tokens):
        end = _closed_at(tokens, i)
        if end is None:
            kept.append(tokens[i])
            i += 1
            continue
        if tokens[i].text == "(" and _follows_a_figure(kept):
            kept += [t for t in tokens[i + 1 : end] if t.kind == "year" and t.role == "point"]
        else:
            first, last = tokens[i].start, tokens[end].end
            kept.append(Token("words", first, last, sentence.text[first:last], role="enclosed"))
        i = end + 1
    acted = len(kept) != len(tokens)
    sentence.tokens = kept
    return acted


def _follows_a_figure(tokens: list[Token]) -> bool:
    """Whether the last token is a figure, loose marks behind it apart."""
    return next((t.kind == "quantity" for t in reversed(tokens) if not _is_loose(t)), False)


def _is_loose(token: Token) -> bool:
    """A bracket or quotation mark that stands as a token of its own."""
    return token.kind == "mark" and token.text in (*CLOSING, *CLOSING.values())


def _closed_at(tokens: list[Token], i: int) -> int | None:
    """Where the mark that opens at ``i`` is closed; None where it opens nothing or is closed too
    far on."""
    closing = CLOSING.get(tokens[i].text) if tokens[i].kind == "mark" else None
    if closing is None:
        return None
    near = range(i + 1, min(len(tokens), i + 1 + MOST_TOKENS))
    end = next((k for k in near if tokens[k].text == closing), None)
    if end is None or tokens[end].end - tokens[i].start > MOST_LETTERS:
        return None
    return end
