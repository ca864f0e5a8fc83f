"""A family's whole re-enrolment, also found by a receipt."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.office.enrolment.decide import PupilVersion
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil
from chalicelib.office.enrolment.show import family_overview, find_by_receipt, receipt_number
from chalicelib.office.refusals import OfficeRefusal
from tests.support.enrolled_families import (
    BY,
    CANARI,
    CHANGES,
    GOES_ON,
    NUMBERS,
    SEASON,
    draft_again,
    judge,
    new_enrolment,
    open_for_rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import EVE, IN_JUNE, LEO, ZELIE
from tests.support.world import ROSSIGNOL, World

WANTED = EnrolmentDecision("declined", "Mme Houx", IN_JUNE + timedelta(days=1), "Plus de place.")


def sent() -> Enrolment:
    return send_pupils(new_enrolment(ROSSIGNOL, (("a1", "Zélie", GOES_ON),)), NUMBERS[0])


def pupil(world: World, enrolment: Enrolment) -> EnrolledPupil:
    return next(pupil for pupil in EnrolledFamily(world.settle(), enrolment).pupils if pupil.file.key == "a1")


def refused(world: World, version: PupilVersion, now: Enrolment) -> str:
    with pytest.raises(OfficeRefusal) as refusal:
        version.check(pupil(world, now), WANTED)
    return refusal.value.code


def test_what_stands_as_it_was_shown_may_be_decided_of(world: World) -> None:
    version = PupilVersion.of(pupil(world, sent()))

    version.check(pupil(world, draft_again(sent(), "a1", CHANGES)), WANTED)
    assert PupilVersion.parse("a1", version.text) == version
    assert version.text == f"{NUMBERS[0]}.{NUMBERS[0]}."


def test_what_came_since_is_told_apart(world: World) -> None:
    version = PupilVersion.of(pupil(world, sent()))
    household = sent().with_household(replace(sent().household, payer="Mairie"), SavedBy(BY, IN_JUNE))

    assert refused(world, version, send_pupils(draft_again(sent(), "a1", CHANGES), NUMBERS[1])) == "decide_resent"
    assert refused(world, version, submit(household, (), NUMBERS[1], SavedBy(BY, IN_JUNE))) == "decide_household"
    assert refused(world, version, judge(sent(), "a1", "accepted")) == "decide_meanwhile"
    assert refused(world, version, new_enrolment(ROSSIGNOL, (("a1", "Zélie", GOES_ON),))) == "decide_vanished"


SITES = ("evry-xenakis", "evry-magnard")


@pytest.fixture
def season(world: World) -> World:
    open_for_rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    return world


def test_a_receipt_s_number_is_read_however_it_is_spelt() -> None:
    assert {receipt_number(text) for text in ("R27-K4TN-8WCB", "r27k4tn8wcb", " r 27 - K4 TN 8W CB ")} == {NUMBERS[0]}
    for text in ("XEN 1", "P27-K4TN-8WCB", "R27-K4TN-8WC", "Rossignol", "", " - "):
        assert receipt_number(text) is None


def test_a_receipt_is_found_at_the_sites_that_are_asked_alone(season: World) -> None:
    def find(number: str, sites: Collection[str] = SITES) -> EnrolmentRef:
        return find_by_receipt(season.services, number, sites, season.now)

    assert find(NUMBERS[0]) == EnrolmentRef(ROSSIGNOL, SEASON)
    assert find(NUMBERS[1]) == EnrolmentRef(CANARI, SEASON)
    for number, sites in (("R27-ZZZZ-9999", SITES), (NUMBERS[1], SITES[:1]), ("R19-K4TN-8WCB", SITES)):
        with pytest.raises(OfficeRefusal, match="receipt_unknown"):
            find(number, sites)
    season.wait(timedelta(days=365))
    assert find(NUMBERS[0]).season == SEASON


def test_all_is_shown(season: World) -> None:
    overview = family_overview(season.services, ROSSIGNOL, None, season.now)

    assert overview.site
    assert (overview.site.name, overview.step) == ("Evry - Xénakis", "started")
    assert [(pupil.file.name, pupil.file.state) for pupil in overview.family.pupils] == [
        (ZELIE.name, "submitted"),
        (LEO.name, "draft"),
        (EVE.name, "leaving"),
    ]
    assert [(document.title, document.of, document.record is not None) for document in overview.documents] == [
        ("Avis d'imposition ou attestation de quotient familial", "", False),
        ("Certificat médical pour la danse", LEO.name, True),
    ]
    assert family_overview(season.services, ROSSIGNOL, "2026", season.now).step is None
    with pytest.raises(NotThere):
        family_overview(season.services, ROSSIGNOL, "demain", season.now)


def test_a_read_that_fails_shows_nothing(season: World) -> None:
    with season.aws.failing("Query", "before"), pytest.raises(Unavailable):
        find_by_receipt(season.services, NUMBERS[0], SITES, season.now)
    with season.aws.failing("BatchGetItem", "before"), pytest.raises(Unavailable):
        family_overview(season.services, ROSSIGNOL, None, season.now)
