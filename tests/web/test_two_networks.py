"""Two networks in one process, as two stages run them: nothing of one opens the other.

The other network has the same sites, the same family and the same member, and perhaps copied secrets.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.account.change_links import ChangeLinks
from chalicelib.domain.account.keys import USES, Key, KeyRing
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import Settings
from tests.support import calendars, teaching
from tests.support.admission import mailed_code
from tests.support.aws import TestAws
from tests.support.change_links import NOT_ME, last_link, link_of
from tests.support.passkeys import give, outcome, response, telephone
from tests.support.staff import DESK, SECRETARY, enter, invite
from tests.support.world import CHEAP, EMAIL, PASSWORD, ROSSIGNOL, Visitor, World
from tools.local.aws import Resources
from tools.local.cdn import LocalCdn

ACCESS = "/extranet/compte/acces"
CHANGE = Correction("password", (), (), Actor("family"), datetime(2026, 9, 1, 6, 0, tzinfo=UTC), "decision")
OWN_KEYS = {use: KeyRing((Key(1, hashlib.sha256(f"other {use}".encode()).digest()),)) for use in USES}


@pytest.fixture(scope="session")
def other_resources(aws: TestAws) -> Resources:
    return aws.create("other", "ne-pas-repondre@saclay.example.org")


@pytest.fixture(params=["own secrets", "copied secrets"])
def other(
    request: pytest.FixtureRequest, aws: TestAws, world: World, settings: Settings, other_resources: Resources
) -> World:
    """Make the other network. Its operator may have copied the secrets of the first one by mistake."""
    aws.wipe(other_resources)
    network = replace(settings.network, name="Conservatoires de Saclay", public_url="http://saclay.example.org")
    secrets: dict[str, Any] = (
        {} if "copied" in request.param else {"record_key": "another key of pseudonyms", "keys": OWN_KEYS}
    )
    there = replace(settings, **asdict(other_resources), network=network, **secrets)
    services = OfficeServices.over(replace(wiring.build(there, calls=1, patience=20), hasher=CHEAP))
    other_world = World(aws, other_resources, services)
    other_world.now = world.now
    return other_world


@pytest.fixture
def visitor(front: LocalCdn) -> Visitor:
    """Make a browser that shows both networks the same cookies, as a thief can."""
    return Visitor(front)


@contextmanager
def at(world: World) -> Iterator[None]:
    """Have the pages be those of a network."""
    with wiring.using(world.services):
        yield


def test_a_session_opens_its_own_network_alone(world: World, other: World, visitor: Visitor) -> None:
    world.settle()
    other.settle()
    visitor.log_in()
    enter(world, visitor, SECRETARY)
    token = visitor.cookie("clef-bureau")
    enter(other, Visitor(lambda *_: []), SECRETARY)
    paths = ("/extranet/compte", DESK)

    statuses = [visitor.get(path).status_code for path in paths]
    with at(other):
        visitor.show(token, "clef-bureau")
        answers = [visitor.get(path) for path in paths]

    assert statuses == [200, 200]
    assert [answer.headers.get("Location", "").partition("?")[0] for answer in answers] == [
        "/extranet/usager",
        f"{DESK}/connexion",
    ]


def test_a_mailed_link_opens_its_own_network_alone(world: World, other: World, visitor: Visitor) -> None:
    form = {"actuel": PASSWORD, "nouveau": "Merle7Moqueur", "confirmation": "Merle7Moqueur"}
    for here in (other, world):
        with at(here):
            here.settle()
            visitor.log_in()
            assert visitor.post("/extranet/compte/mot-de-passe", form).status_code == 303
    world.deliver()
    invite(other)
    words = {f"{NOT_ME}/{last_link(world, EMAIL)}": "protéger le compte</button>"}
    words[f"{DESK}/invitation/{invite(world)}"] = 'name="nouveau"'

    are_open = [word in visitor.get(path).text for path, word in words.items()]
    with at(other):
        are_open += [word in visitor.get(path).text for path, word in words.items()]

    is_copied = other.services.settings.keys == world.services.settings.keys
    assert are_open == [True, True, is_copied, False]


@pytest.mark.wing("teaching")
def test_a_calendar_s_address_opens_its_own_network_alone(world: World, other: World, visitor: Visitor) -> None:
    calendar = calendars.of_family(world, visitor)
    address = calendar.made()
    teaching.settle_courses(other, teaching.WEDNESDAY)

    assert calendar.status(address) == 200
    with at(other):
        assert calendar.status(address) == 404


def test_a_mailed_code_opens_its_own_network_alone(world: World, other: World, visitor: Visitor) -> None:
    world.settle()
    other.settle()
    visitor.post(
        f"{ACCESS}/premiere-connexion", {"site": ROSSIGNOL.site, "identifiant": ROSSIGNOL.identifier, "email": EMAIL}
    )
    world.deliver()
    form = {"code": mailed_code(world)}

    with at(other):
        answer = visitor.post(f"{ACCESS}/code", form)

    assert answer.headers.get("Location") != f"{ACCESS}/choix"
    assert visitor.post(f"{ACCESS}/code", form).headers["Location"] == f"{ACCESS}/choix"


def test_a_passkey_opens_its_own_network_alone(world: World, other: World) -> None:
    phone = telephone()
    for here in (world, other):
        here.settle()
        give(here, phone)  # as if its record had been copied too

    assert outcome(world, response(world, phone)) == ROSSIGNOL.identifier
    with at(other):
        assert outcome(other, response(other, phone)) == "PasskeyUnusable"


def test_copied_secrets_would_open_two_things_so_that_no_deployment_takes_them(world: World, other: World) -> None:
    """A browser is known, and « Ce n'est pas moi » opens for the same mailbox (decision 170)."""
    is_copied = other.services.settings.keys == world.services.settings.keys
    for here in (world, other):
        here.settle()
    link = link_of(world, ROSSIGNOL, CHANGE, EMAIL)
    links = ChangeLinks(other.services.settings.key_ring("change-links"), other.services.record.pseudonyms)

    device = other.new_client(devices=world.device()).devices.find(ROSSIGNOL, other.now)

    assert [device is not None, links.open(link, other.now) is not None] == [is_copied, is_copied]
