"""The season of the office's pages where no period is announced: last year's, until this year's has begun."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef, Periods
from tests.support.enrolled_families import NUMBERS, keep, open_period, submitted_alone
from tests.support.staff import DESK, enter
from tests.support.stored_applications import application_of
from tests.support.world import Visitor, World

SITE = "evry-xenakis"


@pytest.mark.wing("admission")
def test_new_year_forgets_nothing_that_was_never_decided(world: World, visitor: Visitor) -> None:
    open_period(world)
    submitted_alone(world, AccountRef(SITE, "xen9"), "Famille Alouette", "Ana Alouette", NUMBERS[0])
    application_of(world)
    world.services.periods.write(world.services.periods.read(), Periods())
    world.now = datetime(2028, 1, 3, 9, tzinfo=UTC)
    enter(world, visitor)

    page = visitor.get(DESK).text

    assert "<strong>1</strong> réinscription envoyée, à décider" in page
    assert "<strong>1</strong> demande à lire" in page
    pages = (f"reinscriptions?site={SITE}&etat=envoyee", f"reinscriptions/{SITE}/xen9", "demandes?etat=envoyee")
    names = ("Ana Alouette", "Réinscription 2027-2028", "Alba")
    is_on_page = {path: name in visitor.get(f"{DESK}/{path}").text for path, name in zip(pages, names, strict=True)}
    assert is_on_page == dict.fromkeys(pages, True)

    merle = AccountRef(SITE, "xen8")
    submitted_alone(world, merle, "Famille Merle", "Noé Merle", NUMBERS[1])
    enrolment = world.services.enrolments.find(EnrolmentRef(merle, "2027"))
    keep(world, replace(enrolment, ref=EnrolmentRef(merle, "2028")))
    text = visitor.get(f"{DESK}/reinscriptions?site={SITE}&etat=envoyee").text
    assert ("Noé Merle" in text, "Ana Alouette" in text) == (True, False)
