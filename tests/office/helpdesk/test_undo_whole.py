"""An address changed, or a person removed, within its thirty seconds: back exactly, or the notice leaves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, FailingMailbox, Password
from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.family.corrections import FILE
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.domain.fields import longest
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.change_password import PasswordChange, change_password
from chalicelib.flows.family.visit import enter
from chalicelib.office.helpdesk.corrections import GUARDIANS, PUPILS, Correctable, NewValues, correct
from chalicelib.office.helpdesk.email import AddressChange, change_email
from chalicelib.office.helpdesk.undo import CorrectionUndo, open_correction, seal_correction, undo_of, undo_of_addresses
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from tests.support.aws import When, faults_of
from tests.support.corrections import CASE, take_back
from tests.support.enrolment import LEO, ZELIE
from tests.support.login_methods import TELEPHONE
from tests.support.logins import attempt, lose_password
from tests.support.two_logins import put, settle_family, settle_two_logins
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

COMES, WRONG = "come@example.net", "faux@example.org"
NEWCOMERS = (
    Guardian("Mme Ida Pie", "ida@example.org", "06 99 00 30 03", ("8 rue du Bac", "91000 Evry"), is_added=True),
    replace(LEO, name="Zoé Pie", key="0a1b2c3d", is_added=True),
)


def change(world: World, new: str | None = WRONG, old: str | None = COMES) -> CorrectionUndo | None:
    result = change_email(world.services, CASE, AddressChange(new, old, may_empty=True), world.now)
    return undo_of_addresses(result, world.now)


def settle_newcomers(world: World) -> Account:
    """Store a family with an added guardian and pupil amid the others."""
    family = settle_family(world)
    (first, *guardians), (eldest, *pupils) = family.household.guardians, family.household.pupils
    guardian, pupil = NEWCOMERS
    household = replace(family.household, guardians=(first, guardian, *guardians), pupils=(eldest, pupil, *pupils))
    return put(world, replace(family, household=household, emails=(*family.emails, guardian.email)))


def remove(world: World, kind: Correctable) -> CorrectionUndo:
    account = world.account()
    owner = next(datum.owner for datum in kind.list(account) if datum.owner)
    result = correct(world.services, CASE, kind, NewValues(owner, (), kind.version_of(account)), world.now)
    undo = undo_of(ROSSIGNOL, kind, owner, result)
    assert undo
    return undo


ACTS = pytest.mark.parametrize(
    "act",
    [
        change,
        lambda world: change(world, old=None),
        lambda world: change(world, None),
        lambda world: change(world, None, "ida@example.org"),
        lambda world: remove(world, GUARDIANS),
        lambda world: remove(world, PUPILS),
    ],
    ids=["replaced", "added", "removed", "of a newcomer", "guardian", "pupil"],
)
Act = Callable[[World], CorrectionUndo | None]


@ACTS
def test_all_is_as_before_and_nobody_is_mailed(world: World, act: Act) -> None:
    settle_newcomers(world)
    failure = FailingMailbox(world.services.record.pseudonyms.of_mailbox(COMES), "complained", world.now)
    before = put(world, replace(world.account(), failing_mailboxes=(failure,)))
    undo = act(world)
    assert undo
    assert world.account() != before
    text = seal_correction(world.services, undo)
    assert 0 < len(text) < longest("annuler")
    assert COMES not in text

    world.wait(timedelta(seconds=29))
    for _ in range(2):
        take_back(world, open_correction(world.services, ROSSIGNOL, text))
    world.deliver_patiently()

    assert world.account() == before
    assert [pupil.key for pupil in world.account().household.pupils] == [p.key for p in before.household.pupils]
    assert world.mails() == []


@ACTS
def test_late_or_after_any_other_change_it_stays_and_is_mailed(world: World, act: Act) -> None:
    def correct_by_file() -> None:
        account = world.account()
        after = replace(account, household=replace(account.household, payer="M. Jean Pie"))
        world.services.accounts.change(account, record_corrections(account, after, FILE, world.now))

    settle_newcomers(world)
    keep = world.aws.keep(world.resources)
    for happen, code in (
        (correct_by_file, "correction_moved"),
        (lambda: world.wait(timedelta(seconds=30)), "undo_late"),
    ):
        keep()
        undo = act(world)
        assert undo
        happen()
        before = world.account()
        with pytest.raises(OfficeRefusal, match=code):
            take_back(world, undo)
        assert world.account() == before
        world.deliver_patiently()
        assert EMAIL in {mail.to for mail in world.mails()}


@faults_of("BatchGetItem", "BatchWriteItem", "UpdateItem")
@ACTS
def test_whatever_call_fails_again_it_is_undone(world: World, act: Act, call: str, when: When) -> None:
    before = settle_newcomers(world)
    undo = act(world)
    assert undo
    with world.aws.failing(call, when), suppress(Unavailable):
        take_back(world, undo)
    take_back(world, undo)
    world.deliver_patiently()
    assert (world.account(), world.mails()) == (before, [])


# Whoever reads the added mailbox: what they obtained by it keeps the change, and so its notice.


def ask_for_a_password(world: World) -> str:
    lose_password(world, email=WRONG)
    world.deliver()
    return world.mailed_password()


def take_the_account(world: World) -> None:
    """Log in by the mailed password, and choose another, which no address proves."""
    password = ask_for_a_password(world)
    visit = world.visit(attempt(world, password))
    change_password(visit, enter(visit), PasswordChange(password, "Voleur7Habile", "Voleur7Habile"))


@pytest.mark.parametrize(
    ("happen", "code"), [(ask_for_a_password, "undo_used"), (take_the_account, "correction_moved")]
)
def test_an_address_that_was_used_is_not_taken_back_in_silence(
    world: World, happen: Callable[[World], object], code: str
) -> None:
    settle_family(world)
    undo = change(world, WRONG, EMAIL)
    assert undo
    happen(world)
    with pytest.raises(OfficeRefusal, match=code):
        take_back(world, undo)
    world.deliver_patiently()
    notices = [mail.to for mail in world.mails() if mail.subject.startswith("Votre adresse e-mail a été changée")]
    assert notices == [EMAIL, COMES]


def test_a_password_asked_for_by_the_address_opens_nothing_once_it_is_taken_back(world: World) -> None:
    """The consumer and the secretary race: the address got a password and stays, or it got none."""
    settle_family(world)
    keep = world.aws.keep(world.resources)
    for _ in range(4):
        keep()
        undo, together = change(world, WRONG, EMAIL), Barrier(2)
        assert undo
        lose_password(world, email=WRONG)

        def act(is_undo: bool, undo: CorrectionUndo = undo, together: Barrier = together) -> str:
            together.wait()
            if not is_undo:
                world.deliver()
                return ""
            rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
            try:
                take_back(world, undo, OfficeServices.over(replace(rebuilt, periods=world.services.periods)))
            except OfficeRefusal as refusal:
                return refusal.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            code = next(iter(pool.map(act, [True, False])))
        account = world.account()
        assert (code, WRONG in account.emails, bool(account.mailed_passwords)) in {
            ("done", False, False),
            ("undo_used", True, True),
        }


def test_a_change_that_ends_a_proof_or_would_has_no_undo(world: World) -> None:
    settle_family(world)
    keep = world.aws.keep(world.resources)

    def mailed(account: Account) -> Account:
        return replace(account, password=Password("hash", world.now, "mailed"))

    cases: tuple[tuple[Callable[[Account], Account], str | None], ...] = (
        (mailed, COMES),
        (mailed, None),
        (lambda account: replace(account, passkeys=(replace(TELEPHONE, proof=COMES),)), COMES),
        (lambda account: account.with_mailed_password(PASSWORD, "request-1", world.now), COMES),
    )
    for prepare, old in cases:
        keep()
        put(world, prepare(world.account()))
        assert change(world, old=old) is None
    keep()
    settle_two_logins(world)
    assert change(world) is None, "a guardian's own login followed"
    assert seal_correction(world.services, None) == ""
    keep()
    put(world, mailed(world.account()).with_mailed_password(PASSWORD, "request-1", world.now - timedelta(days=2)))
    put(world, replace(world.account(), password=None))
    assert change(world), "a mailed password that expired opens nothing anyway"


def test_a_large_family_s_state_fits_in_a_form(world: World) -> None:
    family = settle_family(world)
    guardians = (replace(NEWCOMERS[0], name=f"Mme {key} Pie", email=f"{key}@example.org") for key in "ABCDEFGH")
    pupils = (replace(ZELIE, name=f"{key} Pie", courses=ZELIE.courses * 3) for key in "ABCDEFGH")
    put(world, replace(family, household=Household(tuple(guardians), pupils=tuple(pupils))))
    assert 0 < len(seal_correction(world.services, remove(world, GUARDIANS))) < 3000
