"""The office's clients: boto3, on the session that the wiring prepared."""

from chalicelib import wiring
from chalicelib.infra.clients import by_boto3
from tests.support.world import World


def test_boto3_reads_what_botocore_wrote(world: World) -> None:
    world.settle()
    accounts = wiring.build(world.services.settings, clients=by_boto3).accounts

    assert accounts.find(world.account().ref) == world.account()
