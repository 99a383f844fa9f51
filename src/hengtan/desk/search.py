"""Search over what a workspace holds: targets, clauses, tasks, departments, enterprises, rules,
registries, places. The index is made once for a state of the workspace; a hit names its page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from hengtan.basis.errors import HengtanError
from hengtan.desk.cases import read_cases
from hengtan.desk.lookups import lookups
from hengtan.desk.spelling import (
    SHORTEST_INITIALS,
    SHORTEST_MIXED,
    Pinyin,
    plain,
    words_of,
)
from hengtan.report.provenance import clause_name
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = Mapping[str, Any]
KINDS = (
    "target",
    "measure",
    "milestone",
    "department",
    "enterprise",
    "rule",
    "registry",
    "place",
)
"""Kinds of hits, of equal hits the first kind first."""
MOST_HITS = 20
LEAST_SHARE = 1 / 3
"""Share of a word's pairs of letters that makes a name near."""
WITH_NAMES = """
    select distinct entity, entity_name, place from memory.main."{view}" where entity is not null
"""
WITHOUT_PLACE = WITH_NAMES.replace(", place", ", null as place")


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that can be looked for: kind, id, names, address of its page, what stands beside its
    name, other names, and whose it is (place, entity).
    """

    kind: str
    id: str
    title_zh: str
    address: str
    title_en: str = ""
    note_zh: str = ""
    note_en: str = ""
    also: tuple[str, ...] = ()
    place: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was looked for, the better the higher its score (of 100)."""

    entry: Entry
    score: float

    def as_dict(self) -> dict[str, Any]:
        """The hit as a plain row."""
        return {**asdict(self.entry), "also": list(self.entry.also), "score": round(self.score, 1)}


class _Spelled:
    """An entry with all its spellings, ready to be compared."""

    __slots__ = ("also", "code", "english", "entry", "everything", "note", "pinyin", "title")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.title = plain(entry.title_zh)
        self.code, self.english = plain(entry.id), plain(entry.title_en)
        self.also = tuple(map(plain, entry.also))
        self.note = plain(f"{entry.note_zh} {entry.note_en}")
        self.pinyin = tuple(Pinyin.of(name) for name in (entry.title_zh, *entry.also))
        self.everything = "\n".join((self.title, self.code, self.english, *self.also, self.note))

    def score(self, word: str) -> float:
        """How well a word names the entry, 0 where it does not."""
        if word in self.everything:
            return self._written(word)
        if not word.isascii():
            return 0.0
        return max(self._pinyin(word, pinyin, n) for n, pinyin in enumerate(self.pinyin))

    def _written(self, word: str) -> float:
        if word in (self.code, self.title):
            return 100.0
        place = self.title.find(word)
        if place >= 0:
            return (90.0 if place == 0 else 82.0) + _part(word, self.title)
        if word in self.code:
            return 58.0 if self.code.startswith(word) else 54.0
        if word in self.also:
            return 78.0
        if word in self.english:
            return 74.0 if f" {self.english}".find(f" {word}") >= 0 else 50.0
        return 66.0 if any(word in other for other in self.also) else 30.0

    def _pinyin(self, word: str, pinyin: Pinyin, nth: int) -> float:
        """The name itself before its other names."""
        less = 8.0 if nth else 0.0
        start = pinyin.full(word)
        if start is not None:
            return (70.0 if start == 0 else 60.0) + _part(word, pinyin.joined) - less
        if len(word) >= SHORTEST_INITIALS:
            place = pinyin.initials.find(word)
            if place >= 0:
                return (62.0 if place == 0 else 46.0) + _part(word, pinyin.initials) - less
        return 0.0

    def mixed(self, word: str) -> bool:
        """Whether a word mixes syllables and initials of a name."""
        return any(pinyin.mixed(word) for pinyin in self.pinyin)


def _part(word: str, name: str) -> float:
    """Up to 6 for a word that is the whole name."""
    return 6.0 * len(word) / len(name)


