"""Runs the command line: every verb is registered here, and an error becomes one line with its exit
status.
"""

from __future__ import annotations

import sys

import hengtan.cli.accounts
import hengtan.cli.assess
import hengtan.cli.assistants
import hengtan.cli.budget
import hengtan.cli.bulletin
import hengtan.cli.calc
import hengtan.cli.check
import hengtan.cli.decompose
import hengtan.cli.demo
import hengtan.cli.dispatch
import hengtan.cli.evidence
import hengtan.cli.files
import hengtan.cli.find
import hengtan.cli.forecast
import hengtan.cli.inventories
import hengtan.cli.label
import hengtan.cli.new
import hengtan.cli.pathway
import hengtan.cli.pathway_odds
import hengtan.cli.people
import hengtan.cli.plans
import hengtan.cli.portfolio
import hengtan.cli.report
import hengtan.cli.serve
import hengtan.cli.status
import hengtan.cli.upkeep
import hengtan.cli.work  # noqa: F401 (importing registers the verbs)
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.cli import show
from hengtan.cli.app import Debug, app
from hengtan.cli.machine import of_the_machine


def _tell(error: HengtanError) -> None:
    """What is wrong, with the id by which a case may give a parameter that is not established."""
    if len(error.findings) > 1:
        show.findings(error.findings)
    show.say(f"错误 {error}", error=True)
    if isinstance(error, ParameterNotEstablished) and error.parameter:
        show.say(f"参数编号 {error.parameter} | id of the parameter", error=True)


def run() -> None:
    """Run the command line; a HengtanError becomes one line and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except HengtanError as error:
        if Debug.on:
            raise
        if "--json" in sys.argv:
            show.say(show.as_json({"error": error.as_dict()}))
        else:
            _tell(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        show.say("已中断 | interrupted", error=True)
        sys.exit(130)
    except Exception as error:
        if Debug.on:
            raise
        refused = of_the_machine(error)
        if refused is not None:
            show.say(f"错误 {refused}", error=True)
            sys.exit(1)
        text = " ".join(str(error).split())[:300]
        show.say(
            f"错误 程序内部错误：{type(error).__name__} {text}；"
            "用 --debug 查看详情 | internal error, see --debug",
            error=True,
        )
        sys.exit(1)
