"""Summaries: written with their sources, read from the index alone, corrected after a version without them."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.account.accounts import FAMILY, GUARDIAN, Account, AccountRef, FailingMailbox
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, pupil_key
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.change import as_stored
from chalicelib.infra.dynamo.database import Put
from chalicelib.infra.dynamo.values import size_of
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from chalicelib.wings.admission.stores.application_summaries import application_summaries
from tests.support.answers import FULL
from tests.support.applications import BEGUN, NEW_EMAIL, NOW, NUMBER, REF, SENT
from tests.support.stored_applications import IN_JULY
from tests.support.stored_examples import full
from tests.support.world import EMAIL, ROSSIGNOL, World

ZELIE = Pupil("Zélie Rossignol", date(2015, 3, 14), (Course("Hautbois", "2C1", "M. Sureau", "mardi 17 h"),))
HOUSEHOLD = Household(
    (Guardian("Mme Rossignol", EMAIL, "06 99 00 00 01", login="xen1r2"), Guardian("M. Merle", "merle@example.org")),
    ("3 allée des Platanes", "91000 Évry"),
    (ZELIE, Pupil("Léo Rossignol")),
)


def test_a_family_is_read_in_few_words_and_a_guardian_s_own_login_is_none(world: World) -> None:
    world.settle(display_identifier="XEN 1", household=HOUSEHOLD)
    world.settle(AccountRef("evry-xenakis", "xen1r2"), role=GUARDIAN, family="xen1")
    world.aws.calls.clear()

    (summary,) = account_summaries(world.services.accounts, "evry-xenakis")

    assert world.aws.calls == ["Query"]
    assert (summary.site, summary.identifier, summary.name, summary.flags) == (
        "evry-xenakis",
        "xen1",
        "Famille Rossignol",
        "a",
    )
    assert summary.guardians == ["Mme Rossignol", "M. Merle"]
    assert (summary.emails, summary.telephones) == ([EMAIL, "merle@example.org"], ["06 99 00 00 01"])
    assert (summary.logins, summary.address) == (["xen1r2"], "3 allée des Platanes 91000 Évry")
    zelie, leo = summary.pupils
    assert zelie == (pupil_key(ZELIE), "Zélie Rossignol", "2015-03-14", [["Hautbois", "M. Sureau"]])
    assert (leo.born_on, leo.disciplines) == ("", ())


def test_a_re_enrolment_is_read_in_few_words_of_its_season_only(world: World) -> None:
    world.services.enrolments.change(Enrolment(FULL.ref), FULL)

    (summary,) = enrolment_summaries(world.services.enrolments, "2027", "evry-xenakis")

    assert list(enrolment_summaries(world.services.enrolments, "2028", "evry-xenakis")) == []
    assert {key: (file.state, file.stays) for key, file in summary.files.items()} == {
        "a1": ("changed", True),
        "b2": ("to_complete", False),
        "c3": ("draft", None),
    }
    assert (summary.identifier, summary.files["a1"].next, summary.files["a1"].others) == (
        "xen1",
        ["Alto"],
        ["Hautbois", "Chant"],
    )
    assert summary.provided == {("certificat", "a1"): False, ("quotient", "foyer"): True}


@pytest.mark.wing("admission")
def test_an_application_is_read_in_few_words_once_sent_and_those_without_a_summary_whole(world: World) -> None:
    applications = world.services.admission.applications
    applications.begin(replace(BEGUN, draft=None), NOW)
    assert list(application_summaries(applications, "2027")) == []
    old = {name: value for name, value in applications.encode(SENT).items() if name != "summary"}
    world.database.write_together(Put(world.resources.table("Applications"), old))
    world.aws.calls.clear()
    (whole,) = application_summaries(applications, "2027")
    assert world.aws.calls == ["Query", "BatchGetItem"]

    applications.revise_at(REF, lambda stored: stored.withdraw(["a1a1a1a1"], IN_JULY))

    world.aws.calls.clear()
    (summary,) = application_summaries(applications, "2027")
    assert world.aws.calls == ["Query"]
    assert (summary.number, summary.guardian, summary.email) == (NUMBER, "Mme Inès Geai", NEW_EMAIL)
    assert [(one.state, one.since) for one in summary.candidates] == [
        ("withdrawn", int(IN_JULY.timestamp())),
        ("sent", int(NOW.timestamp())),
    ]
    assert summary.candidates[1] == whole.candidates[1]
    assert list(application_summaries(applications, "2028")) == []


def test_what_was_written_without_a_summary_is_read_whole(world: World) -> None:
    whole = {**world.services.accounts.encode(world.settle()), "summary": None}
    world.database.write_together(Put(world.resources.accounts_table, whole))
    world.aws.calls.clear()

    assert [found.name for found in account_summaries(world.services.accounts, "evry-xenakis")] == ["Famille Rossignol"]
    assert world.aws.calls == ["Query", "GetItem"]


@pytest.mark.parametrize("left", [None, "[0]", '[12,"of a later version"]', "no list", "7"])
def test_any_change_puts_right_what_another_version_left(world: World, left: str | None) -> None:
    account = world.settle()
    right = summary_of(world)
    leave(world, left)

    world.services.accounts.revise(ROSSIGNOL, lambda current: replace(current, last_login=world.now))

    assert summary_of(world) == right
    assert world.account().last_login == world.now
    assert [current.name for current in account_summaries(world.services.accounts, "evry-xenakis")] == [account.name]


def test_a_summary_of_this_version_is_made_again_by_a_change_of_its_sources_only(world: World) -> None:
    """A login need not make it (record 148)."""
    for left in ("[1]", '[1,""]'):
        world.settle()
        leave(world, left)

        world.services.accounts.revise(ROSSIGNOL, lambda current: replace(current, last_login=world.now))
        assert (summary_of(world), world.account().last_login) == (left, world.now)

    world.services.accounts.revise(ROSSIGNOL, lambda current: replace(current, name="Famille Merle"))
    assert json.loads(summary_of(world))[3] == "Famille Merle"


@pytest.mark.wing("admission")
def test_a_summary_is_made_of_its_sources(world: World) -> None:
    """Nothing else is in it, or a change would leave it outdated."""
    services: Any = world.services
    stores = (services.accounts, services.enrolments, services.admission.applications)
    for store, value in zip(stores, (replace(full(Account), role=FAMILY), FULL, SENT), strict=True):
        item = as_stored(store.encode(value))
        for name in item.keys() - store.summary.sources - {"site", "identifier", "stamp"}:
            less = store.parse({key: part for key, part in item.items() if key != name})
            assert store.encode(less)["summary"] == item["summary"], name


def test_two_changes_of_different_things_never_leave_a_summary_of_one_only(world: World) -> None:
    world.settle()
    before = world.account()
    world.services.accounts.change(before, replace(before, household=HOUSEHOLD))

    failing = replace(before, failing_mailboxes=(FailingMailbox("box", "bounced", world.now),))
    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, failing)


def test_a_summary_is_written_by_itself_unless_what_it_tells_was_changed(world: World) -> None:
    world.settle()
    assert not world.services.accounts.write_summary(world.account())
    leave(world, '[1,"an older one"]')
    stale = world.account()

    assert world.services.accounts.write_summary(stale)
    assert json.loads(summary_of(world))[3] == "Famille Rossignol"

    world.settle(name="Famille Merle")
    leave(world, '[1,"an older one"]')
    with pytest.raises(WriteConflict):
        world.services.accounts.write_summary(stale)


def test_an_older_version_s_write_goes_through_and_leaves_the_summary(world: World) -> None:
    """It keeps the attribute as read, like any unknown one."""
    world.settle()
    key = {"site": ROSSIGNOL.site, "identifier": ROSSIGNOL.identifier}
    before = summary_of(world)

    world.database.update(
        world.resources.accounts_table,
        key,
        "SET #name = :new",
        "#name = :old",
        new="Famille Merle",
        old="Famille Rossignol",
    )

    assert summary_of(world) == before


def test_a_summary_is_small(world: World) -> None:
    account = world.settle(display_identifier="XEN 1", household=HOUSEHOLD)

    assert size_of(world.services.accounts.encode(account)["summary"]) < 400


def leave(world: World, summary: str | None) -> None:
    """Store a summary that this version would not write."""
    item = dict(world.account().item)
    item.pop("summary", None)
    world.database.write_together(Put(world.resources.accounts_table, {**item, "summary": summary}))


def summary_of(world: World) -> str:
    return str(world.account().item["summary"])
