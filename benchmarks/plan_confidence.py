"""Fit of the confidence of readings, and the share right among the sure ones.

    python benchmarks/plan_confidence.py PASSAGES.jsonl SCORE.py [--fit]

PASSAGES must not have served to make rules. Prints how many readings are right at ``SURE`` and
above with Wilson's interval; with ``--fit`` the weights that these passages would give (ridge
logistic regression, Newton's method).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.plan.reader.confidence import FITTED, SURE, signs_of
from hengtan.plan.reader.draft import number
from hengtan.plan.reader.reading import read
from hengtan.plan.reader.stated import StatedTarget

Z = 1.96


def readings(passages: list[dict[str, Any]], scorer: Any) -> list[tuple[StatedTarget, bool]]:
    """Every target read, and whether the annotation has it."""
    rows = []
    for passage in passages:
        targets = read(passage["text"], passage.get("year")).targets
        gold = [scorer.prep(target) for target in passage["targets"]]
        said = [scorer.prep(_in_guide(target)) for target in targets]
        pairs = scorer.assign(gold, said, lambda g, p: scorer.pair_score(g, p, False, 0.5))
        right = {at for _, at in pairs}
        rows += [(target, at in right) for at, target in enumerate(targets)]
    return rows


def _in_guide(target: StatedTarget) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "operator": target.operator,
        "value": number(target.value),
        "value2": number(target.value2) if target.value2 else None,
        "unit": target.unit,
        "deadline": target.deadline,
        "region": target.region,
    }


def wilson(right: int, among: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, z2 = right / among, Z * Z / among
    middle = (share + z2 / 2) / (1 + z2)
    half = Z * np.sqrt(share * (1 - share) / among + z2 / (4 * among)) / (1 + z2)
    return middle - half, middle + half


def fit(rows: list[tuple[StatedTarget, bool]], ridge: float = 1.0) -> dict[str, float]:
    """Log odds of a plain reading and what each sign adds."""
    shown = [signs_of(t.indicator, t.unit, t.region, t.doubts) for t, _ in rows]
    signs = np.array([[1.0, *(float(sign in of) for sign in FITTED)] for of in shown])
    right = np.array([float(is_right) for _, is_right in rows])
    weights = np.zeros(signs.shape[1])
    held_back = np.diag([0.0] + [ridge] * len(FITTED))
    for _ in range(50):
        share = 1 / (1 + np.exp(-signs @ weights))
        slope = signs.T @ (share - right) + held_back @ weights
        bend = signs.T @ (signs * (share * (1 - share))[:, None]) + held_back
        weights -= np.linalg.solve(bend, slope)
    return dict(zip(["plain", *FITTED], weights.round(2).tolist(), strict=True))


def main() -> None:
    """Print the share right among the sure readings, and the fit where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    spec = importlib.util.spec_from_file_location("score", asked.scorer)
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    lines = asked.passages.read_text(encoding="utf-8").splitlines()
    rows = readings([json.loads(line) for line in lines], scorer)
    sure = [is_right for target, is_right in rows if target.confidence >= SURE]
    low, high = wilson(sum(sure), len(sure))
    print(f"readings {len(rows)}, right {sum(is_right for _, is_right in rows)}")
    print(f"at {SURE} and above: {sum(sure)} of {len(sure)} right", end=" ")
    print(f"({sum(sure) / len(sure):.3f}; {low:.3f} to {high:.3f})")
    if asked.fit:
        print(fit(rows))


if __name__ == "__main__":
    main()
