"""How templates say things in ``zh``, ``en`` or both languages at once: words, figures, gaps,
clauses, reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period
from hengtan.basis.words import LANGUAGES
from hengtan.graph.said import cited, word_of
from hengtan.instruments.english import english
from hengtan.instruments.law_titles import law_beside
from hengtan.report import numerals, words
from hengtan.report.words import word

NAMED_CLAUSES = ("headline", "closing", "goals")
"""Parts of a plan that carry no number, and goals that stand in none."""
SEPARATORS = {"zh": "；", "en": "; "}
_CODE = re.compile(r"`([^`]+)`")
_FILE = re.compile(r"[\w/.\-—（）]+\.(?:csv|xlsx?|ods|docx?|pdf|txt|parquet)(?![\w.])")


class Wording:
    """Words and figures as markup in one language, or in both (``both``: two spans, one of them
    shown).
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages that are written."""
        return LANGUAGES if self.lang == "both" else (self.lang,)

    def t(self, key: str, *figures: Any) -> Markup:
        """A word of the interface as markup, its placeholders filled in order."""
        zh, en = words.both(key)
        if figures:
            zh, en = zh.format(*figures), en.format(*figures)
        return self._both(zh, en)

    def plain(self, key: str) -> str:
        """A word for an attribute, where markup cannot stand."""
        zh, en = words.both(key)
        if self.lang == "both":
            return f"{zh} {en}" if zh != en else zh
        return zh if self.lang == "zh" else en

    def bare(self, zh: str, en: str = "") -> str:
        """A text of the data for an attribute, where markup cannot stand."""
        return str(self.tr(zh, en).striptags()) if self.lang != "both" else zh

    def tr(self, zh: Any, en: Any = "") -> Markup:
        """A text that stands in the data in both languages.

        What is missing in one is shown in the other; departments and chapters have their English
        in ``words/named.yaml``.
        """
        chinese = str(zh or en or "")
        english = str(en or "") if en != zh else ""
        return self._both(chinese, english or words.english_of(chinese) or chinese)

    def code(self, kind: str, value: Any) -> Markup:
        """The word for a code of the data (``state``, ``confidence`` …); the code where none is
        known.
        """
        key = f"{kind}.{value}"
        return self.t(key) if words.has(key) else escape(str(value or ""))

    def marked(self, text: Any) -> Markup:
        """A sentence whose codes stand between backticks, each marked as one."""
        return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))

    def with_files(self, text: Any) -> Markup:
        """A sentence in which names of files are marked as such."""
        return Markup(_FILE.sub(r'<span class="file">\g<0></span>', str(escape(text))))

    def computed_by(self, method: str) -> Markup:
        """What a computed figure was run with: codes and choices (``column=value``), in words."""
        parts = [part.strip() for part in method.split(";") if part.strip()]
        return self._both(
            *(
                SEPARATORS[lang].join(_method_said(part, lang) for part in parts)
                for lang in LANGUAGES
            )
        )

    def table(self, name: str) -> Markup:
        """The title of a table; nothing where it has none."""
        return self._both(*words.titles_of_table(name))

    def cited(self, cite: str) -> Markup:
        """What an account cites."""
        return self._both(cited(cite), cited(cite, "en"))

    def ruled(self, text: str) -> Markup:
        """What a rule says: a name, a step, a note."""
        return self._both(text, english(text))

    def law(self, text: str) -> Markup:
        """A law or a document as it is cited, in English with the Chinese behind it."""
        return self._in_each(lambda lang: law_beside(text, lang))

    def unit(self, unit: str) -> Markup:
        """A unit by itself."""
        return self._both(unit, numerals.unit_name(unit, "en"))

    def operator(self, target: Mapping[str, Any]) -> Markup:
        """How the goal is to be read."""
        return self._in_each(lambda lang: numerals.operator_text(target, lang))

    def bounded(self, value: Any, unit: str, bound: Any = "") -> Markup:
        """A published figure with its unit and what the source says of its bound."""
        text = numerals.figure(value)
        return self._in_each(
            lambda lang: numerals.bounded(numerals.with_unit(text, unit, lang), bound, lang)
        )

    def with_unit(self, text: str, unit: str) -> Markup:
        """A figure beside its unit."""
        return self._in_each(lambda lang: numerals.with_unit(text, unit, lang))

    def change(self, value: Any, unit: str) -> Markup:
        """A signed change in the unit of a difference."""
        text = numerals.signed(value)
        return self._in_each(
            lambda lang: numerals.with_unit(text, numerals.unit_of_change(unit, lang))
        )

    def gap(self, target: Mapping[str, Any]) -> Markup:
        """The gap (goal − latest) in words: short by, beyond the goal by; signed for 左右."""
        return self._in_each(lambda lang: numerals.gap_said(target, lang))

    def past(self, target: Mapping[str, Any]) -> Markup:
        """That a deadline has passed and by how much it was missed; nothing while there is time."""
        return self._in_each(lambda lang: numerals.past_said(target, lang))

    def age(self, days: Any) -> Markup:
        """The age of a figure in words."""
        return self._in_each(lambda lang: numerals.age(days, lang))

    def when(self, text: Any) -> Markup:
        """A period as a Chinese reader writes it, as it is in English; what is none stays."""
        try:
            chinese = Period.parse(str(text)).zh()
        except BadPeriod:
            return escape(text or "—")
        return self.tr(chinese, text)

    def day(self, value: Any) -> Markup:
        """A deadline or date: a bare year gets 年."""
        text = str(value or "")
        if len(text) == 4 and text.isdigit():
            return self._in_each(lambda lang: word("day.year", lang, year=text))
        return escape(text or "—")

    def reason(self, target: Mapping[str, Any]) -> Markup:
        """The reason of the light; the reason of the state where there is none."""
        return self.tr(
            target["light_reason"] or target["state_reason"],
            target["light_reason_en"] or target["state_reason_en"],
        )

    def clause(self, reference: str) -> Markup:
        """A clause reference as a reader would write it: 第2条, 总体要求（二）, 引言."""
        name = str(reference).split(":")[-1]
        if name.isdigit():
            return self._in_each(lambda lang: word("clause.numbered", lang, number=name))
        if name in NAMED_CLAUSES:
            return self.t(f"clause.{name}")
        return self.tr(name, name)

    def globals(self) -> dict[str, Any]:
        """What a template can call by name."""
        return {
            "lang": self.lang,
            "t": self.t,
            "plain": self.plain,
            "tr": self.tr,
            "bare": self.bare,
            "code": self.code,
            "marked": self.marked,
            "with_files": self.with_files,
            "computed_by": self.computed_by,
            "t_of_table": self.table,
            "cited": self.cited,
            "ruled": self.ruled,
            "law": self.law,
            "unit": self.unit,
            "operator": self.operator,
            "bounded": self.bounded,
            "change": self.change,
            "gap": self.gap,
            "past": self.past,
            "age": self.age,
            "day": self.day,
            "reason": self.reason,
            "clause": self.clause,
            "words": words.WORDS,
            "has_word": words.has,
            "fig": numerals.figure,
            "calc": numerals.computed,
            "signed": numerals.signed,
            "with_unit": self.with_unit,
            "when": self.when,
        }

    def _in_each(self, say: Callable[[str], str]) -> Markup:
        """What a function says in each language."""
        return self.tr(say("zh"), say("en"))

    def _both(self, zh: str, en: str) -> Markup:
        if zh == en:
            return escape(zh)
        if self.lang == "both":
            spans = '<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>'
            return Markup(spans).format(zh, en)
        return escape(zh if self.lang == "zh" else en)


def _method_said(part: str, lang: str) -> str:
    """A part of a method in words; itself where it has none."""
    column, chosen, value = part.partition("=")
    if chosen:
        return word_of(f"value.{column}.{value}", lang, part)
    key = f"computed.by.{part}"
    return word(key, lang) if words.has(key) else part
