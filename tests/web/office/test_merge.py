"""/extranet/bureau/familles/{site}/{famille}/fusion: a look at both accounts, for managers, and its progress."""

from tests.support.desk_work import deliver_all
from tests.support.mergers import STAYS, begin, settle_two
from tests.support.staff import MANAGER, SECRETARY, enter
from tests.support.world import Visitor, World

PAGE = f"/extranet/bureau/familles/{STAYS.site}/nid9/fusion"


def test_a_manager_reads_what_goes_where_and_what_ends(world: World, visitor: Visitor) -> None:
    settle_two(world)
    enter(world, visitor, MANAGER)

    text = visitor.get(f"{PAGE}?identifiant=XEN+1").text

    assert "Le compte qui reste" in text
    assert "Zélie Rossignol" in text
    assert "ouvre le compte qui reste, avec le mot de passe de celui-ci" in text
    assert "Fusionner les deux comptes" in text
    assert "donnez l'identifiant de l'autre" in visitor.get(f"{PAGE}?identifiant=NID+9").text


def test_a_secretary_has_no_such_page(world: World, visitor: Visitor) -> None:
    settle_two(world)
    enter(world, visitor, SECRETARY)

    assert visitor.get(PAGE).status_code == 404
    assert "/fusion" not in visitor.get(PAGE.removesuffix("/fusion")).text


def test_the_page_says_where_it_is(world: World, visitor: Visitor) -> None:
    settle_two(world)
    begin(world)
    enter(world, visitor, MANAGER)

    assert "La fusion est en cours" in visitor.get(f"{PAGE}?identifiant=XEN+1").text
    assert "Fusion en cours avec le compte" in visitor.get(PAGE.removesuffix("/fusion")).text
    deliver_all(world)
    assert "C'est fait" in visitor.get(f"{PAGE}?identifiant=XEN+1").text