class Index:
    """Entries ready to be searched."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._spelled = [_Spelled(entry) for entry in entries]

    def __len__(self) -> int:
        return len(self._spelled)

    def find(
        self,
        text: str,
        *,
        most: int = MOST_HITS,
        kinds: Iterable[str] = KINDS,
        allowed: Callable[[Entry], bool] | None = None,
    ) -> list[Hit]:
        """The best hits for words that must all be met, best first.

        ``allowed``: which entries the one who asks may see. Nothing for an empty text.
        """
        words, wanted = words_of(text), frozenset(kinds)
        if not words:
            return []
        seen = [spelled for spelled in self._spelled if spelled.entry.kind in wanted]
        for listed in (_hits, _loose):
            hits = sorted(listed(seen, words), key=_order)
            mine = (hit for hit in hits if allowed is None or allowed(hit.entry))
            if first := list(islice(mine, most)):
                return first
        return []


def _hits(seen: Iterable[_Spelled], words: tuple[str, ...]) -> Iterator[Hit]:
    for spelled in seen:
        total = 0.0
        for word in words:
            score = spelled.score(word)
            if not score:
                break
            total += score
        else:
            yield Hit(spelled.entry, total / len(words))


def _loose(seen: Iterable[_Spelled], words: tuple[str, ...]) -> Iterator[Hit]:
    """What is near where nothing is met."""
    for spelled in seen:
        nearness = min(_met_or_near(spelled, word, len(words) > 1) for word in words)
        if nearness:
            yield Hit(spelled.entry, 20.0 * nearness)


def _met_or_near(spelled: _Spelled, word: str, of_several: bool) -> float:
    return 1.0 if of_several and spelled.score(word) else _near(spelled, word)


def _near(spelled: _Spelled, word: str) -> float:
    """How near a word is, from 0 to 1: syllables mixed with initials; Chinese letters in their
    order with others between; a share of its pairs of letters (能耗强度: 能耗, 耗强, 强度).
    """
    if word.isascii():
        return float(len(word) >= SHORTEST_MIXED and spelled.mixed(word))
    letters = iter(spelled.title)
    if len(word) > 1 and all(letter in letters for letter in word):
        return 1.0
    pairs = [word[n : n + 2] for n in range(len(word) - 1)]
    points = [_point(spelled, pair) for pair in pairs]
    share = sum(points) / max(1, len(points))
    if share < LEAST_SHARE:
        return 0.0
    return 0.9 * share + 0.1 * points[0]  # what a word begins with is what it is about


def _point(spelled: _Spelled, pair: str) -> float:
    """A pair of letters in the name, or half of it beside the name."""
    return 1.0 if pair in spelled.title else 0.5 * (pair in spelled.everything)


def _order(hit: Hit) -> tuple[float, int, int, str]:
    """Best first; of equal ones by kind, the shorter name, the id."""
    entry = hit.entry
    return -hit.score, KINDS.index(entry.kind), len(entry.title_zh), entry.id


_INDEXES: WeakKeyDictionary[Workspace, tuple[tuple[str, str], Index]] = WeakKeyDictionary()
"""The index of each workspace that was searched, with the state it was made from."""


def index_of(workspace: Workspace) -> Index:
    """The index of a workspace, made anew where its packs or its ledger changed."""
    state = (workspace.pack.version, workspace.ledger.head())
    known = _INDEXES.get(workspace)
    if known is None or known[0] != state:
        known = (state, Index(entries_of(workspace)))
        _INDEXES[workspace] = known
    return known[1]


def entries_of(workspace: Workspace) -> list[Entry]:
    """Everything of a workspace that can be looked for."""
    parts = (_targets, _measures, _milestones, _departments, _enterprises, _rules)
    entries = [entry for part in (*parts, _registries, _places) for entry in part(workspace)]
    return list({(entry.kind, entry.id): entry for entry in reversed(entries)}.values())[::-1]


def _plans(workspace: Workspace) -> dict[str, tuple[str, str]]:
    return {
        row["plan"]: (row["short_zh"] or row["title_zh"], row["short_en"] or row["title_en"] or "")
        for row in workspace.pack.rows("plans")
    }


def _targets(workspace: Workspace) -> Iterator[Entry]:
    """Targets, by the names of their indicators too; also those assigned by a form."""
    plans = _plans(workspace)
    also = _names_of_indicators(workspace)
    for row in workspace.execute("plan_targets", AsOf.of()).to_pylist():
        plan = plans.get(row["plan"], ("", ""))
        yield Entry(
            "target",
            row["target_id"],
            row["indicator_zh"],
            f"/targets/{quote(row['target_id'], safe='')}",
            title_en=row["indicator_en"] or "",
            note_zh=" · ".join(filter(None, (row["region_zh"], plan[0]))),
            note_en=plan[1],
            also=tuple(n for n in also[row["indicator"]] if n != row["indicator_zh"]),
            place=row["region"] or "",
        )


def _names_of_indicators(workspace: Workspace) -> dict[str, list[str]]:
    """By indicator every way a file may name it (``lookups``)."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, ids in lookups(workspace)["indicators"].items():
        for indicator in (ids,) if isinstance(ids, str) else ids:
            if name != indicator:
                names[indicator].append(name)
    return names


