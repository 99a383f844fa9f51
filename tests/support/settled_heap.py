"""A plugin of pytest: what collecting thousands of tests and loading the libraries leaves stays for
the whole run, and is not gone through for garbage again and again (a quarter of collecting).
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

OFTEN = (20_000, 10, 10)
"""After how many new objects the youngest are gone through; usual are 700."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing that is collected is garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(*OFTEN)
