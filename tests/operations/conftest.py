"""Fixtures: an operator with a stage of their own, which is deleted at the end."""

from collections.abc import Iterator

import pytest

from tests.support.aws import TestAws
from tests.support.operator import Operator


@pytest.fixture
def operator(aws: TestAws) -> Iterator[Operator]:
    operator = Operator(aws)
    yield operator
    operator.leave()


target = operator  # the stage that gets a promotion


@pytest.fixture(scope="module")
def stack(aws: TestAws) -> Iterator[Operator]:
    operator = Operator(aws)
    operator.deploy()
    yield operator
    operator.leave()
