"""The verbs of the Makefile without make: ``python make.py demo | test | lint | types | docs | bench | wheelhouse``.

Each verb sets up what it needs in ``.venv`` from a bare Python 3.11 with pip, with the versions of ``constraints.txt``. A folder ``wheelhouse``
(made by the verb of that name) serves offices without network. ``HENGTAN_REQUIRE=spark`` adds PySpark to the tests, which needs Java.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("HENGTAN_VENV", ROOT / ".venv"))
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EXTRAS = {
    "demo": "",
    "test": "[dev,postgres]",
    "lint": "[dev,postgres]",
    "types": "[dev,postgres]",
    "docs": "[docs]",
    "bench": "[dev,postgres]",
}


if "spark" in os.environ.get("HENGTAN_REQUIRE", "").split(","):
    EXTRAS["test"] = "[dev,postgres,spark]"


def run(*command: object, **environment: str) -> None:
    """Run a command in the root folder; its exit status ends this program when it is not 0."""
    done = subprocess.run(
        [str(c) for c in command], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def set_up(extras: str) -> None:
    """Make ``.venv`` and install the program with ``extras``, unless this very set is there already."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python reaches this line before pip refuses)
        sys.exit("衡碳需要 Python 3.11 或更新版本 | Hengtan needs Python 3.11 or newer")
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        print("建立 .venv … | making .venv …", flush=True)
        run(sys.executable, "-m", "venv", VENV)
    asked = (
        (ROOT / "pyproject.toml").read_bytes()
        + (ROOT / "constraints.txt").read_bytes()
        + extras.encode()
    )
    stamp = VENV / f"hengtan-{extras.strip('[]').replace(',', '-') or 'base'}.stamp"
    digest = hashlib.sha256(asked).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(
        f"安装 hengtan{extras}（首次约需一两分钟）… | installing, a minute or two the first time …",
        flush=True,
    )
    local = (
        ["--no-index", "--find-links", ROOT / "wheelhouse"]
        if (ROOT / "wheelhouse").is_dir()
        else []
    )
    run(
        BIN / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        *local,
        "-c",
        "constraints.txt",
        "setuptools",
        "wheel",
    )
    run(
        BIN / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-build-isolation",
        *local,
        "-c",
        "constraints.txt",
        "-e",
        f".{extras}",
    )
    stamp.write_text(digest)


def wheelhouse() -> None:
    """Download every wheel the program and its tests need into ``wheelhouse``, for installing without network."""
    set_up("")
    run(
        BIN / "python",
        "-m",
        "pip",
        "download",
        "-q",
        "-d",
        "wheelhouse",
        "-c",
        "constraints.txt",
        "setuptools",
        "wheel",
        ".[dev,postgres,docs]",
    )
    print("完成：wheelhouse/ | done: wheelhouse/")


def main(arguments: list[str]) -> None:
    """Run one verb; what follows it is passed on."""
    verb, rest = (arguments[0] if arguments else ""), arguments[1:]
    if verb == "wheelhouse":
        return wheelhouse()
    if verb not in EXTRAS:
        sys.exit(__doc__)
    set_up(EXTRAS[verb])
    if verb == "demo":
        run(BIN / "hengtan", "demo", *rest)
    elif verb == "test":
        run(BIN / "python", "-m", "pytest", *rest)
    elif verb == "lint":
        run(BIN / "ruff", "check", ".")
        run(BIN / "ruff", "format", "--check", ".")
        run(BIN / "lint-imports")
    elif verb == "types":
        run(BIN / "mypy")
    elif verb == "docs":
        run(BIN / "mkdocs", "build", "--strict", "-q", *rest)
    elif verb == "bench":
        run(BIN / "python", "benchmarks/run.py", *rest)


if __name__ == "__main__":
    main(sys.argv[1:])
