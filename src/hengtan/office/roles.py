"""Roles and actions, read from ``roles.yaml``: which role may do what, who needs a second factor,
and which roles exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

WORK, ADMINISTRATOR = "work", "administrator"


@dataclass(frozen=True)
class Role:
    """A role: titles in Chinese and English, its family, and the actions it carries."""

    id: str
    title_zh: str
    title_en: str
    family: str
    actions: frozenset[str]
    needs_second_factor: bool = False


@cache
def roles() -> Mapping[str, Role]:
    """Every role by id, in the order of the file."""
    return {
        name: Role(
            id=name,
            title_zh=entry["title"][0],
            title_en=entry["title"][1],
            family=entry["family"],
            actions=frozenset(entry["may"]),
            needs_second_factor=entry.get("needs_second_factor", False),
        )
        for name, entry in _file()["roles"].items()
    }


@cache
def actions() -> Mapping[str, tuple[str, str]]:
    """Every action with its words in Chinese and English."""
    return {name: (zh, en) for name, (zh, en) in _file()["actions"].items()}


def exclude_each_other(names: Iterable[str]) -> tuple[str, str] | None:
    """Two of these roles that one person may not have both; None where all go together.

    Each administrator excludes the other administrators and every role of work (三员分立).
    """
    different = sorted(set(names))
    for first in different:
        for second in different:
            families = {roles()[first].family, roles()[second].family}
            if first < second and ADMINISTRATOR in families:
                return first, second
    return None


@cache
def _file() -> Mapping[str, Mapping[str, dict]]:
    text = files("hengtan.office").joinpath("roles.yaml").read_text(encoding="utf-8")
    content: Mapping[str, Mapping[str, dict]] = yaml.safe_load(text)
    return content
