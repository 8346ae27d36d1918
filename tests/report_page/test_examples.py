"""The examples in the docstrings of the report's parts hold."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from transforms.report.html import element, figure, numbers, policy, visible


@pytest.mark.parametrize("module", [element, figure, numbers, policy, visible], ids=lambda module: module.__name__)
def test_examples_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
