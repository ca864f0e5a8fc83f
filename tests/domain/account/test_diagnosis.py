"""Why a family cannot log in: each cause is found with its facts, and only where it applies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, MailedLetter, Password
from chalicelib.domain.account.audit import AuditAction, AuditEntry, Author
from chalicelib.domain.account.diagnosis import Cause, Evidence, diagnosis
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import FROZEN, Actor, Correction
from tests.support.login_methods import LINK, TELEPHONE

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PSEUDONYMS = Pseudonyms("a key long enough for pseudonyms in tests")
AIMEE, COME = "aimee@example.org", "come@example.org"
NEW = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", (AIMEE, COME), "stamp")
ACTIVE = replace(NEW, password=Password("hash", NOW - 9 * DAY, "chosen"), last_login=NOW - 8 * DAY)


def causes(account: Account, **more: object) -> tuple[Cause, ...]:
    return diagnosis(replace(Evidence(account), **more), PSEUDONYMS, NOW)  # type: ignore[arg-type]  # any evidence


def codes(account: Account, **more: object) -> list[str]:
    return [cause.code for cause in causes(account, **more)]


def tries(count: int, last: timedelta = timedelta(0)) -> tuple[datetime, ...]:
    return tuple(NOW - last - number * MINUTE for number in reversed(range(count)))


def failing(*emails: str, at: datetime = NOW - DAY) -> tuple[FailingMailbox, ...]:
    return tuple(FailingMailbox(PSEUDONYMS.of_mailbox(email), "bounced", at) for email in emails)


def act(kind: AuditAction, at: datetime) -> AuditEntry:
    return AuditEntry(kind, "evry-xenakis", "pseudonym", Author("Mme Houx", "radiée"), at)


BOTH = (AIMEE, COME)
MAILED = NEW.with_mailed_password("Mh4kWqzR7tXc9bPd", "request-1", NOW - HOUR)
ALL_FAILING = replace(NEW, failing_mailboxes=(*failing(AIMEE), *failing(COME, at=NOW - HOUR)))
CASES: dict[str, tuple[Account, tuple[datetime, ...], tuple[Cause, ...]]] = {
    "nothing is wrong": (ACTIVE, (), (Cause("nothing", None, BOTH),)),
    "tries that no longer wait": (ACTIVE, tries(3, last=HOUR), (Cause("nothing", NOW - HOUR, BOTH, count=3),)),
    "no password yet": (NEW, (), (Cause("never_activated", emails=BOTH),)),
    "an address that works": (
        replace(NEW, failing_mailboxes=failing(AIMEE)),
        (),
        (Cause("never_activated", emails=(COME,)),),
    ),
    "every address failing": (ALL_FAILING, (), (Cause("all_failing", NOW - HOUR, BOTH), Cause("never_activated"))),
    "a mailed password to use": (MAILED, (), (Cause("mailed_unused", NOW + 23 * HOUR, BOTH),)),
    "five failures": (ACTIVE, tries(5), (Cause("waiting", NOW + MINUTE, count=5),)),
    "the ceiling": (ACTIVE, tries(25), (Cause("ceiling", tries(25)[0] + DAY, count=25),)),
}


def test_each_cause_is_found_with_its_facts() -> None:
    results = {name: causes(account, tries=moments) for name, (account, moments, _) in CASES.items()}

    assert results == {name: expected for name, (_, _, expected) in CASES.items()}


def test_an_account_that_its_family_froze_was_not_just_never_activated() -> None:
    frozen = Correction("access", (), (FROZEN,), Actor("family", "Aimée"), NOW - HOUR, "decision")
    account = replace(NEW, access_corrections=(frozen,))

    assert causes(account) == (Cause("frozen", NOW - HOUR, (AIMEE, COME)),)
    assert codes(account.with_mailed_password("password", "request", NOW)) == ["frozen", "mailed_unused"]
    assert codes(account.with_password("hash", "mailed", NOW)) == ["nothing"]


def test_an_account_without_a_password_that_a_passkey_opens_waits_for_nothing() -> None:
    account = replace(NEW, passkeys=(TELEPHONE,))

    assert causes(account) == (Cause("no_password", None, (AIMEE, COME)),)
    assert codes(replace(account, emails=())) == ["no_address", "no_password"]
    assert codes(replace(ACTIVE, links=(LINK,))) == ["nothing"]
    assert codes(account.with_mailed_password("password", "request", NOW)) == ["mailed_unused"]


def test_a_family_without_an_address_that_works_may_log_in_if_it_has_a_password() -> None:
    assert codes(replace(NEW, emails=())) == ["no_address", "never_activated"]
    assert codes(replace(ACTIVE, emails=())) == ["no_address", "nothing"]
    assert codes(replace(ACTIVE, failing_mailboxes=failing(AIMEE, COME))) == ["all_failing", "nothing"]


def test_a_password_mailed_before_mails_left_again_is_looked_for_in_vain() -> None:
    account = NEW.with_mailed_password("Mh4kWqzR7tXc9bPd", "request-1", NOW - 2 * HOUR)
    moment = NOW - HOUR

    assert causes(account, audit_entries=(act("unsuppressed", moment),)) == (
        Cause("mailed_in_vain", moment, (AIMEE, COME)),
    )
    again = account.with_mailed_password("Nj5mXrzS8uYd3cQe", "request-2", NOW - MINUTE)
    assert codes(again, audit_entries=(act("unsuppressed", moment),)) == ["mailed_unused"]
    assert codes(account, audit_entries=(act("unsuppressed", NOW - 3 * HOUR),)) == ["mailed_unused"]


@pytest.mark.parametrize("account", [NEW, ACTIVE], ids=["never activated", "with a password"])
def test_a_mailed_password_expired_unused(account: Account) -> None:
    account = account.with_mailed_password("Mh4kWqzR7tXc9bPd", "request-1", NOW - 3 * DAY)

    assert causes(account) == (Cause("mailed_expired", NOW - 2 * DAY, (AIMEE, COME)),)


@pytest.mark.parametrize("moment", [NOW - HOUR, NOW - 3 * DAY], ids=["valid", "expired"])
def test_a_mailed_password_explains_nothing_once_the_family_has_logged_in_without_it(moment: datetime) -> None:
    account = ACTIVE.with_mailed_password("Mh4kWqzR7tXc9bPd", "request-1", moment)

    assert codes(replace(account, last_login=moment + MINUTE)) == ["nothing"]


def test_a_disabled_account_says_since_when_and_why() -> None:
    acts = (act("unlocked", NOW - 3 * DAY), act("disabled", NOW - 2 * DAY), act("exported", NOW - DAY))

    first = causes(replace(ACTIVE, disabled=True), audit_entries=acts)[0]

    assert (first.code, first.at, first.audit_entry) == ("disabled", NOW - 2 * DAY, acts[1])


def test_an_account_disabled_by_no_act_that_is_known_says_so_only_while_it_is() -> None:
    acts = (act("disabled", NOW - 3 * DAY), act("enabled", NOW - 2 * DAY))

    assert causes(replace(ACTIVE, disabled=True), audit_entries=acts) == (Cause("disabled"),)
    assert causes(replace(ACTIVE, disabled=True)) == (Cause("disabled"),)
    assert codes(ACTIVE, audit_entries=(act("disabled", NOW - DAY),)) == ["nothing"]


def test_a_family_gone_from_the_file_may_log_in_all_the_same() -> None:
    assert codes(replace(ACTIVE, gone_at=NOW - DAY)) == ["gone", "nothing"]
    assert codes(replace(ACTIVE, gone_at=NOW - DAY, disabled=True)) == ["disabled", "gone"]


def test_six_letters_in_a_day_are_the_most() -> None:
    letters = tuple(MailedLetter(f"request-{number}", NOW - number * HOUR) for number in range(1, 7))

    assert causes(replace(ACTIVE, letters=letters)) == (Cause("letters_limit", NOW + 18 * HOUR, count=6),)
    assert codes(replace(ACTIVE, letters=letters[1:])) == ["nothing"]


def test_tries_at_a_site_without_such_an_account_tell_of_the_wrong_site() -> None:
    elsewhere = (("evry-magnard", tries(3, last=HOUR)), ("ris-orangis-messiaen", tries(1)), ("bondoufle-gounod", ()))

    assert causes(ACTIVE, elsewhere=elsewhere) == (
        Cause("wrong_site", NOW, sites=("evry-magnard", "ris-orangis-messiaen"), count=4),
    )


def test_tries_at_a_wrong_site_explain_nothing_once_the_family_has_logged_in_or_a_day_has_gone() -> None:
    assert codes(replace(ACTIVE, last_login=NOW), elsewhere=(("evry-magnard", tries(3, last=HOUR)),)) == ["nothing"]
    assert codes(ACTIVE, elsewhere=(("evry-magnard", tries(3, last=2 * DAY)),)) == ["nothing"]


def test_an_identifier_of_two_sites_is_told_beside_the_rest() -> None:
    assert causes(ACTIVE, twins=("evry-magnard",))[0] == Cause("twins", sites=("evry-magnard",))
    assert codes(ACTIVE, twins=("evry-magnard",)) == ["twins", "nothing"]


def test_what_stops_a_family_for_good_comes_first() -> None:
    account = replace(NEW, disabled=True, gone_at=NOW - DAY, emails=())

    causes = codes(account, tries=tries(6), elsewhere=(("evry-magnard", tries(1)),), twins=("bondoufle-gounod",))

    assert causes == ["disabled", "gone", "waiting", "no_address", "never_activated", "wrong_site", "twins"]
