"""« Ce n'est pas moi »: the addresses restored, by which mailboxes, and presses by an attacker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.change_links import ChangeLink, LinkGone
from chalicelib.domain.account.coordinates import freezes, frozen_at, record_corrections, record_password_change
from chalicelib.domain.account.disown import DisownInput, addresses_taken_off, disown
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import ACCESS_AT_MOST, Actor, Side, new_decision
from chalicelib.domain.family.households import Guardian, Household

MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms("a key long enough for pseudonyms in tests")
AIMEE, COME, EVIL, NEW = "aimee@example.org", "come@example.org", "evil@example.org", "nouvelle@example.org"
HOUSEHOLD = Household(guardians=(Guardian("Aimée", AIMEE), Guardian("Côme", COME)))


class Story:
    """An account and its changes, hour by hour."""

    def __init__(self, *emails: str) -> None:
        self.now = MORNING
        self.account = Account(
            AccountRef("evry-xenakis", "xen1"),
            "Famille Rossignol",
            emails,
            "stamp",
            password=Password("hash", MORNING - timedelta(days=90), "chosen"),
            household=HOUSEHOLD,
        )
        self._number = count()

    def wait(self, time: timedelta = timedelta(hours=1)) -> None:
        self.now += time

    def change_emails(self, new: str | None, former: str | None, side: Side = "family", author: str = "") -> ChangeLink:
        self.wait()
        after = apply_email_change(self.account, EmailChange(new, former), PSEUDONYMS)
        self.account = record_corrections(self.account, after, Actor(side, author), self.now, new_decision())
        return self.link_of("")

    def change_password(self) -> ChangeLink:
        self.wait()
        after = self.account.with_password(f"hash {next(self._number)}", "chosen", self.now)
        self.account = record_password_change(self.account, after, "login", self.now)
        return self.link_of("")

    def link_of(self, email: str) -> ChangeLink:
        return ChangeLink.of("account", self.account.access_corrections[-1], PSEUDONYMS.of_mailbox(email))

    def press(self, link: ChangeLink, email: str) -> bool:
        """Press the button with this mailbox's link. Returns whether anything changed."""
        self.wait()
        change_link = replace(link, mailbox=PSEUDONYMS.of_mailbox(email))
        decision = DisownInput(new_decision(link.mark), f"stamp {next(self._number)}", self.now)
        before, self.account = self.account, disown(self.account, change_link, decision, PSEUDONYMS)
        return before is not self.account

    def emails_of_guardians(self) -> list[str]:
        return [guardian.email for guardian in self.account.household.guardians]


def test_a_changed_password_is_void_with_all_that_could_open_the_account() -> None:
    story = Story(AIMEE, COME)
    link = story.change_password()
    waiting = PendingEmail("waiting", NEW, "Aimée", story.now)
    account = story.account.with_mailed_password("Mh4kWqzR7tXc9bPd", "request-1", story.now)
    story.account, stamp = replace(account, pending_email=waiting), account.stamp

    assert story.press(link, AIMEE)

    after = story.account
    assert (after.password, after.mailed_passwords, after.pending_email, after.letters) == (None, (), None, ())
    assert after.stamp != stamp
    assert after.emails == (AIMEE, COME)


def test_the_trail_says_it_by_whose_mailbox_with_all_that_changed() -> None:
    story = Story(AIMEE, COME)
    link = story.change_emails(EVIL, COME)

    story.press(link, COME)

    traces = [trace for trace in story.account.access_corrections if trace.at == story.now]
    assert [(trace.what, trace.old, trace.new) for trace in traces] == [
        ("emails", (AIMEE, EVIL), (AIMEE, COME)),
        ("password", ("chosen",), ()),
        ("access", (), ("frozen",)),
    ]
    assert {trace.actor for trace in traces} == {Actor("family", "Côme")}
    assert addresses_taken_off(story.account, freezes(story.account)[-1]) == (EVIL,)


