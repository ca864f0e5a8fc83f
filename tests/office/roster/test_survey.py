"""The survey: what is wrong in a file, who is gone, and what gives pause before anything is written."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.refused import Refused
from chalicelib.office.roster.survey import How, Imprudent, Survey, check_prudence, survey
from tests.support.listing import GRIVE, MERLE, ROSSIGNOL, but, file
from tests.support.world import World

XEN8, XEN9, MAG9 = (
    AccountRef(*each) for each in (("evry-xenakis", "xen8"), ("evry-xenakis", "xen9"), ("evry-magnard", "mag9"))
)
APPLY = How(apply=True)
DISABLE = How(apply=True, disable_gone=True)


def surveyed(world: World, *cells: tuple[str, ...]) -> Survey:
    return survey(world.services, file(*cells), lambda _: None, world.now)


def settled(world: World, *refs: AccountRef, **given: object) -> None:
    for ref in refs:
        world.settle(ref, password=None, **given)


def test_a_survey_tells_anomalies_in_the_order_of_the_file_and_writes_nothing(world: World) -> None:
    told: list[Anomaly] = []
    cells = (but(ROSSIGNOL, site="?"), MERLE, but(GRIVE, email="merle@example.org"))

    found = survey(world.services, file(*cells), told.append, world.now)

    assert [(each.code, each.line) for each in told] == [("row_site_unknown", 2), ("row_email_shared", 4)]
    assert (found.roll.rows, found.roll.families) == (3, 2)
    assert world.aws.everything(world.resources) == ""


def test_a_site_may_be_named_as_the_network_says(world: World) -> None:
    network = world.services.settings.network
    imports = network.imports.model_copy(update={"sites": {"Ancienne école": "evry-magnard"}})
    settings = world.services.settings.model_copy(update={"network": network.model_copy(update={"imports": imports})})
    services = replace(world.services, settings=settings)

    found = survey(services, file(but(GRIVE, site="ANCIENNE ECOLE")), lambda _: None, world.now)

    assert found.roll.sites == ("evry-magnard",)


def test_who_is_on_file_and_not_in_the_file_is_gone(world: World) -> None:
    settled(world, AccountRef("evry-xenakis", "xen1"), XEN8, XEN9)

    found = surveyed(world, ROSSIGNOL, MERLE)

    assert list(found.refs_gone) == [XEN8, XEN9]
    assert found.on_file == {"evry-xenakis": 3}


def test_a_family_in_a_row_that_is_left_out_is_not_gone(world: World) -> None:
    settled(world, AccountRef("evry-xenakis", "xen1"))

    assert list(surveyed(world, but(ROSSIGNOL, name=""), MERLE).refs_gone) == []


def test_a_site_that_the_file_does_not_mention_has_nobody_gone(world: World) -> None:
    settled(world, MAG9)

    assert list(surveyed(world, ROSSIGNOL).refs_gone) == []


def test_who_is_gone_and_disabled_is_not_told_again_and_who_is_only_one_of_both_is(world: World) -> None:
    settled(world, XEN8, disabled=True, gone_at=world.now)
    settled(world, XEN9, gone_at=world.now)
    settled(world, AccountRef("evry-xenakis", "xen7"), disabled=True)

    found = surveyed(world, ROSSIGNOL)

    assert list(found.refs_gone) == [AccountRef("evry-xenakis", "xen7"), XEN9]
    assert found.on_file == {"evry-xenakis": 1}


def test_an_account_that_is_no_familys_is_never_gone(world: World) -> None:
    settled(world, XEN9, role="office")

    assert list(surveyed(world, ROSSIGNOL).refs_gone) == []


def test_a_file_that_lists_nobody_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="file_without_rows"):
        surveyed(world)


def test_who_is_gone_is_certain_only_where_every_row_is_somebodys(world: World) -> None:
    assert surveyed(world, ROSSIGNOL, but(MERLE, name="")).notes_gone
    assert not surveyed(world, ROSSIGNOL, but(MERLE, identifier="")).notes_gone


# Prudence.


def test_nothing_gives_pause_where_few_are_gone(world: World) -> None:
    settled(world, *(AccountRef("evry-xenakis", f"xen{number}") for number in (1, 2, 3, 4, 9)))
    found = surveyed(world, *(but(ROSSIGNOL, identifier=f"xen{number}") for number in (1, 2, 3, 4)))

    check_prudence(found, DISABLE)


def test_disabling_more_than_one_family_in_five_takes_insisting(world: World) -> None:
    settled(world, *(AccountRef("evry-xenakis", f"xen{number}") for number in (1, 2, 3, 8, 9)))
    found = surveyed(world, *(but(ROSSIGNOL, identifier=f"xen{number}") for number in (1, 2, 3)))

    with pytest.raises(Imprudent, match="gone_many"):
        check_prudence(found, DISABLE)
    check_prudence(found, APPLY)
    check_prudence(found, replace(DISABLE, is_sure=True))


def test_a_site_of_which_the_file_lists_less_than_half_takes_insisting(world: World) -> None:
    settled(world, *(AccountRef("evry-magnard", f"mag{number}") for number in range(3)))
    found = surveyed(world, ROSSIGNOL, GRIVE)

    with pytest.raises(Imprudent, match="gone_site_nearly_empty") as refused:
        check_prudence(found, APPLY)
    assert "evry-magnard : 3 au dossier, 1 dans le fichier." in refused.value.sentence
    check_prudence(found, replace(APPLY, is_sure=True))


def test_nobody_is_disabled_while_a_row_is_left_out_however_sure_one_is(world: World) -> None:
    found = surveyed(world, ROSSIGNOL, but(MERLE, name=""))

    with pytest.raises(Refused, match="gone_rows_left_out") as refused:
        check_prudence(found, replace(DISABLE, is_sure=True))
    assert not isinstance(refused.value, Imprudent)
