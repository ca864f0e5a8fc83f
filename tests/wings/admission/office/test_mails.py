"""The mails of decisions: each is sent only for a decision that is written, once its account is complete."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.mails import MAIL, decision_mail
from tests.support.applications import NILS
from tests.support.stored_applications import IN_JULY, accept, application_of, decide, open_admission, stored, withdraw
from tests.support.world import World

WAIT = AdmissionDecisionInput("waiting", "Mme Lyre")
DECLINE = AdmissionDecisionInput("declined", "Mme Lyre", "Pas de place.")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_admission(world)
    application_of(world)


def subjects(world: World) -> list[str]:
    return [mail.subject.partition(" - ")[0] for mail in world.mails()]


def test_who_withdrew_meanwhile_is_told_nothing_of_a_waiting_list(world: World) -> None:
    decide(world, WAIT, "Nils")
    withdraw(world, NILS.key)
    world.deliver_patiently()

    assert subjects(world) == []
    assert world.events()[-1] | {"time": "", "request": ""} == {
        "time": "",
        "request": "",
        "event": "admission_dropped",
        "reason": "not_so",
    }


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (IN_JULY, "Complétez votre demande au plus tard le 10 juillet 2027"),  # its last day
        (datetime(2027, 7, 11, 8, 0, tzinfo=UTC), "Au plus tard le 20 juillet 2027, déposez la pièce demandée"),
    ],
)
def test_a_question_asks_for_what_can_still_be_done(world: World, at: datetime, says: str) -> None:
    world.now = at
    ask = AdmissionDecisionInput("to_complete", "Mme Lyre", "Quel jour ?", until=date(2027, 7, 20))
    decide(world, ask, "Nils")
    world.deliver()

    assert says in world.mails()[-1].text


def test_a_welcome_waits_for_its_account(world: World) -> None:
    with world.aws.failing("PutItem", "before"), pytest.raises(Unavailable):
        accept(world, "Nils")
    job = decision_mail(world.services, stored(world), NILS.key, "request-1")
    with pytest.raises(NotConfirmedYet):
        MAIL.send(world.services, job, world.now)

    accept(world, "Nils")
    MAIL.send(world.services, job, world.now)

    assert subjects(world) == ["Votre pré-inscription est acceptée : bienvenue"]
