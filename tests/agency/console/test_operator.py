"""The author of a command in the journal: the AWS identity, asked for once, and only if something is noted."""

from datetime import timedelta

import pytest

from agency.console import connection
from agency.console.connection import Connection
from operations.deploy.aws import Aws, identity_of
from tests.support.clef import OPERATOR, Clef
from tests.support.world import World
from tools.local.aws import REGION

PERIOD = "period set 2026-09-01 2026-09-15 --new"


@pytest.mark.parametrize(
    ("arn", "identity"),
    [
        ("arn:aws:iam::123456789012:user/marie", "user/marie"),
        ("arn:aws:iam::123456789012:user/agence/essonne/marie", "user/marie"),
        ("arn:aws:sts::123456789012:assumed-role/agence/marie", "assumed-role/agence/marie"),
        ("arn:aws:sts::1:assumed-role/SSO_1a2b/m.orme@example.org", "assumed-role/SSO_1a2b/m.orme@example.org"),
        ("arn:aws:sts::123456789012:federated-user/marie", "federated-user/marie"),
        ("arn:aws:iam::123456789012:root", "root"),
    ],
)
def test_an_identity_is_the_last_part_of_its_arn_without_account_or_path(arn: str, identity: str) -> None:
    assert identity_of(arn) == identity


@pytest.fixture
def clef_alone(world: World, clef: Clef, operator: Aws, monkeypatch: pytest.MonkeyPatch) -> Clef:
    """Give each command an AWS of its own, as a process has."""

    def connect_here() -> Connection:
        aws = Aws(REGION, world.aws.endpoint_url)
        aws.session = operator.session
        return Connection(world.services, aws, None, timedelta())

    monkeypatch.setattr(connection, "_local", connect_here)
    world.aws.calls.clear()
    return clef


@pytest.mark.wing("admission")
def test_an_act_is_noted_under_the_identity_that_aws_proves(clef_alone: Clef, world: World) -> None:
    assert clef_alone(f"{PERIOD} --apply").code == 0

    (entry,) = world.services.audit_trail.on("*", "season")
    assert entry.author.who == OPERATOR
    assert world.aws.calls.count("GetCallerIdentity") == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PERIOD, marks=pytest.mark.wing("admission")),
        *("period show", "staff list"),
        pytest.param("progress", marks=pytest.mark.wing("campaign")),
    ],
)
def test_what_notes_nothing_does_not_ask(clef_alone: Clef, world: World, text: str) -> None:
    assert clef_alone(text).code == 0

    assert "GetCallerIdentity" not in world.aws.calls


def test_nothing_is_done_where_aws_does_not_name_the_operator(clef_alone: Clef, world: World) -> None:
    before = world.aws.everything(world.resources)

    with world.aws.failing("GetCallerIdentity", "before", error=(403, "AccessDenied")):
        result = clef_alone(f"{PERIOD} --apply")

    assert (result.code, result.out) == (1, "")
    assert world.aws.everything(world.resources) == before


def test_no_name_is_taken(clef: Clef) -> None:
    assert clef(f"{PERIOD} --apply --as 'Mme Lyre'").code == 2
