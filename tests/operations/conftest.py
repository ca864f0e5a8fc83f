"""Fixtures: an operator with a stage of their own, which is deleted at the end."""

from collections.abc import Iterator

import pytest

from chalicelib.settings.environment import load_network
from chalicelib.wings.payment.services import PayFip
from operations.deploy import payments
from tests.support.aws import TestAws
from tests.support.operator import Operator
from tools.local.payfip import LocalPayFip, serving


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


@pytest.fixture(scope="session")
def standin() -> Iterator[LocalPayFip]:
    with serving() as service:
        yield service


@pytest.fixture(autouse=True)
def its_address(monkeypatch: pytest.MonkeyPatch, standin: LocalPayFip) -> None:
    """Have the stand-in at the address of PayFiP in the tests' network."""
    payment = load_network().payment
    address = payment.address if payment else ""
    monkeypatch.setattr(payments, "PayFip", lambda to: PayFip(standin.address if to == address else to))