def _measures(workspace: Workspace) -> Iterator[Entry]:
    plans = _plans(workspace)
    for row in workspace.pack.rows("measures"):
        plan, name = plans.get(row["plan"], ("", "")), clause_name(row["clause_ref"])
        yield Entry(
            "measure",
            row["clause_ref"],
            row["title_zh"],
            f"/measures#{quote(row['clause_ref'], safe=':')}",
            title_en=row["title_en"] or "",
            note_zh=f"{plan[0]} {name}",
            note_en=f"{plan[1]} {clause_name(row['clause_ref'], 'en')}",
            also=(name,),
        )


def _milestones(workspace: Workspace) -> Iterator[Entry]:
    plans = _plans(workspace)
    for row in workspace.pack.rows("milestones"):
        plan = plans.get(row["plan"], ("", ""))
        yield Entry(
            "milestone",
            row["milestone"],
            row["name_zh"],
            f"/milestones#{quote(row['milestone'], safe=':')}",
            title_en=row["name_en"] or "",
            note_zh=f"{plan[0]} {clause_name(row['clause_ref'])}",
            note_en=plan[1],
        )


def _departments(workspace: Workspace) -> Iterator[Entry]:
    """Departments as packs and reports name them; their page lists what they answer for."""
    named: dict[str, int] = {}
    for row in workspace.execute("plan_measure_state", AsOf.of()).to_pylist():
        _count(named, str(row["owner"] or "").split(";"))
    for row in workspace.execute("plan_milestone_state", AsOf.of()).to_pylist():
        helpers = str(row["co_owners_zh"] or "").split(";")
        _count(named, [*str(row["owner"] or "").split(";"), *helpers])
    for row in workspace.pack.rows("indicators"):
        _count(named, row["department_zh"])
    for name in named:
        yield Entry("department", name, name, f"/measures?{urlencode({'find': name})}")


def _count(named: dict[str, int], names: Iterable[str]) -> None:
    for name in filter(None, (name.strip() for name in names)):
        named[name] = named.get(name, 0) + 1


def _enterprises(workspace: Workspace) -> Iterator[Entry]:
    """Enterprises that any form names by code and name, and those that cases of rules name."""
    names: dict[str, tuple[str, str]] = {}
    for form in workspace.forms.values():
        fields = {field.id for field in form.fields}
        if not {"entity", "entity_name"} <= fields:
            continue
        view = workspace.ledger.effective(form.id, schema=form.schema())
        query = WITH_NAMES if "place" in fields else WITHOUT_PLACE
        for row in workspace.ledger.query(query.format(view=view)):
            code, known = str(row["entity"]), names.get(str(row["entity"]), ("", ""))
            names[code] = (row["entity_name"] or known[0], row["place"] or known[1])
    places = {row["place"]: row["name_zh"] for row in workspace.pack.rows("places")}
    for code, (name, place) in names.items():
        yield Entry(
            "enterprise",
            code,
            name or code,
            _page_of(code),
            note_zh=places.get(place, ""),
            place=place,
            entity=code,
        )
    listed = {name for name, _ in names.values()}
    for name in _with_cases(workspace) - listed - set(names):
        yield Entry("enterprise", name, name, _page_of(name))


def _page_of(code: str) -> str:
    return f"/enterprises/{quote(code, safe='')}"


def _with_cases(workspace: Workspace) -> set[str]:
    """Enterprises whose cases stand in the workspace's folder; a file that cannot be read is left
    to the page that shows it.
    """
    entities: set[str] = set()
    for path in (workspace.folder / "cases").glob("*.yaml"):
        try:
            entities |= {case.entity or path.stem for case in read_cases(path)}
        except HengtanError:
            continue
    return entities


def _rules(workspace: Workspace) -> Iterator[Entry]:
    from hengtan.instruments.registry import rules

    for rule in rules():
        yield Entry(
            "rule",
            rule.id,
            rule.title_zh,
            f"/rules/{quote(rule.id, safe='')}",
            title_en=rule.title_en,
            note_zh=rule.law,
        )


def _registries(workspace: Workspace) -> Iterator[Entry]:
    for row in workspace.pack.rows("registries"):
        yield Entry(
            "registry",
            row["registry_id"],
            row["title_zh"],
            f"/registries/{quote(row['registry_id'], safe='')}",
            title_en=row["title_en"] or "",
        )


def _places(workspace: Workspace) -> Iterator[Entry]:
    """Places of the packs."""
    for row in workspace.pack.rows("places"):
        yield Entry(
            "place",
            row["place"],
            row["name_zh"],
            f"/accounts/{quote(row['place'], safe='')}",
            title_en=row["name_en"] or "",
            place=row["place"],
        )
