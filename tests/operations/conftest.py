"""Fixtures: an operator with a stage of their own, which is deleted at the end."""

from collections.abc import Iterator

import pytest

from operations.deploy.destroy import destroy
from tests.support.aws import TestAws
from tests.support.operator import Operator


@pytest.fixture
def operator(aws: TestAws) -> Iterator[Operator]:
    made = Operator(aws)
    yield made
    made.answer = made.stage.name
    destroy(made.aws, made.stage, made.output.append, made.ask, pause=0)
