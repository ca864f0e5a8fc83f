"""A datum corrected by the office: noted, traced, mailed to those who may read it, and kept by a later file."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, FailingMailbox
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.coordinates import identity_of
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.reenrolments import EnrolledFamily
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import (
    ADDRESS,
    EMERGENCY,
    GUARDIANS,
    IDENTIFIER,
    PUPIL,
    PUPILS,
    TELEPHONE,
    Correctable,
    CorrectionResult,
    NewValues,
)
from chalicelib.office.helpdesk.corrections import correct as correct_datum
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import faults_of
from tests.support.corrections import ADDRESS_NOW, CORRECTIONS, settle_sent
from tests.support.desk_family import acts
from tests.support.enrolled_families import SEASON, key_of
from tests.support.enrolment import LEO, ZELIE
from tests.support.french import plain
from tests.support.refusals import sentence_of
from tests.support.two_logins import AIMEE, COME, COMES, put, settle_family, settle_two_logins
from tests.support.world import ROSSIGNOL, World

AIMEES, COMES_EMAIL = "rossignol@example.org", "come@example.net"
OLD, NEW = "06 99 00 20 02", "06 99 00 30 03"
BY = "Basile Troglodyte <troglodyte@example.org>"


CASE = HelpdeskCase("xen1", "evry-xenakis", Author(BY, "a appelé, a donné l'ancien numéro"))


def correct(world: World, telephone: str = NEW, guardian: int = 2, version: str | None = None) -> CorrectionResult:
    return correct_as(world, TELEPHONE, str(guardian), telephone, version=version)


def correct_as(
    world: World, kind: Correctable, owner: str, *values: str, version: str | None = None, at: Any = None
) -> CorrectionResult:
    whole = kind.find(world.services, world.account(), world.now)
    change = NewValues(owner, values, version or kind.version_of(whole))
    return correct_datum(world.services, CASE, kind, change, at or world.now)


def version_of(account: Account) -> str:
    return TELEPHONE.version_of(account)


def telephones(world: World) -> list[str]:
    return [guardian.telephone for guardian in world.account().household.guardians]


def notified(world: World) -> list[str]:
    world.deliver()
    return sorted(mail.to for mail in world.mails() if "téléphone" in mail.subject)


def test_one_guardian_s_telephone_is_corrected_noted_and_traced(world: World) -> None:
    settle_family(world)

    result = correct(world)

    assert (result.has_changed, result.emails) == (True, (AIMEES, COMES_EMAIL))
    assert telephones(world) == ["06 99 00 10 01", NEW]
    assert acts(world) == [("telephone_changed", BY)]
    (trace,) = world.account().corrections
    assert (trace.what, trace.of, trace.old, trace.new) == ("telephones", COME, (OLD,), (NEW,))
    assert (trace.actor.side, trace.actor.who) == ("office", BY)


def test_the_family_reads_whose_it_is_and_no_number(world: World) -> None:
    settle_family(world)

    correct(world)

    assert notified(world) == sorted([AIMEES, COMES_EMAIL])
    world.deliver()
    for mail in world.mails():
        assert COME in mail.text
        assert "Troglodyte" not in mail.text + mail.html
        assert not {OLD, NEW} & {*mail.text.split("\n"), *mail.html.split("\n")}
        assert NEW not in mail.text + mail.html


def test_with_separate_coordinates_only_its_guardian_is_notified(world: World) -> None:
    settle_two_logins(world, separated_at=world.now)

    assert correct(world).emails == (COMES_EMAIL,)
    assert correct(world, "06 99 00 40 04", guardian=1).emails == (AIMEES,)
    world.deliver()
    (mail,) = [mail for mail in world.mails() if mail.to == COMES_EMAIL]
    assert world.account(COMES).display_identifier in mail.text
    assert AIMEE not in mail.text


@pytest.mark.parametrize("emails", [(), (COMES_EMAIL,)])
def test_a_family_that_no_mail_reaches_is_not_notified(world: World, emails: tuple[str, ...]) -> None:
    failing = FailingMailbox(world.services.record.pseudonyms.of_mailbox(COMES_EMAIL), "bounced", world.now)
    settle_family(world, emails=emails, failing_mailboxes=(failing,))

    assert correct(world).emails == ()
    assert telephones(world)[1] == NEW


def test_a_form_sent_twice_corrects_and_notifies_once(world: World) -> None:
    version = version_of(settle_family(world))
    correct(world, version=version)

    again = correct(world, version=version)

    assert (again.has_changed, again.emails) == (False, ())
    assert len(notified(world)) == 2
    assert len(acts(world)) == 1


def test_an_old_page_changes_nothing_and_names_the_last_change(world: World) -> None:
    version = version_of(settle_family(world))
    correct(world, "06 99 00 40 04")
    before = world.account()

    with pytest.raises(OfficeRefusal) as refusal:
        correct(world, version=version)

    sentence = sentence_of(refusal.value)
    assert "Quelqu'un a changé cette partie du dossier depuis que vous la lisez (2 juin 2027" in sentence
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

    with pytest.raises(OfficeRefusal, match="correction_moved"):
        correct(world, guardian=guardian)

    assert (world.account(), acts(world)) == (before, [])


@faults_of("BatchGetItem", "BatchWriteItem", "SendMessageBatch", "UpdateItem")
def test_a_fault_leaves_all_or_nothing_and_the_same_form_ends_it(world: World, call: str, when: Any) -> None:
    version = version_of(settle_family(world))

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        correct(world, version=version)
    assert telephones(world)[1] in {OLD, NEW}
    correct(world, version=version)

    assert telephones(world)[1] == NEW
    assert len(world.account().corrections) == 1
    assert {AIMEES, COMES_EMAIL} == set(notified(world))


def enrolment(world: World) -> Enrolment:
    return world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))


@CORRECTIONS
def test_a_datum_is_corrected_noted_traced_and_mailed_without_its_value(
    world: World, kind: Correctable, owner: str, values: tuple[str, ...]
) -> None:
    settle_sent(world)

    assert correct_as(world, kind, owner, *values).emails == (AIMEES, COMES_EMAIL)

    whole = kind.find(world.services, world.account(), world.now)
    datum = next(datum for datum in kind.list(whole) if datum.owner == owner)
    assert datum.values == values
    assert acts(world) == [(kind.action, BY)]
    (trace,) = whole.corrections
    words = tuple(filter(None, values))
    assert (trace.what, trace.new[-len(words) :], trace.actor.who) == (kind.fields[0], words, BY)
    world.deliver()
    assert sorted(mail.to for mail in world.mails()) == sorted((AIMEES, COMES_EMAIL))
    for mail in world.mails():
        assert mail.subject.endswith("Evry - Xénakis")
        assert kind is IDENTIFIER or not [value for value in words if value in plain(mail.text + mail.html)]
        assert "Le conservatoire a corrigé" in plain(mail.text)
    assert not correct_as(world, kind, owner, *values, version="of any page").has_changed


@CORRECTIONS
def test_what_changed_since_is_left_alone(world: World, kind: Correctable, owner: str, values: tuple[str, ...]) -> None:
    settle_sent(world)
    seen = kind.version_of(kind.find(world.services, world.account(), world.now))
    theirs = (f"{values[0]} bis", *values[1:])
    correct_as(world, kind, owner, *theirs)

    with pytest.raises(OfficeRefusal) as refused:
        correct_as(world, kind, owner, *values, version=seen)

    assert "relisez ce qui est au dossier, puis recommencez" in sentence_of(refused.value)
    whole = kind.find(world.services, world.account(), world.now)
    assert theirs in [datum.values for datum in kind.list(whole)]
    assert [trace.what for trace in whole.corrections] == [kind.fields[0]]


def test_a_guardian_s_own_address_is_corrected_and_only_it_is_notified(world: World) -> None:
    settle_two_logins(world, separated_at=world.now)

    assert correct_as(world, ADDRESS, "2", *ADDRESS_NOW).emails == (COMES_EMAIL,)
    assert correct_as(world, ADDRESS, "", "9 rue du Bac", "91000 Evry").emails == (AIMEES,)
    household = world.account().household
    assert (household.guardians[1].address, household.address) == (ADDRESS_NOW, ("9 rue du Bac", "91000 Evry"))


def test_a_pupil_keeps_its_re_enrolment_under_its_corrected_name(world: World) -> None:
    settle_sent(world)

    correct_as(world, PUPIL, key_of(LEO), "Léon Rossignol", "2016-04-05")

    family = EnrolledFamily(world.account(), enrolment(world))
    names = {pupil.file.key: (pupil.file.name, pupil.is_on_file) for pupil in family.pupils}
    assert names[key_of(LEO)] == ("Léon Rossignol", True)


def test_two_pupils_of_a_family_cannot_become_one(world: World) -> None:
    settle_sent(world)

    with pytest.raises(OfficeRefusal, match="pupil_twin"):
        correct_as(world, PUPIL, key_of(LEO), ZELIE.name, *identity_of(ZELIE)[1:])


@pytest.mark.parametrize(("kind", "values"), [(GUARDIANS, ("Mme Ida Pie", NEW)), (PUPILS, ("Zoé Pie", "2016-04-05"))])
def test_who_was_added_is_taken_back_by_the_same_act_and_nobody_else_is(
    world: World, kind: Correctable, values: tuple[str, ...]
) -> None:
    before = settle_sent(world).household
    correct_as(world, kind, "", *values)
    with pytest.raises(OfficeRefusal, match="twin"):
        correct_as(world, kind, "", values[0].upper(), *(values[1:] if kind is PUPILS else ("",)))
    with pytest.raises(OfficeRefusal, match="correction_moved"):
        correct_as(world, kind, "1" if kind is GUARDIANS else key_of(LEO))
    (_, datum) = kind.list(world.account())

    assert correct_as(world, kind, datum.owner).emails == (AIMEES, COMES_EMAIL)

    assert world.account().household == before
    world.deliver()
    assert not [mail for mail in world.mails() if values[0] in plain(mail.text)]
    addition, removal = (trace for trace in world.account().corrections if trace.what == kind.fields[0])
    assert (addition.old, addition.new) == (removal.new, removal.old)


def test_the_contact_as_sent_is_the_corrected_one_and_the_receipt_stays(world: World) -> None:
    settle_sent(world)
    before = enrolment(world)

    correct_as(world, EMERGENCY, "", "Mme Ida Pie", NEW)

    after = enrolment(world)
    assert after.sent_household == replace(
        before.sent_household or HouseholdAnswers(), emergency_name="Mme Ida Pie", emergency_telephone=NEW
    )
    assert after.receipts == before.receipts
    assert after.household_state == before.household_state
    assert after.last_saved == SavedBy("l'administration", world.now)


def test_a_family_without_a_contact_has_none_to_correct(world: World) -> None:
    settle_family(world)

    with pytest.raises(OfficeRefusal, match="correction_moved"):
        correct_as(world, EMERGENCY, "", "Mme Ida Pie", NEW)


@CORRECTIONS
@pytest.mark.parametrize("call", ["BatchGetItem", "BatchWriteItem", "SendMessageBatch", "UpdateItem"])
def test_after_a_fault_the_same_form_ends_it(
    world: World, kind: Correctable, owner: str, values: tuple[str, ...], call: str
) -> None:
    settle_sent(world)
    version = kind.version_of(kind.find(world.services, world.account(), world.now))

    for when in ("before", "after"):
        with world.aws.failing(call, when), suppress(Unavailable):
            correct_as(world, kind, owner, *values, version=version)
    correct_as(world, kind, owner, *values, version=version)

    whole = kind.find(world.services, world.account(), world.now)
    assert [trace.what for trace in whole.corrections] == [kind.fields[0]]
