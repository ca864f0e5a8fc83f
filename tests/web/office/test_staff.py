"""GET and POST /extranet/bureau/personnel: a manager lists the staff, and invites members."""

import pytest

from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, enter, member, stores
from tests.support.world import Visitor, World

STAFF = f"{DESK}/personnel"
FORM = {
    "courriel": SECRETARY,
    "nom": "Basile Troglodyte",
    "role": "secretary",
    "site-evry-xenakis": "oui",
    "raison": "arrive en septembre",
    "mot_de_passe": PASSWORD,
}


def test_a_manager_sees_who_is_of_the_staff(world: World, visitor: Visitor) -> None:
    member(world)
    enter(world, visitor, MANAGER)

    page = visitor.get(STAFF).text

    for words in ("Basile Troglodyte", SECRETARY, "secrétariat", "Evry - Xénakis", "actif", "jamais"):
        assert words in page
    assert f'href="{STAFF}/' in page


@pytest.mark.parametrize(
    ("lacking", "says"),
    [
        ("courriel", "Indiquez votre adresse e-mail professionnelle."),
        ("nom", "Indiquez le nom de la personne"),
        ("role", "Choisissez un rôle."),
        ("site-evry-xenakis", "Cochez au moins un site : le rôle « secrétariat »"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    world: World, visitor: Visitor, lacking: str, says: str
) -> None:
    enter(world, visitor, MANAGER)

    answer = visitor.post(STAFF, {**FORM, lacking: ""})

    assert answer.status_code == 422
    assert says in answer.text
    fields = {"courriel": SECRETARY, "nom": "Basile Troglodyte", "raison": "arrive en septembre"}
    assert all(f'value="{value}"' in answer.text for name, value in fields.items() if name != lacking)
    assert ('value="secretary" checked' in answer.text) is (lacking != "role")
    assert stores(world).members.find(SECRETARY) is None
