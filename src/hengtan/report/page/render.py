"""Pages from a view: the same templates make the served pages and the sections of the offline
report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, Undefined, select_autoescape
from jinja2.ext import Extension
from markupsafe import Markup

from hengtan.basis.days import BEIJING
from hengtan.basis.lights import LIGHTS
from hengtan.report.grouping import competing
from hengtan.report.judgement import when_of
from hengtan.report.page import charts
from hengtan.report.page.assets import asset, digest, dump, plotly_script
from hengtan.report.page.called import Called, InWords, cells_of
from hengtan.report.page.families import menu, pages
from hengtan.report.page.tree import arrange
from hengtan.report.page.wording import Wording
from hengtan.report.provenance import Line, three_lines
from hengtan.report.view import STATES, StatusView

Link = Callable[..., str]
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Unindented(Extension):
    """A template is indented for whoever reads it; a browser is sent one space for it, which is
    as good as many. Text of a template that keeps its lines (``pre``) stands on one line.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source of a template with one space for the indentation of each line."""
        return INDENTATION.sub(" ", source)


def served_link(page: str, *ids: str) -> str:
    """Address of a served page: ``/``, ``/targets/<id>``, ``/measures`` …"""
    if page == "overview":
        return "/"
    return "/" + "/".join([page, *(quote(str(part), safe="") for part in ids)])


def static_link(page: str, *ids: str) -> str:
    """Address of a section of the offline report: ``#overview``, ``#targets/<id>`` …"""
    return "#" + "/".join([page, *map(str, ids)])


def _in_beijing(at: str) -> str:
    """A moment (ISO 8601, with its zone) by the clock of Beijing, to the minute; "" stays."""
    return f"{datetime.fromisoformat(at).astimezone(BEIJING):%Y-%m-%d %H:%M}" if at else ""


class Pages:
    """Renders the pages of one view in ``zh``, ``en`` or ``both`` (both languages, one shown).

    ``called``: what columns and codes in the tree of an explanation are called.
    """

    def __init__(
        self,
        view: StatusView | Mapping[str, Any],
        lang: str = "zh",
        link: Link = served_link,
        called: Called | None = None,
    ) -> None:
        self.view = StatusView.of(view)
        self.lang = lang
        self.link = link
        self.wording = Wording(lang)
        static = link is static_link
        self.env = Environment(
            loader=PackageLoader("hengtan.report.page"),
            autoescape=select_autoescape(default=True),
            extensions=[Unindented],
            undefined=Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.globals.update(
            self.wording.globals(),
            view=self.view,
            meta=self.view.meta,
            made_at=_in_beijing(self.view.meta["made_at"]),
            link=link,
            static=static,
            menu=[page.name for page in menu(offline=static)],
            lights=tuple(LIGHTS),
            states=STATES,
            dump=dump,
            spark=partial(charts.sparkline, lang="en" if lang == "en" else "zh"),
            drawable=charts.drawable,
            figures=self.figures,
            provenance=self.provenance,
            arrange=arrange,
            cells_of=partial(cells_of, called or InWords()),
            competing=competing,
            when_of=when_of,
            grouped_clauses=self.grouped_clauses,
        )

    def grouped_clauses(self, references: list[str]) -> list[tuple[dict[str, Any], list[str]]]:
        """Clause references under their plan, in the order given."""
        groups: dict[str, list[str]] = {}
        for reference in references:
            groups.setdefault(str(reference).split(":")[0], []).append(reference)
        return [(self.view.plan(plan), names) for plan, names in groups.items()]

    def figures(self, target: Mapping[str, Any]) -> list[tuple[str, Markup]]:
        """The chart of a target as JSON per language of these pages."""
        judged_on = str(self.view.meta["judged_on"])
        return [
            (lang, dump(charts.figure_of(target, lang, judged_on))) for lang in self.wording.langs
        ]

    def provenance(self, target: Mapping[str, Any]) -> list[tuple[str, tuple[Line, ...]]]:
        """Where the number of a target comes from in three lines, per language of these pages."""
        plan, tree = self.view.plan(target["plan"]), target["explain"]
        return [(lang, three_lines(target, plan, tree, lang)) for lang in self.wording.langs]

    def fragment(self, page: str, **context: Any) -> Markup:
        """One page without its frame. ``page`` is a name of ``families.pages()``; ``context`` goes
        before what the family makes of the view.
        """
        family = pages()[page]
        template = self.env.get_template(family.template)
        return Markup(template.render({**family.context(self.view), **context}))

    def served(
        self,
        page: str,
        *,
        title: str = "",
        here: str = "",
        switch: str = "",
        frame: Mapping[str, Any] | None = None,
        **context: Any,
    ) -> str:
        """A whole served page; scripts and styles come from ``/static``."""
        body = self.fragment(page, **context)
        return self.framed(
            body, page, title=title, here=here or page, switch=switch, **(frame or {})
        )

    def framed(
        self,
        body: Markup,
        page: str,
        *,
        title: str = "",
        here: str = "",
        switch: str = "",
        **frame: Any,
    ) -> str:
        """The frame of a served page around what it shows; ``frame``: what stands in it beside
        (menu, who is signed in).
        """
        return self.env.get_template("served.html").render(
            body=body,
            page=page,
            title=title,
            here=here,
            switch=switch or f"?lang={'zh' if self.lang == 'en' else 'en'}",
            **frame,
            version=digest(asset("report.css") + asset("report.js")),
            plotly_version=digest(plotly_script()),
        )

    def walled(self, page: str, **context: Any) -> str:
        """A page for a wall: its own frame, without a menu, renewed by itself."""
        return self.env.get_template("walled.html").render(
            body=self.fragment(page, **context),
            page=page,
            version=digest(asset("report.css") + asset("report.js")),
        )

    def offline(self) -> str:
        """The self-contained report: every page a section, plotly's script inlined once."""
        sections = [(page.name, self.fragment(page.name)) for page in menu(offline=True)]
        sections += [
            (f"targets/{target['target_id']}", self.fragment("targets", target=target))
            for target in self.view.targets
        ]
        sections += [
            (f"registries/{registry['id']}", self.fragment("registry", registry=registry))
            for registry in self.view.registries
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
