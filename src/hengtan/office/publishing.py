"""Publications: frozen pictures of where targets stand, each a file that never changes, with the
head of the ledger it was made from. Publications and their withdrawals are entries of one chain:
each holds the seal of the entry before.

What is published is chosen here: targets with what their public page shows, the values that count
and their sources. Rival values, gaps, who approved, and what is being worked on stay inside.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from hengtan.basis.border import json_file
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.seal import BEFORE, SEAL, holds, sealed
from hengtan.basis.whole_files import write_json
from hengtan.basis.words import coded
from hengtan.office.levels import words
from hengtan.report.files import safe

FOLDER, LOCK = "publications", ".publishing.lock"
WITHDRAWN = "withdrawn"
_NUMBER = re.compile(r"P\d{4,9}")
INSIDE = frozenset(
    [
        *("explain", "self_approved_submissions", "computed_amount", "reported_amount"),
        *("difference_pct", "latest_recalled_share", "latest_computed_with"),
        *("latest_missing", "latest_missing_en"),
    ]
)
"""What of a target stays inside."""
OF_META = (
    *(
        "workspace",
        "workspace_en",
        "judged_on",
        "known_on",
        "ledger_head",
        "packs",
        "made_at",
        "demo",
    ),
    *("demo_city", "synthetic", "program"),
)


@dataclass(frozen=True)
class Publication:
    """A publication as it was frozen; ``view`` what its pages are rendered from."""

    id: str
    title: str
    note: str
    place: str
    day: date
    at: str
    by: str
    ledger_head: str
    entries: int
    before: str
    digest: str
    view: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Draft:
    """What is to be published: a title, a note, the place, and who publishes."""

    title: str
    place: str
    by: str
    note: str = ""


def published_view(view: Any, is_chosen: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    """What of a status view is published: the chosen targets with the values that count, and the
    plans they belong to. Raises HengtanError where none is chosen.
    """
    targets = [_public(target) for target in view.targets if is_chosen(target)]
    if not targets:
        raise words().error(HengtanError, "publication.empty")
    plans = {target["plan"] for target in targets}
    return {
        "meta": {name: view.meta[name] for name in OF_META},
        "plans": [plan for plan in view.plans if plan["id"] in plans],
        "targets": targets,
    }


def _public(target: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in target.items() if name not in INSIDE}
    return kept | {"series": [v for v in target["series"] if v.get("won") is not False]}


def publish(
    folder: Path, draft: Draft, view: Mapping[str, Any], *, head: str, entries: int, now: datetime
) -> Publication:
    """Freeze a publication in the folder of a workspace. Raises HengtanError without a title.

    ``head`` and ``entries``: of the ledger the view was made from.
    """
    if not draft.title.strip():
        raise words().error(HengtanError, "publication.untitled")
    (folder / FOLDER).mkdir(exist_ok=True)
    with FileLock(folder / FOLDER / LOCK, timeout=30):
        earlier = listed(folder)
        content = {
            "id": f"P{len(earlier) + 1:04d}",
            "title": draft.title.strip()[:200],
            "note": draft.note.strip()[:4000],
            "place": draft.place,
            "day": str(view["meta"]["judged_on"]),
            "at": now.isoformat(timespec="seconds"),
            "by": draft.by,
            "ledger_head": head,
            "entries": entries,
            "view": _plain(view),
        }
        entry = sealed(content, before=_last_seal(earlier))
        write_json(folder / FOLDER / f"{content['id']}.json", entry)
    return publication(folder, str(content["id"]))


def publication(folder: Path, number: str) -> Publication:
    """A publication. Raises HengtanError where there is none, or its file was changed."""
    return replace(_frozen(folder, number), withdrawn=_withdrawal(folder, number))


def _frozen(folder: Path, number: str) -> Publication:
    """A publication as it was frozen, whether or not it was taken back."""
    path = file_of(folder, number)
    if not _NUMBER.fullmatch(number) or not path.is_file():
        raise words().error(HengtanError, coded("publication.missing", number))
    content = json_file(path)
    if content.get("id") != number or not holds(content):
        raise words().error(HengtanError, coded("publication.changed", number), Where(path.name))
    day = date.fromisoformat(content.pop("day"))
    return Publication(**content, day=day)


def _withdrawal(folder: Path, number: str) -> Mapping[str, str] | None:
    """How a publication was taken back; None where it stands. Raises HengtanError where that was
    changed; versions up to 0.13 sealed none.
    """
    path = _withdrawal_file(folder, number)
    if not path.is_file():
        return None
    content: dict[str, str] = json_file(path)
    if SEAL in content and (content.get("of") != number or not holds(content)):
        code = coded("publication.withdrawal_changed", number)
        raise words().error(HengtanError, code, Where(path.name))
    return content


def is_there(folder: Path, number: str) -> bool:
    """Whether there is a publication of that number."""
    return bool(_NUMBER.fullmatch(number)) and file_of(folder, number).is_file()


def file_of(folder: Path, number: str) -> Path:
    """Where a publication lies in the folder of a workspace."""
    return folder / FOLDER / f"{number}.json"


def _withdrawal_file(folder: Path, number: str) -> Path:
    return folder / FOLDER / f"{number}.{WITHDRAWN}.json"


def listed(folder: Path) -> list[Publication]:
    """All publications, the newest first. Raises HengtanError where one, or a withdrawal, was
    changed or is missing from their chain.
    """
    names = {path.name.split(".")[0] for path in (folder / FOLDER).glob("P*.json")}
    numbers = sorted(name for name in names if _NUMBER.fullmatch(name))
    publications = [publication(folder, number) for number in numbers]
    _last_seal(publications)
    return publications[::-1]


def _last_seal(publications: Sequence[Publication]) -> str:
    """The seal of the last entry of their chain, "" of none. Raises HengtanError where an entry
    does not follow from another.
    """
    entries = [(each.id, each.before, each.digest) for each in publications]
    for each in publications:
        if each.withdrawn is not None and SEAL in each.withdrawn:
            entries.append((each.id, each.withdrawn[BEFORE], each.withdrawn[SEAL]))
    left, last = sorted(entries), ""
    while entry := next((entry for entry in left if entry[1] == last), None):
        left.remove(entry)
        last = entry[2]
    if left:
        raise words().error(HengtanError, coded("publication.changed", left[0][0]))
    return last


def is_as_noted(folder: Path, number: str, digest: str) -> bool:
    """Whether a publication is there under a digest, of which the beginning is enough."""
    try:
        return _frozen(folder, number).digest.startswith(digest)
    except HengtanError:
        return False


def is_withdrawn_as_noted(folder: Path, number: str, digest: str) -> bool:
    """Whether a publication is taken back under a digest, of which the beginning is enough."""
    try:
        said = _withdrawal(folder, number)
    except HengtanError:
        return False
    return said is not None and said.get(SEAL, "").startswith(digest)


def check(folder: Path, heads: Sequence[str]) -> None:
    """Raises HengtanError where a publication was changed, is missing from their chain, or was made
    from a state that the ledger never had; ``heads``: of its entries, in order.
    """
    for each in listed(folder):
        if each.entries and heads[each.entries - 1 : each.entries] != [each.ledger_head]:
            raise words().error(HengtanError, coded("publication.other_ledger", each.id))


def withdraw(folder: Path, number: str, by: str, reason: str, now: datetime) -> Publication:
    """Take a publication back, with a reason; it stays to be seen as withdrawn. Raises
    HengtanError.
    """
    if not reason.strip():
        raise words().error(HengtanError, "reason.missing")
    with FileLock(folder / FOLDER / LOCK, timeout=30):
        if publication(folder, number).withdrawn is not None:
            raise words().error(HengtanError, coded("publication.withdrawn", number))
        said = {"by": by, "at": now.isoformat(timespec="seconds"), "reason": reason.strip()[:2000]}
        _seal_withdrawal(folder, number, said)
    return publication(folder, number)


def _seal_withdrawal(folder: Path, number: str, said: Mapping[str, str]) -> None:
    entry = sealed({"of": number, **said}, before=_last_seal(listed(folder)))
    write_json(_withdrawal_file(folder, number), entry)


def unsealed(publications: Iterable[Publication]) -> list[Publication]:
    """Those that were taken back before withdrawals were sealed, in that order."""
    taken_back = [
        (each.withdrawn.get("at", ""), each.id, each)
        for each in publications
        if each.withdrawn is not None and SEAL not in each.withdrawn
    ]
    return [each for *_, each in sorted(taken_back, key=lambda entry: entry[:2])]


def seal_withdrawals(folder: Path) -> list[Publication]:
    """Put withdrawals of an older version at the end of the chain; those that were sealed. Raises
    HengtanError where the chain is broken.
    """
    if not any((folder / FOLDER).glob(f"P*.{WITHDRAWN}.json")):
        return []
    with FileLock(folder / FOLDER / LOCK, timeout=30):
        waiting = unsealed(listed(folder))
        for each in waiting:
            _seal_withdrawal(folder, each.id, each.withdrawn or {})
    return [publication(folder, each.id) for each in waiting]


COLUMNS = (
    *("target_id", "plan", "clause", "indicator_zh", "indicator_en", "region", "operator"),
    *("goal", "unit", "deadline", "latest_value", "latest_unit", "latest_period", "state"),
    "light",
)


def table(targets: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """The targets of a publication as rows under ``COLUMNS``."""
    return [[target.get(name) for name in COLUMNS] for target in targets]


ABOUT = (
    *("id", "title", "note", "place", "day", "at", "by", "ledger_head", "entries", "before"),
    *("digest", "withdrawn"),
)


def about(publication: Publication) -> dict[str, Any]:
    """What is said of a publication beside its targets: what seals it, and whether it was taken
    back.
    """
    return {name: getattr(publication, name) for name in ABOUT}


def still_shown(publication: Publication) -> dict[str, Any]:
    """What of its view may be shown: of one that was taken back only its head."""
    view = dict(publication.view)
    if publication.withdrawn is not None:
        return {"meta": view["meta"], "plans": [], "targets": []}
    return view


def as_csv(publication: Publication) -> bytes:
    """The targets that are still shown as a table that Excel reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table(still_shown(publication).get("targets", ())):
        writer.writerow(["" if value is None else safe(value) for value in row])
    return ("\ufeff" + out.getvalue()).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
