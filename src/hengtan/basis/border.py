"""The one border at which what people bring is read: YAML, JSON, text, archives, ids of paths.

Whatever a reader raises on them becomes one ``UnreadableFile`` with file and line. Nothing here
trusts its input: no nested aliases, no depth, no numbers beyond any quantity, no name twice.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import lzma
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.basis.problem import Problem
from hengtan.basis.words import Words

MAX_TEXT = 50_000_000
"""Bytes of a text file that is read whole."""
MAX_DEPTH = 60
"""How deep mappings and lists lie in each other."""
MAX_ALIASED = 1_000_000
"""Characters that the aliases of a YAML text may stand for, together."""
MAX_DIGITS = 40
"""Digits of a whole number; no quantity has more, and float ends at some 300."""
MAX_MEMBERS = 200_000
MAX_SWOLLEN, MAX_RATIO = 200_000_000, 40
"""Bytes that an archive may unpack to: so many, and so many times its own size."""
FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    UnicodeError,
    ValueError,
)
"""What readers of texts raise on wrong input beside the errors of their own."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


def refused(key: str, *arguments: object, where: Where | None) -> UnreadableFile:
    """Why a text is not read, in the words of this border (``basis/border.yaml``)."""
    problem = Problem.worded(Words.of("hengtan.basis", "border.yaml"), key, *arguments)
    return UnreadableFile(
        problem.zh, problem.en, where=where, todo=problem.todo, todo_en=problem.todo_en
    )


@contextmanager
def shaped(where: Where | None) -> Iterator[None]:
    """What stands within takes a text that was read for what it should be; where it is not, that
    is one ``UnreadableFile``.
    """
    try:
        yield
    except FAULTS as error:
        what = f"{type(error).__name__} {_short(error)[:80]}".strip()
        raise refused("bad-shape", what, where=where) from error


def checked_id(text: object, where: Where | None = None) -> str:
    """An id that may become the name of a file or folder: letters, digits, ``-`` and ``_``.

    Every id that becomes a path passes here, so that none leads out of its folder. Raises
    UnreadableFile.
    """
    if isinstance(text, str) and _ID.fullmatch(text):
        return text
    raise refused("bad-id", str(text)[:80], where=where)


def text_of(path: Path, where: Where | None = None, *, most: int = MAX_TEXT) -> str:
    """The text of a UTF-8 file. Raises UnreadableFile for any other, and for one too long."""
    where = where or Where(path.name)
    try:
        size = path.stat().st_size
        if size > most:
            raise refused("too-long", size, most, where=where)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise refused("cannot-open", _short(error), where=where) from error
    return utf8(content, where)


def utf8(content: bytes, where: Where | None) -> str:
    """Bytes as UTF-8 text, without a byte order mark. Raises UnreadableFile with the line."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refused("not-utf8", error.start + 1, where=_at(where, line)) from error


def _at(where: Where | None, line: int | None) -> Where:
    """The same place, on a line where that is known."""
    place = where or Where()
    if line is None or place.row is not None:
        return place
    return Where(place.file, place.sheet, line, place.column, place.clause)


def _short(error: object) -> str:
    """What an error says, on a line."""
    return " ".join(str(error).encode("utf-8", "replace").decode().split())[:200]


def csv_rows(
    path: Path, where: Where | None = None
) -> tuple[list[str], list[tuple[int, dict[Any, Any]]]]:
    """The header of a CSV file in UTF-8, and its rows by title with the line each ends on.

    A row with more cells than titles has them under None; titles without a cell have None. Raises
    UnreadableFile.
    """
    where = where or Where(path.name)
    reader = csv.DictReader(io.StringIO(text_of(path, where), newline=""))
    try:
        header = list(reader.fieldnames or ())
        return header, [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise refused("bad-csv", error, where=_at(where, reader.line_num)) from error


# archives


@contextmanager
def opened_zip(path: Path, where: Where | None = None) -> Iterator[zipfile.ZipFile]:
    """An archive whose members are named once, and unpack to a measure of its size.

    Whatever reading a damaged one raises, also in the block, is one ``UnreadableFile``.
    """
    where = where or Where(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_swollen(archive, path.stat().st_size, where)
            yield archive
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, *FAULTS) as e:
        raise refused("bad-zip", type(e).__name__, where=where) from e
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise refused("bad-zip", _short(error), where=where) from error


def _refuse_swollen(archive: zipfile.ZipFile, size: int, where: Where) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_MEMBERS or unpacked > MAX_SWOLLEN + MAX_RATIO * size:
        raise refused("swollen-zip", unpacked, len(parts), where=where)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refused("bad-member", ascii(twice)[:100], where=where)


# YAML


class _Values:
    """How scalars and mappings are read, for either composer: strict, and saying where."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)  # type: ignore[misc]
        except FAULTS as error:
            raise _Told("bad-value", f"{node.value!s:.60}", node) from error
        if isinstance(value, str) and not value.isascii():
            _refuse_surrogates(value, node)
        return value

    def construct_yaml_int(self, node: Any) -> Any:
        text = str(self.construct_scalar(node))  # type: ignore[attr-defined]
        if ":" in text:  # YAML 1.1 would take 12:30 for a number to the base of 60
            return text
        value = super().construct_yaml_int(node)  # type: ignore[misc]
        if abs(value) >= 10**MAX_DIGITS:
            raise _Told("bad-value", f"{text[:40]}…", node)
        return value

    def construct_yaml_float(self, node: Any) -> Any:
        text = str(self.construct_scalar(node))  # type: ignore[attr-defined]
        return text if ":" in text else super().construct_yaml_float(node)  # type: ignore[misc]

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        if isinstance(node, yaml.MappingNode):
            _refuse_names_twice(node)
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Told(yaml.YAMLError):
    """What is wrong with a node, as a key of the words of this border, and where it begins."""

    def __init__(self, key: str, argument: str, at: Any) -> None:
        super().__init__(argument)
        self.key, self.argument, self.problem_mark = key, argument, at.start_mark


