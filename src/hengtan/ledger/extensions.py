"""The engine of a ledger: DuckDB with extensions straight from their installed wheels, so that no
network is asked and nothing is copied.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from hengtan.basis.errors import HengtanError

_TRUSTED: set[tuple[str, int, int]] = set()
"""Files of extensions whose signature the engine has checked in this process: path, size, time."""


def literal(value: object) -> str:
    """An SQL literal of a text, truth value, moment or None.

    (Parameters would make the engine import pandas.)
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def engine_with(*extensions: str) -> duckdb.DuckDBPyConnection:
    """An engine with extensions loaded.

    The engine checks the signature of an extension, which takes it longer than all else; of a file
    that is as it was when this process loaded it first, it does not again. ``HENGTAN_THREADS``
    bounds the processors that one engine works on.

    Raises HengtanError for an extension that is not installed or belongs to another engine.
    """
    files = [_file_of(extension) for extension in extensions]
    states = {_state(file) for file in files}
    config: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_unsigned_extensions": states <= _TRUSTED,
        "temp_directory": str(Path(tempfile.gettempdir()) / f"hengtan-spill-{os.getpid()}"),
    }
    engine = duckdb.connect(config=config | threads_allowed())
    for file in files:
        engine.execute(f"load {literal(file.as_posix())}")
    _TRUSTED.update(states)
    return engine


def threads_allowed() -> dict[str, int]:
    """The setting of DuckDB that ``HENGTAN_THREADS`` asks for; none where it is not a number."""
    stated = os.environ.get("HENGTAN_THREADS", "")
    return {"threads": max(1, int(stated))} if stated.isdecimal() else {}


def _state(file: Path) -> tuple[str, int, int]:
    about = file.stat()
    return str(file), about.st_size, about.st_mtime_ns


def _file_of(extension: str) -> Path:
    """The file of an extension in its wheel; its version is the engine's own or the wheel has no
    such folder.
    """
    package = f"duckdb_extension_{extension}"
    try:
        root = resources.files(importlib.import_module(package))
    except ModuleNotFoundError:
        wheel = package.replace("_", "-")
        raise HengtanError(
            f"缺少程序包 {wheel}",
            f"the package {wheel} is not installed",
            todo=f"请运行 pip install {wheel}=={duckdb.__version__}",
            todo_en=f"run pip install {wheel}=={duckdb.__version__}",
        ) from None
    folder = Path(str(root)) / "extensions" / f"v{duckdb.__version__}"
    file = folder / f"{extension}.duckdb_extension"
    if not file.is_file():
        raise HengtanError(
            f"{package} 与 duckdb {duckdb.__version__} 版本不一致",
            f"{package} does not belong to duckdb {duckdb.__version__}",
            todo="请重新安装衡碳",
            todo_en="install hengtan again",
        )
    return file
