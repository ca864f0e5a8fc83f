"""The contracts with PayFiP, tried by its question that pays nothing: before a deployment, and in `make status`."""

from collections.abc import Iterator

from chalicelib.domain.refusals import Unavailable
from chalicelib.settings.environment import Network, load_network
from chalicelib.wings.payment.services import PayFip, PayFipFault
from operations.deploy.checks import Deployed, Fault

_MODES = {"T": "tests, no money moves", "X": "activation", "W": "production"}


def payment_status(deployment: Deployed) -> Iterator[str]:
    """Name each contract as the service does. A refused one is a fault. Nothing in a network without payments."""
    yield from contracts_of(load_network(path=deployment.stage.settings.network_file))


def contracts_of(network: Network) -> Iterator[str]:
    """Try the contracts of a network, unless its service is a stand-in on this machine."""
    if network.payment and network.payment.address.startswith("https://"):
        yield from try_contracts(network)


def try_contracts(network: Network) -> Iterator[str]:
    """Ask the service for the name of each contract of a network that has payments."""
    payment = network.payment
    if payment is None or "payment" not in (network.wings or ()):
        return
    payfip = PayFip(payment.address)
    for contract in sorted({payment.contract, *payment.contracts.values()}):
        try:
            names = " ".join(payfip.contract_names(contract))
        except PayFipFault as fault:
            yield Fault(f"PayFiP refuses the contract {contract} ({fault.code}): ask the DGFiP for its number")
        except Unavailable as error:
            yield Fault(f"PayFiP: {contract} could not be tried ({error})")
        else:
            yield f"PayFiP: {contract}, {names}, mode {payment.mode} ({_MODES[payment.mode]})"
