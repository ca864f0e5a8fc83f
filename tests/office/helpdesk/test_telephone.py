"""A guardian's telephone corrected by the office: noted, traced, and mailed to those who may read it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account.accounts import FailingMailbox
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.telephone import TelephoneChange, TelephoneResult, correct_telephone, version_of
from chalicelib.office.refusals import OfficeRefusal
from tests.support.desk_family import acts
from tests.support.refusals import sentence_of
from tests.support.two_logins import AIMEE, COME, COMES, put, settle_family, settle_two_logins
from tests.support.world import World

AIMEES, COMES_EMAIL = "rossignol@example.org", "come@example.net"
OLD, NEW = "06 99 00 20 02", "06 99 00 30 03"
BY = "Basile Troglodyte <troglodyte@example.org>"


def correct(world: World, telephone: str = NEW, guardian: int = 2, seen: str | None = None) -> TelephoneResult:
    change = TelephoneChange(guardian, telephone, seen or version_of(world.account()))
    case = HelpdeskCase("xen1", "evry-xenakis", Author(BY, "a appelé, a donné l'ancien numéro"))
    return correct_telephone(world.services, case, change, world.now)


def telephones(world: World) -> list[str]:
    return [guardian.telephone for guardian in world.account().household.guardians]


def notified(world: World) -> list[str]:
    return sorted(mail.to for mail in world.mails() if "téléphone" in mail.subject)


def test_one_guardian_s_telephone_is_corrected_noted_and_traced(world: World) -> None:
    settle_family(world)

    done = correct(world)

    assert (done.has_changed, done.notified) == (True, (AIMEES, COMES_EMAIL))
    assert telephones(world) == ["06 99 00 10 01", NEW]
    assert acts(world) == [("telephone_changed", BY)]
    (trace,) = world.account().corrections
    assert (trace.what, trace.of, trace.old, trace.new) == ("telephones", COME, (OLD,), (NEW,))
    assert (trace.actor.side, trace.actor.who) == ("office", BY)


def test_the_family_reads_whose_it_is_and_no_number(world: World) -> None:
    settle_family(world)

    correct(world)

    assert notified(world) == sorted([AIMEES, COMES_EMAIL])
    for mail in world.mails():
        assert COME in mail.text
        assert "Troglodyte" not in mail.text + mail.html
        assert not {OLD, NEW} & {*mail.text.split("\n"), *mail.html.split("\n")}
        assert NEW not in mail.text + mail.html


def test_with_separate_coordinates_only_its_guardian_is_notified(world: World) -> None:
    settle_two_logins(world, separated_at=world.now)

    assert correct(world).notified == (COMES_EMAIL,)
    assert correct(world, "06 99 00 40 04", guardian=1).notified == (AIMEES,)
    (mail,) = [mail for mail in world.mails() if mail.to == COMES_EMAIL]
    assert world.account(COMES).display_identifier in mail.text
    assert AIMEE not in mail.text


@pytest.mark.parametrize("emails", [(), (COMES_EMAIL,)])
def test_a_family_that_no_mail_reaches_is_not_notified(world: World, emails: tuple[str, ...]) -> None:
    failing = FailingMailbox(world.services.record.pseudonyms.of_mailbox(COMES_EMAIL), "bounced", world.now)
    settle_family(world, emails=emails, failing_mailboxes=(failing,))

    assert correct(world).notified == ()
    assert telephones(world)[1] == NEW


def test_a_form_sent_twice_corrects_and_notifies_once(world: World) -> None:
    seen = version_of(settle_family(world))
    correct(world, seen=seen)

    again = correct(world, seen=seen)

    assert (again.has_changed, again.notified) == (False, ())
    assert len(notified(world)) == 2
    assert len(acts(world)) == 1


def test_an_old_page_changes_nothing_and_names_the_last_change(world: World) -> None:
    seen = version_of(settle_family(world))
    correct(world, "06 99 00 40 04")
    before = world.account()

    with pytest.raises(OfficeRefusal) as refused:
        correct(world, seen=seen)

    sentence = sentence_of(refused.value)
    assert "Quelqu'un a changé les responsables ou leurs téléphones depuis que vous les lisez (2 juin 2027" in sentence
    assert f"par l'administration ({BY})" in sentence
    assert (world.account(), len(acts(world))) == (before, 1)


def test_guardians_written_alike_are_told_apart_by_their_place(world: World) -> None:
    family = settle_family(world)
    alike = tuple(replace(guardian, name=COME) for guardian in family.household.guardians)
    put(world, replace(family, household=replace(family.household, guardians=alike)))

    correct(world, guardian=1)

    assert telephones(world) == [NEW, OLD]


@pytest.mark.parametrize("guardian", [0, 3])
def test_a_guardian_that_is_not_on_file_is_refused(world: World, guardian: int) -> None:
    before = settle_family(world)

    with pytest.raises(OfficeRefusal, match="telephone_moved"):
        correct(world, guardian=guardian)

    assert (world.account(), acts(world)) == (before, [])


@pytest.mark.parametrize("call", ["BatchGetItem", "BatchWriteItem", "SendEmail", "UpdateItem"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_leaves_all_or_nothing_and_the_same_form_ends_it(world: World, call: str, when: Any) -> None:
    seen = version_of(settle_family(world))

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        correct(world, seen=seen)
    assert telephones(world)[1] in {OLD, NEW}
    correct(world, seen=seen)

    assert telephones(world)[1] == NEW
    assert len(world.account().corrections) == 1
    assert {AIMEES, COMES_EMAIL} == set(notified(world))
