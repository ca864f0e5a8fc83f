"""« Où en est ma demande »: a number, however it is typed, leads to the code's page."""

import pytest

from tests.support.admission import START
from tests.support.world import Visitor, World

SUIVI = f"{START}/suivi"


@pytest.mark.parametrize("typed", ["P26-K4TN-8WCB", " p26 k4tn 8wcb ", "p26k4tn8wcb"])
def test_a_number_leads_to_the_code_whatever_it_is(world: World, visitor: Visitor, typed: str) -> None:
    answer = visitor.post(SUIVI, {"numero": typed})

    assert (answer.status_code, answer.headers["Location"], answer.text) == (303, f"{START}/code", "")
    assert world.aws.calls == ["UpdateItem", "SendMessageBatch"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Saisissez le numéro de votre reçu"),
        ("P26-K4", "Ce numéro n'est pas complet."),
        ("merle@", "n'est pas complète"),
    ],
)
def test_what_is_no_number_is_said_beside_its_field(visitor: Visitor, typed: str, message: str) -> None:
    answer = visitor.post(SUIVI, {"numero": typed})

    assert answer.status_code == 422
    assert message in answer.text.partition('id="numero-erreur"')[2]


def test_numbers_are_asked_for_thirty_times_in_ten_minutes_from_one_client(visitor: Visitor) -> None:
    answers = [visitor.post(SUIVI, {"numero": f"P26-BBBB-{number:04d}"}).status_code for number in range(31)]

    assert answers == [303] * 30 + [429]
