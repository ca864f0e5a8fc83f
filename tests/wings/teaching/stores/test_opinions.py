"""Opinions: read back unchanged, season by season, without overwriting concurrent ones."""

from dataclasses import replace

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.opinions import Opinion
from chalicelib.wings.teaching.stores.opinions import Opinions
from tests.support.opinions import GASPARD, opinion_ref, say
from tests.support.teaching import BASILE, ENSEMBLE, MESANGE, SITE, ZELIE, stores
from tests.support.world import ROSSIGNOL, World

ALIKE = AccountRef(SITE, f"{ROSSIGNOL.identifier}0")  # its identifier has another's as prefix
REF = opinion_ref(ROSSIGNOL, ZELIE)


def opinions(world: World) -> Opinions:
    return stores(world).opinions


def test_an_opinion_comes_back_as_it_was_given_and_goes_by_itself(world: World) -> None:
    assert opinions(world).find(REF) == Opinion(REF)

    value = say(world, REF, "unfavourable", "Ne vient plus.\nÀ revoir.")

    opinion = opinions(world).find(REF)
    assert opinion == value
    assert (opinion.discipline, opinion.teacher, opinion.by) == ("Violon", "Mme Pinson", GASPARD)
    assert opinion.item["expires"] == int(REF.expires_at.timestamp())


def test_those_of_a_season_and_of_a_family_are_listed(world: World) -> None:
    zelie, ensemble, alike = (
        say(world, ref) for ref in (REF, opinion_ref(ROSSIGNOL, ZELIE, ENSEMBLE), opinion_ref(ALIKE, ZELIE))
    )
    last_year = say(world, opinion_ref(ROSSIGNOL, ZELIE, season="2026"))
    basile = say(world, opinion_ref(MESANGE, BASILE))

    def listed(season: str, family: str = "") -> set[str]:
        return {opinion.version for opinion in opinions(world).of_season(SITE, season, family)}

    assert listed("2027") == {one.version for one in (zelie, ensemble, alike, basile)}
    assert listed("2027", ROSSIGNOL.identifier) == {zelie.version, ensemble.version}
    assert listed("2026") == {last_year.version}
    family = opinions(world).of_family(ROSSIGNOL, ("2026", "2027"))
    assert {opinion.ref for opinion in family} == {zelie.ref, ensemble.ref, last_year.ref}


def test_all_of_a_family_s_may_be_forgotten_and_nobody_else_s(world: World) -> None:
    say(world, REF)
    say(world, opinion_ref(ROSSIGNOL, ZELIE, season="2026"))
    alike = say(world, opinion_ref(ALIKE, ZELIE))

    world.database.write_together(*opinions(world).forget(ROSSIGNOL, ("2026", "2027")))

    assert [replace(one, item={}) for one in opinions(world).of_season(SITE, "2027")] == [replace(alike, item={})]
    assert list(opinions(world).of_season(SITE, "2026")) == []
