"""The overview of an unsent application: its steps, the next one, and a reminder that any device can resume it."""

from datetime import date

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from tests.support.admission import announce, applicant
from tests.support.application_form import GUARDIAN_STEP, HOME, NEW_STEP, SUMMARY, promised
from tests.support.applications import ALBA, WHOLE
from tests.support.world import Visitor, World


def test_it_begins_with_who_asks(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)

    page = visitor.get(HOME).text

    assert "Rien n'est encore envoyé." in page
    assert f'href="{GUARDIAN_STEP}">Commencer : Vos coordonnées</a>' in page
    assert NEW_STEP in page


@pytest.mark.parametrize("has_papers", [True, False])
def test_it_leads_to_the_next_step_and_shows_the_done(world: World, visitor: Visitor, *, has_papers: bool) -> None:
    applicant(world, visitor, draft=WHOLE, provided=(promised(world),) if has_papers else ())

    page = visitor.get(HOME).text

    assert f"{HOME}/eleves/{ALBA.key}" in page
    assert f'main-button" href="{SUMMARY if has_papers else HOME + "/pieces"}">Continuer' in page
    assert "merle@example.org" in page


def test_after_the_period_it_is_said_that_nothing_was_sent(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, draft=WHOLE)
    announce(world, EnrolmentPeriod(date(2026, 8, 25), date(2026, 8, 31)))

    assert "la vôtre n'a pas été envoyée" in visitor.get(HOME).text
