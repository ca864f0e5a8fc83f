"""The mails about a place accepted or declined, and about a withdrawal: their text, sent for stored changes only."""

import pytest

from chalicelib.wings.admission.flows.application import withdraw
from chalicelib.wings.admission.flows.offer import decline_offer, take_offer
from tests.support.admission import MERLE
from tests.support.applications import ALBA, NILS
from tests.support.offers import PIANO, come, offer_place, send_application
from tests.support.world import Visitor, World

FOLLOW_UP = "http://127.0.0.1:8000/extranet/pre-inscription/suivi"


@pytest.fixture(autouse=True)
def sent(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)


def test_a_place_taken_is_told_with_what_comes_next_and_the_documents_awaited(world: World, visitor: Visitor) -> None:
    name, status = offer_place(world, PIANO), come(world, visitor)
    status = come(world, visitor)
    progress = status.candidate(ALBA.key)
    assert progress

    take_offer(world.visit(), status, progress, name)
    world.deliver()

    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (MERLE, "Vous avez accepté une place - Evry - Xénakis")
    assert "Place : Piano, Débutant, Evry - Xénakis" in mail.text
    assert "L'administration vérifie les pièces, ouvre votre compte, puis confirme l'inscription" in mail.text
    assert "Les autres vœux pour Alba Geai sont terminés" in mail.text
    assert "- Justificatif de domicile" in mail.text
    assert FOLLOW_UP in mail.text
    assert FOLLOW_UP in mail.html


def test_a_place_declined_never_reads_like_one_that_is_kept(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    status = come(world, visitor)
    progress = status.candidate(ALBA.key)
    assert progress

    decline_offer(world.visit(), status, progress, name)
    world.deliver()

    (mail,) = world.mails()
    assert mail.subject == "Vous avez refusé une place - Evry - Xénakis"
    assert "vous ne pouvez plus la reprendre" in mail.text
    assert "Les autres vœux pour Alba Geai restent en attente" in mail.text
    assert "accept" not in mail.text


def test_a_withdrawal_tells_of_whom_and_who_goes_on(world: World, visitor: Visitor) -> None:
    withdraw(world.visit(), come(world, visitor), [NILS.key])
    world.deliver()

    (mail,) = world.mails()
    assert mail.subject == "Votre demande de pré-inscription est retirée - Evry - Xénakis"
    assert "pour Nils Geai, le" in mail.text
    assert "La demande continue pour Alba Geai." in mail.text