def test_an_address_takes_its_place_again_and_its_guardian_s() -> None:
    story = Story(AIMEE, COME)
    story.change_emails(NEW, AIMEE)
    link = story.change_emails(EVIL, NEW)
    first = replace(link, mark=ChangeLink.of("account", story.account.access_corrections[0], "").mark)

    story.press(replace(first, at=story.account.access_corrections[0].at), AIMEE)

    assert story.account.emails == (AIMEE, COME)
    assert story.emails_of_guardians() == [AIMEE, COME]


def test_an_address_that_was_taken_away_comes_back_to_the_guardian_who_has_none() -> None:
    story = Story(AIMEE, COME)

    story.press(story.change_emails(None, COME), COME)

    assert story.account.emails == (AIMEE, COME)
    assert story.emails_of_guardians() == [AIMEE, COME]


@pytest.mark.parametrize("pressed", [0, 1, 2])
def test_whichever_link_is_pressed_the_attacker_s_address_goes_and_the_family_s_comes_back(pressed: int) -> None:
    story = Story(AIMEE)
    links = (story.change_password(), story.change_emails(EVIL, None), story.change_emails(None, AIMEE))

    assert story.press(links[pressed], AIMEE)

    assert story.account.emails == (AIMEE,)


def test_the_attacker_who_presses_first_keeps_nobody_from_pressing() -> None:
    story = Story(AIMEE)
    link, second = story.change_emails(EVIL, None), story.change_emails(None, AIMEE)

    assert story.press(second, EVIL)
    assert story.press(link, AIMEE)

    assert story.account.emails == (AIMEE,)


def test_the_attacker_whose_address_was_taken_off_presses_in_vain() -> None:
    story = Story(AIMEE)
    link = story.change_emails(EVIL, None)
    removal = story.change_emails(None, AIMEE)

    story.press(link, AIMEE)

    assert not story.press(removal, EVIL)
    assert story.account.emails == (AIMEE,)


def test_the_family_that_takes_the_attacker_s_address_away_by_itself_is_not_thrown_out_by_it() -> None:
    story = Story(AIMEE)
    story.change_emails(EVIL, None)
    link = story.change_emails(None, EVIL)

    with pytest.raises(LinkGone):
        story.press(link, EVIL)


def test_pressed_twice_or_by_the_other_guardian_too_nothing_more_happens() -> None:
    story = Story(AIMEE, COME)
    link = story.change_password()

    assert [story.press(link, email) for email in (AIMEE, AIMEE, COME)] == [True, False, False]


def test_an_old_link_throws_nobody_out_who_has_got_in_again() -> None:
    story = Story(AIMEE, COME)
    first, second = story.change_password(), story.change_emails(EVIL, COME)
    story.press(second, COME)
    story.change_password()
    story.change_emails(NEW, None)

    results = [story.press(link, email) for link in (first, second) for email in (AIMEE, COME)]

    assert results == [False] * 4
    assert story.account.emails == (AIMEE, COME, NEW)
    assert story.account.password


def test_what_is_changed_after_a_freeze_has_a_link_of_its_own() -> None:
    story = Story(AIMEE, COME)
    story.press(story.change_password(), AIMEE)

    assert story.press(story.change_password(), COME)


def test_a_mailbox_that_was_taken_away_comes_back_once_and_the_family_s_second_word_stands() -> None:
    """The removed parent has a link too: it is mailed, shown to the office, and works once."""
    story = Story(AIMEE, COME)

    assert story.press(story.change_emails(None, COME), COME)
    assert COME in story.account.emails
    story.change_password()
    link = story.change_emails(None, COME)

    with pytest.raises(LinkGone):
        story.press(link, COME)
    assert story.account.emails == (AIMEE,)


def test_none_of_another_link_of_his_brings_him_back_either() -> None:
    story = Story(AIMEE, COME)
    password = story.change_password()
    story.press(story.change_emails(None, COME), COME)
    story.change_password()
    story.change_emails(None, COME)

    assert [story.press(password, AIMEE), story.account.emails] == [False, (AIMEE,)]
    assert [story.press(password, COME), story.account.emails] == [False, (AIMEE,)]


