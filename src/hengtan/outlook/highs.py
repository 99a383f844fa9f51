"""HiGHS: whether it is installed, and the arrays of a program passed to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import Any, Literal

import numpy as np
from scipy.sparse import csc_array

from hengtan.basis.errors import HengtanError
from hengtan.outlook.certificate import NotProven
from hengtan.outlook.linear import Array, Numbers

Method = Literal["choose", "simplex", "ipm", "hipo"]
DEVEX = 1
"""The row that leaves the basis is chosen in a cheap measure of its edge."""
INSTALL: dict[str, Any] = dict.fromkeys(("todo", "todo_en"), 'pip install "hengtan[outlook]"')


class SolverMissing(HengtanError):
    """HiGHS, or the part of it that was asked for, is not installed in the version wanted."""


def pass_program(
    highs: Any, matrix: csc_array, arrays: Mapping[str, Array], whole: Any, offset: float
) -> None:
    """Pass a program to HiGHS: matrix, ``cost``, ``lower``, ``upper``, ``row_lower`` and
    ``row_upper``, 1 for each variable that must be whole, and what the cost begins with.

    Raises ``NotProven`` where HiGHS refuses it.
    """
    import highspy

    rows, columns = matrix.shape
    shared = (
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        offset,
        arrays["cost"],
        arrays["lower"],
        arrays["upper"],
        arrays["row_lower"],
        arrays["row_upper"],
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
    )
    done = highs.passModel(*shared, whole)
    if done == highspy.HighsStatus.kError:
        raise NotProven(
            "求解器不接受该模型（数值超出范围）", "the solver refused the program (range)"
        )


def set_basis(highs: Any, columns: Numbers, rows: Numbers) -> None:
    """Begin at a basis: 0 for what is at its lower bound, 1 at its upper bound, 2 in the basis."""
    import highspy

    status = highspy.HighsBasisStatus
    names = [status.kLower, status.kUpper, status.kBasic]
    basis = highspy.HighsBasis()
    basis.col_status = [names[number] for number in columns.tolist()]
    basis.row_status = [names[number] for number in rows.tolist()]
    basis.valid = True
    highs.setBasis(basis)


def marginal_of(highs: Any, weights: Array) -> Array:
    """Change of a weighted sum of the variables with one unit more of each row's limit, at the
    basis where HiGHS ended.
    """
    basic = np.asarray(highs.getBasicVariables()[1])
    of_basis = np.where(basic >= 0, weights[np.maximum(basic, 0)], 0.0)
    return np.asarray(highs.getBasisTransposeSolve(of_basis)[1], dtype=float)


@cache
def solver_library(method: Method) -> Any:
    """The module ``highspy``.

    Raises ``SolverMissing`` where it is not installed; where HiPO is asked for (by its name or as
    ``ipm``, which is HiPO once the extras are there) without ``highspy-extras``; and where the two
    are of different versions.
    """
    try:
        import highspy
    except ImportError as error:
        raise SolverMissing("未安装求解器", "no solver is installed", **INSTALL) from error
    own, extras = version_of("highspy"), version_of("highspy-extras")
    if method == "hipo" and extras is None:
        raise SolverMissing(
            "求解方法 hipo 需要 highspy-extras", "method hipo needs highspy-extras", **INSTALL
        )
    if extras is not None and extras != own:
        same = f"pip install highspy=={own} highspy-extras=={own}"
        raise SolverMissing(
            f"highspy（{own}）与 highspy-extras（{extras}）版本不一致",
            f"highspy ({own}) and highspy-extras ({extras}) differ",
            todo=same,
            todo_en=same,
        )
    return highspy


def version_of(package: str) -> str | None:
    """The installed version of a package, nothing where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
