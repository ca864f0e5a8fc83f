"""A member of staff: the effect of each change of access on proofs, sessions and invitations."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.staff.members import (
    ROLES,
    ManagerList,
    Member,
    Right,
    Totp,
    allows,
    link_digest,
    new_link_secret,
)
from chalicelib.domain.staff.recent_logins import HALF_OPEN, RecentLogin

ODILE, COLOMBE = "fauvette@example.org", "bergeronnette@example.org"


def test_who_was_only_invited_does_not_count_as_one_who_is_left() -> None:
    managers = ManagerList().with_added(ODILE).with_entered(ODILE).with_added(COLOMBE)

    assert managers.is_last(ODILE)
    assert not managers.is_last(COLOMBE)
    assert not managers.with_entered(COLOMBE).is_last(ODILE)


def test_who_is_reset_stays_a_manager_and_counts_no_more() -> None:
    managers = ManagerList().with_added(ODILE).with_entered(ODILE)

    assert ODILE in managers.without_entry(ODILE)
    assert managers.without_entry(ODILE).entered == ()


def test_two_lists_that_are_alike_are_told_apart() -> None:
    managers = ManagerList().with_added(ODILE)

    again = managers.without(ODILE).with_added(ODILE)

    assert again.emails == managers.emails
    assert again.version != managers.version


def test_what_changes_nothing_is_the_same_list() -> None:
    managers = ManagerList().with_added(ODILE)

    assert managers.with_added(ODILE) is managers
    assert managers.without(COLOMBE) is managers
    assert managers.without_entry(ODILE) is managers


def test_which_role_has_which_right() -> None:
    rights: tuple[Right, ...] = ("staff", "reader", "secretary", "manager", "teacher")

    assert {role: [right for right in rights if allows(role, right)] for role in ROLES} == {
        "reader": ["staff", "reader"],
        "secretary": ["staff", "reader", "secretary"],
        "manager": ["staff", "reader", "secretary", "manager"],
        "teacher": ["staff", "teacher"],
    }


NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
INVITED = Member("troglodyte@example.org", "Basile Troglodyte", "secretary", ("evry-xenakis",), new_stamp(), NOW)
ACTIVE = INVITED.with_proofs("a hash", Totp("sealed"), (), NOW)


def test_an_invitation_opens_until_24_hours_later_to_its_own_secret_alone() -> None:
    secret = new_link_secret()
    invitation = INVITED.with_invitation(link_digest(secret), "Odile Fauvette", NOW).invitation

    assert invitation
    assert invitation.is_opened_by(secret, NOW + timedelta(hours=24) - timedelta(seconds=1))
    assert not invitation.is_opened_by(secret, NOW + timedelta(hours=24))
    assert not invitation.is_opened_by(new_link_secret(), NOW)


def test_access_is_active_with_both_factors_and_not_disabled() -> None:
    assert not INVITED.is_active
    assert ACTIVE.is_active
    assert not ACTIVE.with_disabled(is_disabled=True).is_active
    assert not INVITED.with_proofs("a hash", None, (), NOW).is_active


def test_whatever_changes_a_proof_ends_every_session() -> None:
    members = [
        INVITED.with_proofs("a hash", Totp("sealed"), (), NOW),
        ACTIVE.without_proofs(),
        ACTIVE.with_disabled(is_disabled=True),
        ACTIVE.with_disabled(is_disabled=False),
    ]

    assert len({member.stamp for member in members} | {INVITED.stamp, ACTIVE.stamp}) == len(members) + 2
    assert not ACTIVE.without_proofs().is_active


def test_a_closed_access_has_no_invitation_left() -> None:
    member = INVITED.with_invitation(link_digest("a secret"), "Odile Fauvette", NOW)

    assert member.with_disabled(is_disabled=True).invitation is None


def test_a_manager_is_of_all_sites_and_names_none() -> None:
    assert ACTIVE.with_role("manager", ("evry-xenakis",)).sites == ()
    assert ACTIVE.with_role("reader", ("evry-magnard",)).sites == ("evry-magnard",)


def test_a_login_is_kept_as_long_as_what_it_used_up_could_open_anything() -> None:
    logins = [
        RecentLogin(f"half {number}", f"open {number}", "client", NOW + number * HALF_OPEN / 2) for number in range(3)
    ]
    after = ACTIVE
    for login in logins:
        after = after.with_login(login)

    assert after.logins == (logins[1], logins[2])
    assert (after.entry, after.last_login) == ("open 2", NOW + HALF_OPEN)
    assert [after.login_by(f"half {number}") for number in range(3)] == [None, logins[1], logins[2]]


def test_nothing_of_a_member_is_shown_by_mistake() -> None:
    text = repr(ACTIVE)

    assert not [secret for secret in (ACTIVE.email, ACTIVE.name, ACTIVE.stamp, "a hash", "sealed") if secret in text]
