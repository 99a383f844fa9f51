"""The verbs of the Makefile without make.

    python make.py demo | test | lint | types | docs | house | bench | wheelhouse | wheels
        | migrations | audit

Each verb sets up what it needs in ``.venv`` from a bare Python 3.11 with pip, with the versions of
``constraints.txt``. A folder ``wheelhouse`` (made by the verb of that name) serves offices without
network; ``wheels`` fills a folder with the program and all it stands on, for servers without one.
``HENGTAN_REQUIRE=spark`` adds PySpark to the tests, which needs Java. Tests run in
two to four processes unless what follows ``test`` says otherwise (``-n 0``, ``-p no:xdist``).
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
    "demo": "[outlook]",
    "test": "[dev,postgres]",
    "lint": "[dev,postgres]",
    "types": "[dev,postgres]",
    "docs": "[docs]",
    "house": "[dev,postgres]",
    "bench": "[dev,postgres]",
    "audit": "[dev,postgres]",
}

if "spark" in os.environ.get("HENGTAN_REQUIRE", "").split(","):
    # of all that use what the tests do, so that it is installed once
    EXTRAS |= {verb: "[dev,postgres,spark]" for verb in EXTRAS if EXTRAS[verb] == EXTRAS["test"]}
# A module stays in one process, so that its fixtures (a synthetic city, Spark) are made once; the
# longest modules come first (tests/conftest.py).
PROCESSES = str(max(2, min(4, 1 + (os.cpu_count() or 1))))
SHARED = ("-n", PROCESSES, "--dist", "loadscope", "--no-loadscope-reorder", "--durations=30")
HEAP = ("-p", "settled_heap")
SUPPORT = os.pathsep.join(filter(None, (str(ROOT / "tests/support"), os.environ.get("PYTHONPATH"))))
"""Where plugins of the suite are, which pytest looks for before it reads its settings."""
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "demo": (("hengtan", "demo"),),
    "lint": (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("lint-imports",)),
    "types": (("mypy",),),
    "docs": (("mkdocs", "build", "--strict", "-q"),),
    "house": (("python", "benchmarks/house.py", "--picture", "docs/house.svg"),),
    "bench": (("python", "benchmarks/run.py"),),
    "audit": (("python", "docs/audit.py"),),
}


def run(*command: object, **environment: str) -> None:
    """Run a command in the root folder; its exit status ends this program when it is not 0."""
    done = subprocess.run(
        [str(c) for c in command], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def pip(*arguments: object) -> None:
    """pip of ``.venv``, with the versions of ``constraints.txt``."""
    quiet = ("-q", "-c", "constraints.txt", "--disable-pip-version-check")
    run(BIN / "python", "-m", "pip", arguments[0], *quiet, *arguments[1:])


def set_up(extras: str) -> None:
    """Make ``.venv`` and install the program with ``extras``, unless this set is there already."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python comes here before pip refuses)
        sys.exit("衡碳需要 Python 3.11 或更新版本 | Hengtan needs Python 3.11 or newer")
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        print("建立 .venv … | making .venv …", flush=True)
        run(sys.executable, "-m", "venv", VENV)
    stamp = VENV / f"hengtan-{extras.strip('[]').replace(',', '-') or 'base'}.stamp"
    digest = hashlib.sha256(
        (ROOT / "pyproject.toml").read_bytes()
        + (ROOT / "constraints.txt").read_bytes()
        + extras.encode()
    ).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(f"安装 hengtan{extras}（首次约需一两分钟）…", flush=True)
    print("installing, a minute or two the first time …", flush=True)
    wheels = ROOT / "wheelhouse"
    local = ("--no-index", "--find-links", wheels) if wheels.is_dir() else ()
    pip("install", *local, "setuptools", "wheel")
    pip("install", "--no-build-isolation", *local, "-e", f".{extras}")
    stamp.write_text(digest)


def wheelhouse() -> None:
    """Download every wheel of the program and its tests, for installing without network."""
    set_up("")
    pip("download", "-d", "wheelhouse", "setuptools", "wheel", ".[dev,postgres,docs]")
    print("完成：wheelhouse/ | done: wheelhouse/")


def wheels(rest: list[str]) -> None:
    """All wheels of a shared installation into a folder (``wheels`` unless named), for a machine of
    the same system and Python: ``pip install --no-index --find-links wheels "hengtan[shared]"``.
    """
    folder = rest[0] if rest else "wheels"
    command = ("-m", "pip", "wheel", "-q", "--disable-pip-version-check", "-c", "constraints.txt")
    run(sys.executable, *command, "-w", folder, ".[shared]")
    print(f"完成：{folder}/ | done: {folder}/")


def migrations(rest: list[str]) -> None:
    """Write the step that follows from a change of a room's models."""
    code = (
        "import sys; from hengtan.web.settings import configure; configure();"
        "from django.core.management import call_command;"
        "call_command('makemigrations', *sys.argv[1:])"
    )
    set_up(EXTRAS["test"])
    run(BIN / "python", "-c", code, *rest)


def tests(rest: list[str]) -> None:
    """The suite, shared by some processes unless ``rest`` says how many."""
    stated = any(word.startswith(("-n", "--numprocesses", "no:xdist")) for word in rest)
    shared = () if stated else SHARED
    run(BIN / "python", "-m", "pytest", *HEAP, *shared, *rest, PYTHONPATH=SUPPORT)


def main(arguments: list[str]) -> None:
    """Run one verb; what follows it is passed on."""
    verb, rest = (arguments[0] if arguments else ""), arguments[1:]
    if verb == "wheelhouse":
        return wheelhouse()
    if verb == "wheels":
        return wheels(rest)
    if verb == "migrations":
        return migrations(rest)
    if verb not in EXTRAS:
        sys.exit(__doc__)
    set_up(EXTRAS[verb])
    if verb == "test":
        return tests(rest)
    for command in COMMANDS[verb]:
        run(BIN / command[0], *command[1:], *rest)


if __name__ == "__main__":
    main(sys.argv[1:])
