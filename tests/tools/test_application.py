"""A new family's application by external programs, up to the receipt, and answers that no family should get."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from operations.journeys.journey import JourneyAnswer, JourneyLost, Send
from tests.support.admission import announce, mailed_code
from tests.support.world import Visitor, World
from tools.application import NewFamily, ask_for_place, look_again

ALBA = {
    "prenom": "Alba",
    "nom": "Geai",
    "naissance": "14/03/2016",
    "discipline-1": "Piano",
    "site-1": "evry-xenakis",
    "niveau-1": "Débutant",
}
NILS = {**ALBA, "prenom": "Nils", "discipline-1": "Violon"}


def sender(visitor: Visitor, names: list[str]) -> Send:
    def send(name: str, path: str, form: Mapping[str, str] | None) -> JourneyAnswer:
        names.append(name)
        answer = visitor.get(path) if form is None else visitor.post(path, dict(form))
        return JourneyAnswer(answer.status_code, answer.headers.get("Location", ""), answer.text)

    return send


def asked(world: World, visitor: Visitor, *pupils: Mapping[str, str], waits: float = 1) -> tuple[str, list[str]]:
    names: list[str] = []

    def read(_email: str) -> str:
        world.deliver()
        return mailed_code(world)

    def wait(seconds: float) -> None:
        world.wait(timedelta(seconds=seconds * waits))

    family = NewFamily("geai@example.org", pupils, groups=("habitant",))
    return ask_for_place(sender(visitor, names), family, read, wait), names


def test_a_new_family_goes_from_the_start_to_its_receipt(world: World, visitor: Visitor) -> None:
    announce(world)

    number, names = asked(world, visitor, ALBA, NILS)

    assert names[:4] == ["Pré-inscription", "POST Pré-inscription", "Code", "POST Code"]
    assert names.count("POST Élève") == 2
    assert names[-3:] == ["POST Récapitulatif", "Reçu", "POST quitter"]
    world.deliver()
    assert number in world.mails()[-1].text


def test_who_is_refused_counts_as_a_fault(world: World, visitor: Visitor) -> None:
    announce(world)

    with pytest.raises(JourneyLost, match="POST Pré-inscription: 422"):
        asked(world, visitor, ALBA, waits=0)
    with pytest.raises(JourneyLost, match="POST Élève: 422"):
        asked(world, visitor, ALBA | {"naissance": "30/02/2016"})


def test_the_receipt_s_number_leads_back(world: World, visitor: Visitor) -> None:
    announce(world)
    number, names = asked(world, visitor, ALBA)

    def read(_email: str) -> str:
        world.deliver()
        world.deliver()
        return mailed_code(world)

    assert number in look_again(sender(visitor, names), number, "geai@example.org", read)
