"""Pages from a view: the same templates make the served pages and the self-contained offline report.

``Pages`` renders fragments; ``report_html`` puts all of them into one file with hash navigation, no outside address.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, Undefined, select_autoescape
from markupsafe import Markup, escape

from hengtan.basis.lights import LIGHTS
from hengtan.report import charts, numerals, pages, words
from hengtan.report.tree import arrange
from hengtan.report.view import STATES, StatusView

Link = Callable[..., str]
Explain = Callable[[str], Mapping[str, Any] | None]


def served_link(page: str, *ids: str) -> str:
    """Address of a served page: ``/``, ``/targets/<id>``, ``/measures`` …"""
    from urllib.parse import quote

    if page == "overview":
        return "/"
    return "/" + "/".join([page, *(quote(str(i), safe="") for i in ids)])


def static_link(page: str, *ids: str) -> str:
    """Address of a section of the offline report: ``#overview``, ``#targets/<id>`` …"""
    return "#" + "/".join([page, *map(str, ids)])


class Pages:
    """Renders the pages of one view in ``zh``, ``en`` or ``both`` (both languages, one shown)."""

    def __init__(
        self, view: StatusView | Mapping[str, Any], lang: str = "zh", link: Link = served_link
    ) -> None:
        self.view = StatusView.of(view)
        self.lang = lang
        self.link = link
        self.env = Environment(
            loader=PackageLoader("hengtan.report"),
            autoescape=select_autoescape(default=True),
            undefined=Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.globals.update(
            view=self.view,
            meta=self.view.meta,
            lang=lang,
            link=link,
            t=self.t,
            plain=self.plain,
            tr=self.tr,
            code=self.code,
            fig=numerals.figure,
            calc=numerals.computed,
            signed=numerals.signed,
            with_unit=numerals.with_unit,
            dump=dump,
            spark=charts.sparkline,
            bounded=self.bounded,
            drawable=charts.drawable,
            figures=self.figures,
            operator=self.operator,
            change=self.change,
            gap=self.gap,
            age=self.age,
            day=self.day,
            reason=self.reason,
            clause=self.clause,
            lights=tuple(LIGHTS),
            states=STATES,
            has_word=words.has,
            static=link is static_link,
            arrange=arrange,
            competing=pages.competing,
            grouped_clauses=self.grouped_clauses,
            words=words.WORDS,
        )

    # -- words ------------------------------------------------------------------------------------------------
    def t(self, key: str, *given: Any) -> Markup:
        """A word of the interface as markup, in the language(s) of these pages."""
        zh, en = words.WORDS[key]
        if given:
            zh, en = zh.format(*given), en.format(*given)
        return self._both(zh, en)

    def plain(self, key: str) -> str:
        """A word for an attribute, where markup cannot stand."""
        zh, en = words.WORDS[key]
        return {"zh": zh, "en": en}.get(self.lang, f"{zh} {en}" if zh != en else zh)

    def tr(self, zh: Any, en: Any = "") -> Markup:
        """A text that stands in the data in both languages; what is missing in one is shown in the other."""
        return self._both(str(zh or en or ""), str(en or zh or ""))

    def _both(self, zh: str, en: str) -> Markup:
        if zh == en:
            return escape(zh)
        if self.lang == "both":
            return Markup(
                '<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>'
            ).format(zh, en)
        return escape(zh if self.lang == "zh" else en)

    def code(self, kind: str, value: Any) -> Markup:
        """The word for a code of the data (``state``, ``confidence`` …); the code itself where no word is known."""
        key = f"{kind}.{value}"
        return self.t(key) if words.has(key) else escape(str(value or ""))

    # -- figures ----------------------------------------------------------------------------------------------
    def operator(self, target: Mapping[str, Any]) -> Markup:
        """How the goal is to be read."""
        return self.tr(
            charts.operator_text(dict(target), "zh"), charts.operator_text(dict(target), "en")
        )

    def bounded(self, value: Any, unit: str, bound: Any = "") -> Markup:
        """A published figure with its unit and what the source says of its bound."""
        text = numerals.with_unit(numerals.figure(value), unit)
        return self.tr(charts.bounded(text, bound, "zh"), charts.bounded(text, bound, "en"))

    def change(self, value: Any, unit: str) -> Markup:
        """A signed change in the unit of a difference."""
        text = numerals.signed(value)
        return self.tr(
            *(
                numerals.with_unit(text, numerals.unit_of_change(unit, lang))
                for lang in ("zh", "en")
            )
        )

    def gap(self, target: Mapping[str, Any]) -> Markup:
        """The gap (goal − latest) in words: short by, beyond the goal by, or the signed difference for 左右."""
        value, unit = target["gap"], target["unit"]
        if not isinstance(value, (int, float)):
            return Markup("—")
        if target["operator"] == "approx":
            return self.change(value, unit)
        if target["operator"] in ("<=", "<"):
            key = "gap.below_cap" if value > 0 else "gap.over_cap"
        else:
            key = "gap.ahead" if value < 0 else "gap.short"
        if value == 0:
            return self.t("gap.none")
        size = numerals.computed(abs(value))
        zh, en = (
            f"{words.word(key, lang)} {numerals.with_unit(size, numerals.unit_of_change(unit, lang))}"
            for lang in ("zh", "en")
        )
        return self.tr(zh, en)

    def age(self, days: Any) -> Markup:
        """The age of a figure in words."""
        return self.tr(numerals.age(days, "zh"), numerals.age(days, "en"))

    def day(self, value: Any) -> Markup:
        """A deadline or date: a bare year gets 年."""
        text = str(value or "")
        return (
            self.tr(f"{text}年", text) if len(text) == 4 and text.isdigit() else escape(text or "—")
        )

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
            return self.tr(f"第{name}条", f"clause {name}")
        return self.tr(
            *{"headline": ("引言", "opening"), "closing": ("结尾", "closing")}.get(
                name, (name, name)
            )
        )

    def grouped_clauses(self, references: list[str]) -> list[tuple[dict[str, Any], list[str]]]:
        """Clause references under their plan, in the order given."""
        groups: dict[str, list[str]] = {}
        for reference in references:
            groups.setdefault(str(reference).split(":")[0], []).append(reference)
        return [(self.view.plan(plan), names) for plan, names in groups.items()]

    def figures(self, target: Mapping[str, Any]) -> list[tuple[str, Markup]]:
        """The chart of a target as JSON per language of these pages."""
        langs = ("zh", "en") if self.lang == "both" else (self.lang,)
        return [
            (lang, dump(charts.figure_of(dict(target), lang, str(self.view.meta["judged_on"]))))
            for lang in langs
        ]

    # -- rendering --------------------------------------------------------------------------------------------
    def fragment(self, page: str, **given: Any) -> Markup:
        """One page without its frame. ``page`` is a name of ``pages.PAGES``."""
        found = pages.PAGES[page]
        return Markup(
            self.env.get_template(found.template).render(**found.context(self.view), **given)
        )

    def served(
        self, page: str, *, title: str = "", here: str = "", switch: str = "", **given: Any
    ) -> str:
        """A whole served page; scripts and styles come from ``/static``."""
        body = self.fragment(page, **given)
        return self.env.get_template("served.html").render(
            body=body,
            page=page,
            title=title,
            here=here or page,
            switch=switch or f"?lang={'zh' if self.lang == 'en' else 'en'}",
            version=digest(asset("report.css") + asset("report.js")),
            plotly_version=digest(plotly_script()),
        )

    def offline(self) -> str:
        """The self-contained report: every page a section, plotly's script inlined once."""
        sections = [(name, self.fragment(name)) for name in pages.OFFLINE]
        sections += [
            (f"targets/{t['target_id']}", self.fragment("targets", target=t))
            for t in self.view.targets
        ]
        sections += [
            (f"registries/{r['id']}", self.fragment("registry", registry=r))
            for r in self.view.registries
        ]
        return self.env.get_template("single.html").render(
            sections=sections,
            style=Markup(asset("report.css")),
            script=Markup(asset("report.js")),
            plotly=Markup(plotly_script()),
            page="overview",
            title="",
            here="overview",
        )


def dump(value: Any) -> Markup:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@cache
def asset(name: str) -> str:
    """The text of a style or script that ships with the templates."""
    return files("hengtan.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def digest(text: str) -> str:
    """A short digest of an asset, for its address."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


@cache
def plotly_script() -> str:
    """The text of plotly's script, from the installed wheel."""
    return (
        files("plotly")
        .joinpath("package_data", "plotly.min.js")
        .read_text(encoding="utf-8")
        .replace("</script", "<\\/script")
    )


def report_html(view: StatusView | Mapping[str, Any], explain: Explain | None = None) -> str:
    """The offline report as text: one file, both languages, no outside address.

    ``explain`` gives the explain tree (the dict of an ``Explanation``) of a target id where the view does not carry it.
    """
    found = StatusView.of(view)
    if explain is not None:
        found = replace(
            found,
            targets=[
                t if t["explain"] else {**t, "explain": explain(t["target_id"])}
                for t in found.targets
            ],
        )
    return Pages(found, lang="both", link=static_link).offline()


def write_report(
    view: StatusView | Mapping[str, Any], path: str | Path, explain: Explain | None = None
) -> Path:
    """Write ``report.html`` whole or not at all; returns its path. ``explain`` as in ``report_html``."""
    return write_whole(Path(path), report_html(view, explain).encode("utf-8"))


def write_whole(path: Path, content: bytes) -> Path:
    """Write bytes beside ``path`` and rename: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
