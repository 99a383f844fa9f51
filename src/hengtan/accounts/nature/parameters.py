"""Parameters of water beside the rows that they hold for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ibis import _

from hengtan.graph.in_force import in_force


def with_parameters(rows: Any, parameters: Any, named: Mapping[str, str]) -> Any:
    """Rows with parameters in force on their day beside them; missing where none is.

    ``parameters``: the pack table ``water_parameters``; ``named``: parameter → column it comes in.
    """
    for parameter, column in named.items():
        term = parameters.filter(_.parameter == parameter).select(
            "valid_from", "valid_to", **{column: _.value}
        )
        rows = in_force(rows, term, day="day").drop("valid_from", "valid_to")
    return rows
