r"""Equations of docstrings as MathML, which browsers draw without any script from outside.

A Griffe extension for mkdocstrings: ``.. math::`` becomes an equation of its own, ``:math:`x``` one
in the line, double backticks plain code, and ``.. [1]`` of References a numbered line.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any

import griffe
from latex2mathml.converter import convert

DISPLAY = re.compile(r"^\.\. math::[ \t]*(.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*)", re.M)
INLINE = re.compile(r":math:`([^`]+)`")
REFERENCE = re.compile(r"^\.\. \[(\d+)\] ", re.M)
CITED = re.compile(r"\[(\d+)\]_")


def with_mathml(text: str) -> str:
    """A docstring's text with its equations as MathML."""
    text = DISPLAY.sub(lambda match: displayed(match[1]), text)
    text = INLINE.sub(lambda match: inline(match[1]), text)
    text = REFERENCE.sub(lambda match: f"[{match[1]}] ", text)
    return CITED.sub(lambda match: f"[{match[1]}]", text)


def displayed(equation: str) -> str:
    """An equation in a block of its own."""
    latex = " ".join(textwrap.dedent(equation).split())
    return f'<div class="equation">{convert(latex, display="block")}</div>\n'


def inline(equation: str) -> str:
    """An equation within a line."""
    return convert(" ".join(equation.split()))


class MathML(griffe.Extension):
    """Rewrites every docstring that Griffe loads."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = with_mathml(obj.docstring.value)
