"""GET and POST /extranet/bureau/personnel: a manager lists the staff, and invites members."""

import pytest

from chalicelib.office.staff.members import acts_on
from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, enter, links, member, opens, stores
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


def test_an_invitation_is_mailed_and_noted_with_the_proven_person(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)

    answer = visitor.post(STAFF, FORM)
    world.deliver()

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{STAFF}?fait=invitee")
    assert "L'invitation part par mail" in visitor.get(answer.headers["Location"]).text
    ((email, secret),) = links(world)
    assert (email, opens(world, secret)) == (SECRETARY, True)
    (act,) = acts_on(world.services, SECRETARY, world.now)
    assert (act.author.who, act.author.why) == ("Odile Fauvette <fauvette@example.org>", "arrive en septembre")


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


def test_whom_one_knows_already_is_said_without_a_command(world: World, visitor: Visitor) -> None:
    member(world)
    enter(world, visitor, MANAGER)

    answer = visitor.post(STAFF, FORM)

    assert answer.status_code == 422
    assert "Basile Troglodyte a déjà un accès, et s'en sert" in answer.text
    assert "clef " not in answer.text
