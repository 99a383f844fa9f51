"""A workspace folder: its settings file, which folder a command means, and making a new one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hengtan.basis.border import checked_id, yaml_mapping
from hengtan.basis.errors import HengtanError, NotAWorkspace, Where
from hengtan.basis.whole_files import write_whole

SETTINGS = "hengtan.yaml"
DEMO_FOLDER = "hengtan-demo"


@dataclass(frozen=True)
class Settings:
    """What a workspace is for: title, region, pack, whether it holds demonstration data, and its
    catalogue.

    ``demo_city``: the people in it are made up too, and may be tried on this machine
    (``web/rooms/people/trying.py``). ``catalogue`` names an environment variable that holds a
    PostgreSQL address; empty means SQLite in the folder. The address itself, with its password, is
    never written.
    """

    title_zh: str
    title_en: str
    region: str
    pack: str
    demo: bool = False
    catalogue: str = ""
    demo_city: bool = False

    def catalogue_address(self) -> str | None:
        """The PostgreSQL address, or None for SQLite.

        Raises HengtanError when the variable is not set.
        """
        if not self.catalogue:
            return None
        address = os.environ.get(self.catalogue)
        if not address:
            raise HengtanError(
                f"环境变量 {self.catalogue} 未设置，无法连接共享目录库",
                f"environment variable {self.catalogue} is not set",
                todo="设置为 postgresql:// 地址",
                todo_en="set it to the postgresql:// address",
            )
        return address


def read_settings(folder: Path) -> Settings:
    """The settings of a workspace folder. Raises NotAWorkspace or HengtanError."""
    path = folder / SETTINGS
    if not path.is_file():
        raise NotAWorkspace(
            f"“{folder}”不是工作区",
            f"'{folder}' is no workspace",
            todo="先运行 hengtan demo 或 hengtan new，或用 --workspace 指定",
            todo_en="run hengtan demo or hengtan new, or give --workspace",
        )
    return _settings(yaml_mapping(path, Where(SETTINGS)))


def _settings(content: Mapping[str, Any]) -> Settings:
    """Settings from their mapping, each of its kind. Raises HengtanError."""
    where = Where(SETTINGS)
    fields = Settings.__dataclass_fields__
    values = {name: _plain(content[name]) for name in fields if name in content}
    for name in fields:
        kind = bool if name in ("demo", "demo_city") else str
        missing = name not in values and name not in ("demo", "catalogue", "demo_city")
        if missing or not isinstance(values.get(name, kind()), kind):
            raise HengtanError(
                f"设置“{name}”缺少或写法不对",
                f"the setting '{name}' is missing or of another kind",
                where=where,
                todo="改正后再试",
                todo_en="correct it",
            )
    checked_id(values["pack"], where)
    checked_id(values["region"], where)
    return Settings(**values)


def _plain(value: Any) -> Any:
    """A code written without quotes as the text that is meant."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def write_settings(folder: Path, settings: Settings) -> None:
    """Write the settings file of a new workspace."""
    told_of = {k: v for k, v in vars(settings).items() if v or k != "demo_city"}
    text = yaml.safe_dump(told_of, allow_unicode=True, sort_keys=False)
    write_whole(folder / SETTINGS, "# 衡碳工作区设置 Hengtan workspace settings\n" + text)


def chosen_folder(folder: str | Path | None) -> Path:
    """The folder a command means: the one named, ``HENGTAN_WORKSPACE``, the current one if it is a
    workspace, ``./hengtan-demo``.
    """
    named = folder or os.environ.get("HENGTAN_WORKSPACE")
    if named:
        return Path(named)
    here = Path.cwd()
    return here if (here / SETTINGS).is_file() else here / DEMO_FOLDER
