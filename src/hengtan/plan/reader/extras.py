"""What a plan names beside its targets: milestones without a number, systems and mechanisms, the departments that are responsible."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from hengtan.plan.reader.clauses import Clause
from hengtan.plan.reader.lexer import lex
from hengtan.plan.reader.vocabulary import vocabulary


@dataclass(frozen=True)
class Milestone:
    """Something to be done by a year, without a figure. Places are those of the normalised text."""

    name: str
    deadline: int
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """A system, platform or mechanism by its name, or a department; where it stands first."""

    name: str
    kind: str
    start: int
    end: int


def milestones_of(
    text: str,
    sentences: list[tuple[int, int]],
    document_year: int | None,
    taken: list[tuple[int, int]],
) -> list[Milestone]:
    """Segments that name a year to come and a deed, and hold no target (``2030年前实现碳达峰``). Results of the past are left out."""
    v = vocabulary()
    deeds = re.compile(v.any_of(v.words["milestone_deeds"]))
    made: list[Milestone] = []
    spans = sorted(taken)
    for start, end in sentences:
        sentence = text[start:end]
        if any(word in sentence for word in v.words["past"]):
            continue
        year: int | None = None
        for found in re.finditer(r"[^,;。:]+", sentence):
            a, b = start + found.start(), start + found.end()
            tokens = lex(text, a, b)
            years = [
                t.year
                for t in tokens
                if t.kind == "year" and t.year is not None and t.role in ("point", "span", "period")
            ]
            if years:
                year = years[-1] if document_year is None or years[-1] >= document_year else None
            if (
                year is None
                or any(t.kind == "quantity" and t.role != "chinese" for t in tokens)
                or any(
                    y > a
                    for _, y in spans[
                        max(0, bisect_right(spans, (b, 0)) - 8) : bisect_right(spans, (b, 0))
                    ]
                )
            ):
                continue
            words = "".join(t.text for t in tokens if t.kind not in ("year", "base"))
            name = re.sub(
                r"^(?:到|至|在|,|前|力争|确保|努力|全市|全省|全区|全县)+", "", words
            ).strip("、 ")
            if deeds.search(name) and 4 <= len(name) <= 60:
                made.append(Milestone(name, year, a, b))
                year = None if years else year
    return made


def systems_of(text: str, start: int, end: int) -> list[Named]:
    """Names of platforms, mechanisms, systems and the like that a clause sets out to build or run."""
    v = vocabulary()
    ends = v.any_of(v.words["system_ends"])
    lead = v.any_of(v.words["system_deeds"])
    made: dict[str, Named] = {}
    for found in re.finditer(
        rf"(?:{lead})(?P<names>(?:[^,;。:()、]{{1,24}}?(?:{ends})(?:、|和|及|与|$|(?=[,;。:(])))+)",
        text[start:end],
    ):
        at = start + found.start("names")
        for one in re.finditer(r"[^、]+", found.group("names")):
            for part in re.finditer(rf"(?:[^和及与]|[和及与](?!.*(?:{ends})))+", one.group()):
                name = re.sub(
                    rf"^(?:{lead}|全市|统一的|一批|若干|相关|和|及|与)+", "", part.group()
                ).strip("和及与的")
                if (
                    len(name) >= 4
                    and re.search(rf"(?:{ends})$", name)
                    and name not in v.words["no_systems"]
                ):
                    a = at + one.start() + part.start() + part.group().rfind(name)
                    made.setdefault(
                        name,
                        Named(
                            name,
                            next(
                                e
                                for e in sorted(v.words["system_ends"], key=len, reverse=True)
                                if name.endswith(e)
                            ),
                            a,
                            a + len(name),
                        ),
                    )
    return list(made.values())


def departments_of(text: str, start: int, end: int) -> list[Named]:
    """Departments that a clause holds responsible: 牵头单位:…, 责任单位:…, (…按职责分工负责)."""
    v = vocabulary()
    made: dict[str, Named] = {}
    patterns = (
        (r"(?P<role>牵头|责任|配合)(?:单位|部门)[::](?P<names>[^。;)\n]+)", ""),
        (
            r"\((?P<names>[^()]{3,200}?)(?:等)?(?:按(?:照)?职责(?:分工)?)?(?:分别)?(?P<role>负责|牵头)(?:[^()]{0,60})\)",
            "",
        ),
    )
    for pattern, _ in patterns:
        for found in re.finditer(pattern, text[start:end]):
            role = (
                "support"
                if found.group("role") == "配合"
                else "lead"
                if found.group("role") == "牵头"
                else "responsible"
            )
            for one in re.finditer(r"[^、,,;]+", found.group("names")):
                name = re.sub(
                    r"^(?:由|会同|和)|(?:等|牵头|负责|配合|按职责分工)+$", "", one.group()
                ).strip()
                if 2 < len(name) <= 25 and (
                    re.search("|".join(v.words["department_ends"]), name)
                    or re.search(r"[委局厅办部院会]$|公司$|政府$|银行$|集团$", name)
                ):
                    a = start + found.start("names") + one.start()
                    made.setdefault(name, Named(name, role, a, a + len(one.group())))
    return list(made.values())


def clause_at(heads: list[Clause], place: int) -> Clause | None:
    """The innermost numbered clause that a place of the text lies in: the last head before it, as a clause ends only where another begins."""
    at = bisect_right(heads, place, key=lambda head: head.start)
    return heads[at - 1] if at else None
