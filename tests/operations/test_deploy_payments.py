"""The contracts with PayFiP: tried before a deployment and in the status, without a payment."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.settings.environment import Network, load_network
from operations.deploy.checks import Fault
from operations.deploy.payments import contracts_of, try_contracts
from tools.local.payfip import CONTRACT, LocalPayFip, serving


@pytest.fixture(scope="module")
def standin() -> Iterator[LocalPayFip]:
    with serving() as service:
        yield service


def network_with(address: str, **contracts: str) -> Network:
    network = load_network()
    assert network.payment
    payment = replace(network.payment, contract=CONTRACT, address=address, contracts=contracts)
    return replace(network, wings=("billing", "payment"), payment=payment)


def test_a_contract_goes_by_the_service_s_name(standin: LocalPayFip) -> None:
    lines = list(try_contracts(network_with(standin.address)))

    assert lines == [f"PayFiP: {CONTRACT}, REGIE FICTIVE CONSERVATOIRES, mode W (production)"]
    assert not any(isinstance(line, Fault) for line in lines)
    assert standin.operations == {}


def test_a_contract_refused_or_untried_is_a_fault(standin: LocalPayFip) -> None:
    site = load_network().sites[0].code
    lines = [
        *try_contracts(network_with(standin.address, **{site: "123456"})),
        *try_contracts(network_with("http://127.0.0.1:1")),
    ]

    assert [isinstance(line, Fault) for line in lines] == [True, False, True]
    assert "PayFiP refuses the contract 123456 (T2)" in lines[0]
    assert f"{CONTRACT} could not be tried" in lines[2]


def test_a_network_without_payments_asks_nothing() -> None:
    network = replace(load_network(), wings=("billing",))
    assert list(try_contracts(network)) == []


def test_a_stand_in_on_this_machine_is_not_tried_by_a_deployment(standin: LocalPayFip) -> None:
    assert list(contracts_of(network_with(standin.address))) == []
    assert len(list(contracts_of(network_with("https://127.0.0.1:1")))) == 1
