"""The rights over data, the search and the office's upkeep where the network leaves every wing out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agency.rights.personal_data import personal_data_json
from chalicelib.domain.account.audit import Erasure
from chalicelib.office.find import find_at, find_by_number, read_recent
from chalicelib.office.rehearsal import sites_in_period
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import personal_data
from chalicelib.office.roster.applied_imports import refresh_summaries
from chalicelib.services.office import OfficeServices
from chalicelib.settings import wings
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Standing
from chalicelib.wings.admission.office.purge import due, purge
from chalicelib.wings.admission.office.rights import application_named
from chalicelib.wings.admission.services.stores import AdmissionStores
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.stores import Billing
from chalicelib.wings.teaching.services.lesson_stores import LessonStores
from chalicelib.wings.teaching.services.stores import TeachingStores
from tests.support.applications import ALBA, NILS
from tests.support.households import MERLE, settle_whole, traces
from tests.support.old_applications import NUMBER, send_application, traces_of
from tests.support.world import World


@pytest.mark.wing
def test_what_a_stage_keeps_of_a_wing_left_out_is_copied_and_erased(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, application = settle_whole(world), send_application(world, email="come@example.org")
    whole = personal_data(world.services, account, world.now)
    assert all((whole.of(Bills), whole.opinions, whole.lessons.marks, whole.applications))
    whole_json = personal_data_json(whole, world.services.record.pseudonyms)
    monkeypatch.setattr(wings, "WINGS", ())

    data = personal_data(world.services, account, world.now)
    assert personal_data_json(data, world.services.record.pseudonyms) == whole_json
    assert whole_json["bills"]
    assert data == whole
    erase(world.services, account, Erasure.of((account.ref,), "Mme Sittelle", "asked", world.now), lambda: None)

    assert (traces(world, account), traces_of(world, application)) == ([], [])


@pytest.mark.wing
@pytest.mark.parametrize("absent", ["applicants", "applications", "lessons", "places", "teaching"])
def test_a_table_that_was_never_made_hides_nothing_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    account = settle_whole(world)
    send_application(world, email="come@example.org")
    whole = personal_data(world.services, account, world.now)
    monkeypatch.setattr(wings, "WINGS", ())
    services = _without(world, absent)

    data = personal_data(services, account, world.now)
    assert data.of(Bills) == whole.of(Bills)
    assert data.applications == (() if absent == "applications" else whole.applications)
    assert data.opinions == (() if absent == "teaching" else whole.opinions)
    assert data.lessons.marks == (() if absent == "teaching" else whole.lessons.marks)
    erase(services, account, Erasure.of((account.ref,), "Mme Sittelle", "asked", world.now), lambda: None)

    assert services.accounts.find(account.ref) is None
    assert due(services, world.now + timedelta(days=900)).applications == ()


def _without(world: World, absent: str) -> OfficeServices:
    tables = {name: table for name, table in world.services.settings.wing_tables.items() if name != f"{absent}_table"}
    settings = replace(world.services.settings, wing_tables=tables)
    return OfficeServices.over(replace(world.services, settings=settings))


@pytest.mark.wing
@pytest.mark.parametrize("absent", ["", "applicants", "places"])
def test_applications_of_a_wing_left_out_are_purged_by_age(
    world: World, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    over = AdmissionDecision("declined", "Mme Houx", world.now)
    standings = tuple(Standing(candidate.key, decision=over) for candidate in (ALBA, NILS))
    application = send_application(world, standings=standings)
    monkeypatch.setattr(wings, "WINGS", ())
    services = _without(world, absent)
    assert due(services, world.now).is_empty
    world.wait(timedelta(days=200))

    purge(services, due(services, world.now), "marie", world.now)

    assert traces_of(world, application) == []


def test_nothing_of_a_wing_is_read_or_deleted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a wing's store was made")

    monkeypatch.setattr(wings, "WINGS", ())
    for store in (AdmissionStores, Billing, LessonStores, TeachingStores):
        monkeypatch.setattr(store, "__init__", refuse)
    settings = replace(world.services.settings, wing_tables={})
    services, now = OfficeServices.over(replace(world.services, settings=settings)), world.now
    account = world.settle(MERLE, name="Famille Merle", emails=("merle@example.org",))

    data = personal_data(services, account, now)
    families = find_at(services, "2027", [MERLE.site], now).families

    assert (data.account.ref, data.of_wings, data.applications, data.opinions) == (MERLE, (), (), ())
    assert families == ()
    assert find_by_number(services, "P27-ABCD-EFGH", [MERLE.site]) is None
    assert read_recent(services, ["elsewhere 2027"], [MERLE.site]) == ()
    assert sites_in_period(services, now) == ()
    assert (application_named(services, NUMBER), due(services, now).is_empty) == (None, True)
    refresh_summaries(services, now)
    erase(services, account, Erasure.of((MERLE,), "Mme Sittelle", "asked", now), lambda: None)
    assert services.accounts.find(MERLE) is None
