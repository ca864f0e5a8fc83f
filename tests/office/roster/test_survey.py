"""The survey: a file's anomalies, the families gone, and the doubts before any write."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.refusals import ConfirmationNeeded, OfficeRefusal
from chalicelib.office.roster.survey import ImportOptions, Survey, check_gone, survey_families
from tests.support.family_files import GRIVE, MERLE, ROSSIGNOL, but, file
from tests.support.refusals import sentence_of
from tests.support.world import World

XEN8, XEN9, MAG9 = (
    AccountRef(*names) for names in (("evry-xenakis", "xen8"), ("evry-xenakis", "xen9"), ("evry-magnard", "mag9"))
)
APPLY = ImportOptions(apply=True)
DISABLE = ImportOptions(apply=True, disable_gone=True)


def survey(world: World, *cells: tuple[str, ...]) -> Survey:
    return survey_families(world.services, file(*cells), lambda _: None, world.now)


def settle(world: World, *refs: AccountRef, **values: object) -> None:
    for ref in refs:
        world.settle(ref, password=None, **values)


def test_a_family_without_an_address_is_reported_once_however_many_its_rows(world: World) -> None:
    zelie = but(ROSSIGNOL, email="", address="", town="")
    anomalies: list[Anomaly] = []

    survey_families(world.services, file(zelie, MERLE, but(zelie, pupil="Noé")), anomalies.append, world.now)

    assert [(anomaly.code, anomaly.line) for anomaly in anomalies] == [("row_without_email", 2), ("row_unreachable", 2)]


def test_a_survey_tells_anomalies_in_the_order_of_the_file_and_writes_nothing(world: World) -> None:
    anomalies: list[Anomaly] = []
    cells = (but(ROSSIGNOL, site="?"), MERLE, but(GRIVE, email="merle@example.org"))

    survey = survey_families(world.services, file(*cells), anomalies.append, world.now)

    assert [(anomaly.code, anomaly.line) for anomaly in anomalies] == [("row_site_unknown", 2), ("row_email_shared", 4)]
    assert (survey.index.rows, survey.index.families) == (3, 2)
    assert world.aws.everything(world.resources) == ""


def test_a_site_may_be_named_as_the_network_says(world: World) -> None:
    network = world.services.settings.network
    imports = replace(network.imports, sites={"Ancienne école": "evry-magnard"})
    settings = replace(world.services.settings, network=replace(network, imports=imports))
    services = replace(world.services, settings=settings)

    survey = survey_families(services, file(but(GRIVE, site="ANCIENNE ECOLE")), lambda _: None, world.now)

    assert survey.index.sites == ("evry-magnard",)


def test_who_is_on_file_and_not_in_the_file_is_gone(world: World) -> None:
    settle(world, AccountRef("evry-xenakis", "xen1"), XEN8, XEN9)

    result = survey(world, ROSSIGNOL, MERLE)

    assert list(result.refs_gone) == [XEN8, XEN9]
    assert result.on_file == {"evry-xenakis": 3}


def test_a_family_in_a_row_that_is_left_out_is_not_gone(world: World) -> None:
    settle(world, AccountRef("evry-xenakis", "xen1"))

    assert list(survey(world, but(ROSSIGNOL, name=""), MERLE).refs_gone) == []


def test_a_site_that_the_file_does_not_mention_has_nobody_gone(world: World) -> None:
    settle(world, MAG9)

    assert list(survey(world, ROSSIGNOL).refs_gone) == []


def test_who_is_gone_and_disabled_is_not_told_again_and_who_is_only_one_of_both_is(world: World) -> None:
    settle(world, XEN8, disabled=True, gone_at=world.now)
    settle(world, XEN9, gone_at=world.now)
    settle(world, AccountRef("evry-xenakis", "xen7"), disabled=True)

    result = survey(world, ROSSIGNOL)

    assert list(result.refs_gone) == [AccountRef("evry-xenakis", "xen7"), XEN9]
    assert result.on_file == {"evry-xenakis": 1}


def test_an_account_that_is_no_familys_is_never_gone(world: World) -> None:
    settle(world, XEN9, role="office")

    assert list(survey(world, ROSSIGNOL).refs_gone) == []


def test_a_file_that_lists_nobody_is_refused(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="file_without_rows"):
        survey(world)


def test_who_is_gone_is_certain_only_where_every_row_is_somebodys(world: World) -> None:
    assert survey(world, ROSSIGNOL, but(MERLE, name="")).notes_gone
    assert not survey(world, ROSSIGNOL, but(MERLE, identifier="")).notes_gone


# Prudence.


def test_nothing_gives_pause_where_few_are_gone(world: World) -> None:
    settle(world, *(AccountRef("evry-xenakis", f"xen{number}") for number in (1, 2, 3, 4, 5, 9)))
    result = survey(world, *(but(ROSSIGNOL, identifier=f"xen{number}") for number in (1, 2, 3, 4, 5)))

    check_gone(result, DISABLE)


def test_disabling_more_than_one_family_in_five_takes_insisting(world: World) -> None:
    """The share is of all sites together, and families already gone count too."""
    settle(world, *(AccountRef("evry-xenakis", f"xen{number}") for number in (1, 2, 3)))
    settle(world, *(AccountRef("evry-xenakis", f"xen{number}") for number in (8, 9)), gone_at=world.now)
    result = survey(world, *(but(ROSSIGNOL, identifier=f"xen{number}") for number in (1, 2, 3)))

    with pytest.raises(ConfirmationNeeded, match="gone_many"):
        check_gone(result, DISABLE)
    check_gone(result, APPLY)
    check_gone(result, replace(DISABLE, is_sure=True))


def test_a_site_of_which_a_fifth_would_be_gone_takes_insisting_whatever_else_is_listed(world: World) -> None:
    settle(world, *(AccountRef("evry-magnard", f"mag{number}") for number in range(1, 11)))
    settle(world, *(AccountRef("evry-magnard", f"mag{number}") for number in (11, 12)), gone_at=world.now)
    rows = [but(GRIVE, identifier=f"mag{number}") for number in (*range(1, 9), 9, 13, 14)]
    fewer, fifth = survey(world, *rows), survey(world, *rows[:8], *rows[9:])
    result = survey(world, *rows[:3], but(MERLE, site="ailleurs"))

    check_gone(fewer, APPLY)
    with pytest.raises(ConfirmationNeeded, match="gone_site_nearly_empty") as error:
        check_gone(fifth, APPLY)
    assert "Evry - Magnard : 10 au dossier, dont 8 dans le fichier." in sentence_of(error.value)
    check_gone(fifth, replace(APPLY, is_sure=True))
    check_gone(result, APPLY)  # none would be marked


def test_nobody_is_disabled_while_a_row_is_left_out_however_sure_one_is(world: World) -> None:
    result = survey(world, ROSSIGNOL, but(MERLE, name=""))

    with pytest.raises(OfficeRefusal, match="gone_rows_left_out") as refusal:
        check_gone(result, replace(DISABLE, is_sure=True))
    assert not isinstance(refusal.value, ConfirmationNeeded)
