"""Codes that accounts give in the place of sentences: ``code|argument|argument``, said at the
border by a domain's words.

Several codes stand on lines of their own. What an argument must not hold (``|`` and line breaks) is
replaced, so that any name of a product, an enterprise or a file can be one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.words import Words

NOTHING = "—"
"""What stands for an argument that is missing."""

Refusal = Callable[..., HengtanError]


def coded(code: str, *arguments: Any) -> Any:
    """A code with its arguments as text; an Ibis text where an argument is an Ibis column.

    A missing argument is said as ``—``. Figures are given as they shall be read
    (``f"{share:.1%}"``).
    """
    if not any(_is_column(argument) for argument in arguments):
        return "|".join([code, *(_plain(argument) for argument in arguments)])
    text: Any = code
    for argument in arguments:
        text = text + "|" + (_column(argument) if _is_column(argument) else _plain(argument))
    return text


def refuser(package: str) -> Refusal:
    """``refusal(code, *arguments, kind=HengtanError, where=None)`` of a package: the error whose
    words its ``words.yaml`` holds.

    The error carries its code with arguments as ``coded``.
    """

    def refusal(
        code: str,
        *arguments: Any,
        kind: type[HengtanError] = HengtanError,
        where: Where | None = None,
    ) -> HengtanError:
        text = coded(code, *arguments)
        error = Words.of(package).error(kind, text, where)
        error.coded = text  # type: ignore[attr-defined]
        return error

    return refusal


def code_of(error: HengtanError) -> str:
    """The code an error carries, behind that of its place where it has one (``at|file, sheet,
    row``).
    """
    text = getattr(error, "coded", None) or coded("refused", error.zh, error.en)
    place = error.where
    if place is None or not str(place):
        return text
    return f"{coded('at', place.said('zh'), place.said('en'))}\n{text}"


def _is_column(value: Any) -> bool:
    return type(value).__module__.startswith("ibis.")


def _column(value: Any) -> Any:
    import ibis

    text = value.cast("string").replace("|", "｜").replace("\n", " ")
    return ibis.coalesce(text, ibis.literal(NOTHING))


def _plain(value: Any) -> str:
    return NOTHING if value is None else str(value).replace("|", "｜").replace("\n", " ")
