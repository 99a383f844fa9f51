"""The ``hengtan`` command: verbs in Chinese first, each with ``--json`` where a machine may read.

Errors are one line on standard error with exit status 1; wrong usage is 2. Nothing heavy is
imported until a verb needs it.
"""

from __future__ import annotations


def main() -> None:
    """Entry point of the command line."""
    from hengtan.cli.main import run

    run()


__all__ = ["main"]