def test_what_the_office_took_away_the_office_alone_puts_back() -> None:
    story = Story(AIMEE, COME)
    password = story.change_password()
    link = story.change_emails(None, COME, "office")

    with pytest.raises(LinkGone):
        story.press(password, COME)
    assert story.press(link, COME), "it freezes, all the same"

    assert (story.account.emails, story.account.password) == ((AIMEE,), None)


def test_an_address_that_somebody_talked_the_office_into_is_taken_off() -> None:
    story = Story(AIMEE)

    assert story.press(story.change_emails(EVIL, AIMEE, "office"), AIMEE)

    assert story.account.emails == ()


def test_what_the_office_changed_since_stays() -> None:
    story = Story(AIMEE)
    link = story.change_emails(EVIL, AIMEE)
    story.change_emails(NEW, None, "office")

    story.press(link, AIMEE)

    assert story.account.emails == (AIMEE, NEW)


def test_the_address_that_a_family_just_moved_to_is_not_lost_by_its_own_link() -> None:
    story = Story(AIMEE)
    story.change_emails(NEW, AIMEE)

    story.press(story.change_password(), NEW)

    assert story.account.emails == (NEW,)
    assert story.press(story.change_emails(EVIL, NEW), NEW)
    assert story.account.emails == (NEW,)


def test_an_address_taken_away_and_brought_back_by_the_attacker_is_the_family_s_still() -> None:
    story = Story(AIMEE, COME)
    link = story.change_emails(None, COME)
    story.change_emails(COME, None)

    story.press(link, AIMEE)

    assert story.account.emails == (AIMEE, COME)


def test_what_one_link_took_off_no_older_link_puts_back() -> None:
    story = Story(AIMEE)
    link, password = story.change_emails(EVIL, None), story.change_password()
    story.press(link, AIMEE)
    story.now = password.expires_at - timedelta(hours=1, minutes=10)

    assert not story.press(password, AIMEE)
    assert story.account.emails == (AIMEE,)


def test_an_address_that_nobody_disowned_in_seven_days_stays() -> None:
    story = Story(AIMEE)
    story.change_emails(NEW, None)
    story.wait(timedelta(days=7))

    story.press(story.change_password(), AIMEE)

    assert story.account.emails == (AIMEE, NEW)


def test_a_closed_account_and_a_change_that_never_was_have_no_link() -> None:
    story = Story(AIMEE)
    link = story.change_emails(EVIL, None)

    with pytest.raises(LinkGone):
        story.press(replace(link, mark="0" * 16), AIMEE)
    story.account = story.account.with_disabled(is_disabled=True)
    with pytest.raises(LinkGone):
        story.press(link, AIMEE)


def test_a_password_that_a_flood_pushed_out_of_the_trail_is_disowned_all_the_same() -> None:
    story = Story(AIMEE)
    links = [story.change_password() for _ in range(2 * ACCESS_AT_MOST["password"])]

    assert story.press(links[ACCESS_AT_MOST["password"]], AIMEE)


def test_it_is_frozen_until_a_password_is_used() -> None:
    story = Story(AIMEE)
    link = story.change_password()
    assert frozen_at(story.account) is None

    story.press(link, AIMEE)
    assert frozen_at(story.account) == story.now

    story.change_password()
    assert frozen_at(story.account) is None
    story.wait()
    story.account = replace(story.account, password=None)
    assert frozen_at(story.account) is None


def test_kept_apart_a_guardian_s_link_takes_back_its_own_changes_and_none_of_the_other_s() -> None:
    """So that a former holder of the other's mailbox cannot obtain a password there."""
    story = Story(AIMEE, COME)
    household = replace(HOUSEHOLD, guardians=(HOUSEHOLD.guardians[0], Guardian("Côme", COME, login="xen1r2")))
    story.account = replace(story.account, household=household, separated_at=MORNING)
    hers = story.change_password()
    story.change_emails(NEW, AIMEE, author="Aimée")
    his = story.change_emails(EVIL, COME, author="Côme")

    assert story.press(his, COME)
    assert story.account.emails == (NEW, COME)

    story.change_emails(EVIL, COME, author="Côme")
    assert story.press(hers, AIMEE)
    assert story.account.emails == (AIMEE, EVIL)