def _refuse_surrogates(text: str, node: Any) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _Told("bad-value", ascii(text)[:40], node) from error


def _refuse_names_twice(node: Any) -> None:
    """A name that stands twice would silently have its last value."""
    names = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            if (key.tag, key.value) in names:
                raise _Told("twice", key.value[:60], key)
            names.add((key.tag, key.value))


class _Guarded(_Values, yaml.SafeLoader):
    """The composer in Python: no alias inside an anchor, aliases within measure, no great depth."""

    depth = anchored = aliased = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias:
            self._count_alias(event)
        has_anchor = not is_alias and getattr(event, "anchor", None) is not None
        self.depth, self.anchored = self.depth + 1, self.anchored + has_anchor
        if self.depth > MAX_DEPTH:
            raise _Told("too-deep", str(MAX_DEPTH), event)
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth, self.anchored = self.depth - 1, self.anchored - has_anchor

    def _count_alias(self, event: Any) -> None:
        """Nested aliases make gigabytes of a few lines; so do very many of a long text."""
        node = self.anchors.get(event.anchor)
        if node is not None and not self.anchored:
            self.aliased += node.end_mark.index - node.start_mark.index
        if self.anchored or self.aliased > MAX_ALIASED:
            raise _Told("aliases", f"*{event.anchor}", event)


class _Quick(_Values, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The composer in C, for texts without anchors and depth: ten times as quick."""


_composer: Any
for _composer in (_Guarded, _Quick):
    _composer.add_constructor("tag:yaml.org,2002:int", _composer.construct_yaml_int)
    _composer.add_constructor("tag:yaml.org,2002:float", _composer.construct_yaml_float)


def yaml_documents(text: str, where: Where | None = None) -> list[Any]:
    """The documents of a YAML text, empty ones left out. Raises UnreadableFile with the line."""
    quick = "&" not in text and not _may_be_deep(text)
    if quick:
        try:
            return [each for each in yaml.load_all(text, Loader=_Quick) if each is not None]
        except (yaml.YAMLError, *FAULTS):
            pass  # read once more by the other composer, which knows the line of every fault
    try:
        return [each for each in yaml.load_all(text, Loader=_Guarded) if each is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or error
        place = _at(where, mark.line + 1 if mark is not None else None)
        if isinstance(error, _Told):
            raise refused(error.key, error.argument, where=place) from error
        raise refused("bad-yaml", _short(reason), where=place) from error
    except FAULTS as error:
        raise refused("bad-yaml", type(error).__name__, where=where) from error


def yaml_of(text: str, where: Where | None = None) -> Any:
    """The one document of a YAML text; None where there is none. Raises UnreadableFile."""
    documents = yaml_documents(text, where)
    if len(documents) > 1:
        raise refused("bad-yaml", "---", where=where)
    return documents[0] if documents else None


def yaml_mapping(path: Path, where: Where | None = None) -> dict[str, Any]:
    """A YAML file that is a mapping. Raises UnreadableFile."""
    where = where or Where(path.name)
    content = yaml_of(text_of(path, where), where)
    if not isinstance(content, dict):
        raise refused("no-mapping", where=where)
    return content


def _may_be_deep(text: str) -> bool:
    """Whether mappings and lists could lie deeper than allowed: brackets, indents, dashes."""
    depth = 0
    for bracket in re.findall(r"[\[{}\]]", text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH // 2:
            return True
    return re.search(rf"(?m)^[ \-?:]{{{MAX_DEPTH // 2},}}", text) is not None


# JSON


def json_of(text: str, where: Where | None = None) -> Any:
    """What a JSON text holds. Raises UnreadableFile.

    Refused also: NaN and infinite numbers, numbers of very many digits, a name twice, characters
    that no file can hold.
    """
    try:
        content = json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_named_once,
        )
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        line = error.lineno if "\n" in text else None
        raise refused("bad-json", error.msg, where=_at(where, line)) from error
    except FAULTS as error:
        what = str(error) if type(error) is ValueError else type(error).__name__
        raise refused("bad-json", _short(what), where=where) from error
    return content


def json_file(path: Path, where: Where | None = None) -> Any:
    """What a JSON file holds. Raises UnreadableFile."""
    where = where or Where(path.name)
    return json_of(text_of(path, where), where)


def json_lines(path: Path) -> Iterator[tuple[Where, Any]]:
    """Every line of a JSON lines file that is not blank, with its place. Raises UnreadableFile."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            where = Where(path.name, row=number)
            yield where, json_of(line, where)


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text[:40])


def _whole(text: str) -> int:
    return int(text) if len(text) <= MAX_DIGITS else _no_number(text[:40] + "…")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"“{next(n for n in names if names.count(n) > 1)}” ×2")
    return content
