"""All of one family's re-enrolment, found by its identifier or a receipt's number, however they are said."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.show import FamilyQuery, enrolment_overview, find
from chalicelib.office.refusals import OfficeRefusal
from tests.support.enrolled import CANARI, NUMBERS, SEASON, alone, open_period, rossignol, submitted_alone
from tests.support.enrolling import EVE, LEO, ZELIE
from tests.support.world import ROSSIGNOL, World


@pytest.fixture
def season(world: World) -> World:
    open_period(world)
    rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    return world


def test_a_family_is_found_however_it_is_named(season: World) -> None:
    ways = ["XEN 1", "xen1", "R27-K4TN-8WCB", "r27 k4tn 8wcb", "R27K4TN8WCB", " r 27 - K4 TN - 8W CB "]

    found = {typed: find(season.services, FamilyQuery(typed), season.now).enrolment.ref for typed in ways}

    assert found == dict.fromkeys(ways, EnrolmentRef(ROSSIGNOL, SEASON))


def test_a_receipt_of_another_site_is_found_there(season: World) -> None:
    family = find(season.services, FamilyQuery(NUMBERS[1]), season.now)

    assert (family.account.name, family.enrolment.ref.account) == ("Famille Canari", CANARI)
    assert find(season.services, FamilyQuery(NUMBERS[1], "evry-magnard"), season.now) == family


def code_of_the_refusal(season: World, named: FamilyQuery) -> str:
    with pytest.raises(OfficeRefusal) as refused:
        find(season.services, named, season.now)
    return refused.value.code


def test_what_is_not_there_is_refused(season: World) -> None:
    wanted = {
        FamilyQuery("R27-ZZZZ-9999"): "receipt_unknown",
        FamilyQuery(NUMBERS[1], "evry-xenakis"): "receipt_unknown",
        FamilyQuery("XEN 99"): "family_unknown",
        FamilyQuery("XEN 1", "evry"): "site_unknown",
        FamilyQuery("XEN 1", None, "demain"): "season_malformed",
        FamilyQuery("---"): "family_unknown",
        FamilyQuery("  "): "identifier_malformed",
    }

    assert {named: code_of_the_refusal(season, named) for named in wanted} == wanted


def test_an_identifier_at_two_sites_asks_which(season: World) -> None:
    alone(season, AccountRef("evry-magnard", "xen1"), "Famille Canari", "Ana")

    with pytest.raises(OfficeRefusal) as refused:
        find(season.services, FamilyQuery("xen1"), season.now)

    assert refused.value.code == "several_sites"
    assert find(season.services, FamilyQuery("xen1", "evry-xenakis"), season.now).account.ref == ROSSIGNOL


def test_all_is_shown(season: World) -> None:
    found = enrolment_overview(season.services, FamilyQuery("XEN 1"), season.now)

    assert found.site
    assert (found.site.name, found.step) == ("Evry - Xénakis", "started")
    assert [(pupil.file.name, pupil.file.state) for pupil in found.family.pupils] == [
        (ZELIE.name, "submitted"),
        (LEO.name, "draft"),
        (EVE.name, "leaving"),
    ]
    assert [(document.title, document.of, document.provided is not None) for document in found.documents] == [
        ("Avis d'imposition ou attestation de quotient familial", "", False),
        ("Certificat médical pour la danse", LEO.name, True),
    ]


def test_another_season_is_shown_as_it_was(season: World) -> None:
    assert enrolment_overview(season.services, FamilyQuery("XEN 1", None, "2026"), season.now).step is None
    a_year_later = season.wait(timedelta(days=365))
    assert (
        enrolment_overview(season.services, FamilyQuery(NUMBERS[0]), a_year_later).family.enrolment.ref.season == SEASON
    )


@pytest.mark.parametrize("call", ["Query", "GetItem"])
def test_a_read_that_fails_shows_nothing(season: World, call: str) -> None:
    with season.aws.failing(call, "before"), pytest.raises(Unavailable):
        enrolment_overview(season.services, FamilyQuery(NUMBERS[0]), season.now)
