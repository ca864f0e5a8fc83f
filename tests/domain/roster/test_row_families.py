"""The file, its last values, and the account: which wins, and the fields never touched."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain.account.accounts import (
    Account,
    AccountRef,
    FailingMailbox,
    MailedLetter,
    MailedPassword,
    Password,
)
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, pupil_key
from chalicelib.domain.roster.row_families import (
    FIELDS,
    Difference,
    ListedFamily,
    digest,
    is_same_family,
    mark_gone,
    new_account,
    update_account,
)

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms("a key of some thirty-two characters")
REF = AccountRef("evry-xenakis", "xen1")
LISTED = ListedFamily(
    ref=REF,
    line=7,
    display_identifier="XEN 1",
    name="Famille Rossignol",
    guardians=(
        Guardian("Mme Rossignol", "rossignol@example.org", "01 99 00 12 34"), Guardian("M. Merle", "merle@example.org"),
    ),
    emails=("rossignol@example.org", "merle@example.org"),
    address=("3 rue de l'Orge", "91000 Evry"),
    pupils=(Pupil("Zélie", date(2015, 2, 28), (Course("Hautbois", "Cycle 1"),)),),
    payer="M. Merle",
)  # fmt: skip
BESIDE = {"telephones", "guardian_addresses"}  # they stand with the guardians
ATTRIBUTES = {"written": "display_identifier"}
OTHER_VALUES: dict[str, Any] = {
    "name": "Famille Rossignol-Merle",
    "written": "XEN1",
    "emails": ("nouvelle@example.org",),
    "guardians": (
        Guardian("Mme Rossignol-Merle", "rossignol@example.org", "01 99 00 12 34"),
        Guardian("M. Merle", "merle@example.org"),
    ),
    "address": ("5 rue du Blé", "91000 Evry"),
    "pupils": (Pupil("Zélie", date(2015, 2, 27), (Course("Hautbois", "Cycle 1"),)),),
    "telephones": ("01 99 00 12 34", "01 99 00 56 78"),
    "payer": "Mme Rossignol",
    "guardian_addresses": ((), ("1 rue du Lac", "91000 Evry")),
}


def after(account: Account, family: ListedFamily) -> Account:
    return update_account(account, family, PSEUDONYMS).after


def listing_another(field: str) -> ListedFamily:
    """Make a family that differs in one field, as another file lists it."""
    return listing({field: OTHER_VALUES[field]})


def listing(fields: dict[str, Any]) -> ListedFamily:
    """Make a family that differs in some fields, as a file lists it. Telephones are on its guardians."""
    whole = replace(
        LISTED, **{ATTRIBUTES.get(name, name): value for name, value in fields.items() if name not in BESIDE}
    )
    telephones = fields.get("telephones", LISTED.telephones)
    addresses = fields.get("guardian_addresses", LISTED.guardian_addresses)
    with_theirs = zip(whole.guardians, (*whole.emails, "")[:2], telephones, addresses, strict=True)
    guardians = (
        replace(guardian, email=email, telephone=number, address=lines)
        for guardian, email, number, lines in with_theirs
    )
    return replace(whole, guardians=tuple(guardians))


def value_of(account: Account, field: str) -> object:
    if field == "guardian_addresses":
        return tuple(guardian.address for guardian in account.household.guardians)
    if field == "telephones":
        return tuple(guardian.telephone for guardian in account.household.guardians)
    whole = account if field in {"name", "written", "emails"} else account.household
    return getattr(whole, ATTRIBUTES.get(field, field))


def correct(account: Account) -> Account:
    """Correct every field of the account, as the office did since."""
    return replace(
        account,
        name="Famille Corrigée",
        display_identifier="xen-1",
        emails=("corrigee@example.org",),
        household=Household((Guardian("Mme Corrigée", "corrigee@example.org"),), ("1 rue Corrigée",), (Pupil("Léo"),)),
    )


def test_a_new_account_holds_all_that_the_file_says_and_no_password() -> None:
    account = new_account(LISTED)

    assert (account.ref, account.name, account.display_identifier) == (REF, "Famille Rossignol", "XEN 1")
    assert account.emails == LISTED.emails
    assert account.household == Household(LISTED.guardians, LISTED.address, LISTED.pupils, "M. Merle")
    assert (account.password, account.mailed_passwords, account.disabled, account.gone_at) == (None, (), False, None)
    assert new_account(LISTED).stamp != account.stamp


def test_an_unchanged_file_says_what_it_said_before_telephones_and_courses_were_read() -> None:
    two = (Pupil("Zélie", date(2015, 2, 28), (Course("Hautbois", "Cycle 1"), Course("Chant"))), Pupil("Léo"))

    assert digest(two) == digest(
        ("Zélie\t2015-02-28\tHautbois\tCycle 1", "Zélie\t2015-02-28\tChant\t", "Léo\tNone\t\t")
    )


@pytest.mark.parametrize("fact", ["discipline", "level", "teacher", "slot", "place"])
def test_a_file_that_says_another_fact_of_a_course_says_something_else(fact: str) -> None:
    course = Course("Hautbois", "Cycle 1", "Mme Sorbier", "mardi 17 h", "salle Anche")

    assert digest(Pupil("Zélie", None, (course,))) != digest(Pupil("Zélie", None, (replace(course, **{fact: "x"}),)))


def test_the_same_file_again_changes_nothing() -> None:
    account = new_account(LISTED)

    decision = update_account(account, LISTED, PSEUDONYMS)

    assert (decision.after, decision.changed, decision.kept) == (account, (), ())


@pytest.mark.parametrize("field", OTHER_VALUES)
def test_a_field_is_written_when_the_file_says_something_else(field: str) -> None:
    account = new_account(LISTED)

    decision = update_account(account, listing_another(field), PSEUDONYMS)

    assert field in [difference.what for difference in decision.changed]
    if field != "guardians":
        assert decision.changed == (Difference(field, value_of(account, field), OTHER_VALUES[field]),)
    assert value_of(decision.after, field) == OTHER_VALUES[field]
    assert after(decision.after, listing_another(field)) == decision.after


@pytest.mark.parametrize("field", OTHER_VALUES)
def test_a_correction_stands_while_the_file_says_what_it_said(field: str) -> None:
    account = correct(new_account(LISTED))

    decision = update_account(account, LISTED, PSEUDONYMS)

    assert decision.after == account
    assert decision.changed == ()
    assert field in [difference.what for difference in decision.kept]


@pytest.mark.parametrize("field", OTHER_VALUES)
def test_a_correction_gives_way_once_the_file_says_something_new_and_the_others_stand(field: str) -> None:
    account = correct(new_account(LISTED))

    decision = update_account(account, listing_another(field), PSEUDONYMS)

    fields = {difference.what for difference in decision.changed}
    with_it = {"emails": {"guardian_emails"}, "guardians": {"guardian_emails", *BESIDE}}.get(field, set())
    is_no_guardian_s = field in BESIDE  # new values belong to guardians that the correction removed
    assert fields - with_it == (set() if is_no_guardian_s else {field})
    assert (field in {difference.what for difference in decision.kept}) is is_no_guardian_s
    with_it |= {"guardians"} if field == "emails" else set()
    rest = OTHER_VALUES.keys() - {field} - with_it
    assert {name: value_of(decision.after, name) for name in rest} == {name: value_of(account, name) for name in rest}


def test_a_file_that_catches_up_with_a_correction_is_no_change_and_is_remembered() -> None:
    account = replace(new_account(LISTED), name="Famille Rossignol-Merle")

    caught_up = update_account(account, listing_another("name"), PSEUDONYMS)
    then = update_account(replace(caught_up.after, name="Famille Corrigée"), listing_another("name"), PSEUDONYMS)

    assert (caught_up.changed, caught_up.kept) == ((), ())
    assert then.after.name == "Famille Corrigée"


CORRECTED = Pupil("Zoé", date(2015, 2, 27), (Course("Hautbois", "Cycle 1"),), key=pupil_key(LISTED.pupils[0]))
IN_CYCLE_2 = (Course("Hautbois", "Cycle 2"),)


@pytest.mark.parametrize(
    ("line", "item"),
    [
        (replace(LISTED.pupils[0], courses=IN_CYCLE_2), replace(CORRECTED, courses=IN_CYCLE_2)),
        (replace(CORRECTED, key="", courses=IN_CYCLE_2), replace(CORRECTED, courses=IN_CYCLE_2)),
        (Pupil("Zoë-Lou", date(2015, 2, 27), IN_CYCLE_2), Pupil("Zoë-Lou", date(2015, 2, 27), IN_CYCLE_2)),
    ],
    ids=["as before", "as corrected", "otherwise"],
)
def test_a_corrected_pupil_stays_itself_until_the_file_lists_it_a_third_way(line: Pupil, item: Pupil) -> None:
    account = new_account(LISTED)
    account = replace(account, household=replace(account.household, pupils=(CORRECTED,)))

    (pupil,) = after(account, replace(LISTED, pupils=(line,))).household.pupils

    assert (pupil, pupil_key(pupil)) == (item, pupil_key(item))
    assert after(account, LISTED).household.pupils == (CORRECTED,)


def test_an_account_that_no_file_has_told_of_takes_what_the_file_says() -> None:
    account = Account(REF, "Famille Inconnue", ("ancienne@example.org",), "stamp-1")

    assert replace(after(account, LISTED), stamp="") == replace(new_account(LISTED), stamp="")


@pytest.mark.parametrize("field", ["name", "emails", "guardians", "address", "telephones", "payer"])
@pytest.mark.parametrize("side", ["family", "office", "file"])
def test_a_field_that_the_file_tells_for_the_first_time_leaves_what_was_corrected_here(field: str, side: str) -> None:
    untold = replace(new_account(LISTED), imported=())
    trace = Correction(field, (), (), Actor(side, "x"), NOW, "decision")  # type: ignore[arg-type]  # as stored
    account = replace(correct(untold), corrections=(trace,))
    if field == "telephones":  # a guardian of another name would have no correction to leave
        guardians = tuple(replace(guardian, telephone="01 99 00 99 99") for guardian in LISTED.guardians)
        account = replace(account, household=replace(untold.household, guardians=guardians))

    decision = update_account(account, LISTED, PSEUDONYMS)

    assert (field in [difference.what for difference in decision.kept]) is (side != "file")
    again = update_account(decision.after, listing_another(field), PSEUDONYMS)
    assert field in [difference.what for difference in again.changed]


def test_what_the_file_does_not_tell_stays() -> None:
    account = new_account(LISTED)
    silent = replace(
        LISTED, emails=(), pupils=(), guardians=(), listed_fields=frozenset({"name", "written", "address"})
    )

    assert after(account, silent) == account


def test_an_address_gone_from_the_file_is_taken_from_its_guardian_and_its_failure_forgotten() -> None:
    failing = [FailingMailbox(PSEUDONYMS.of_mailbox(email), "bounced", NOW) for email in LISTED.emails]
    account = replace(new_account(LISTED), failing_mailboxes=tuple(failing))

    account_after = after(account, replace(LISTED, emails=("merle@example.org",)))

    assert account_after.household.guardians == (
        Guardian("Mme Rossignol", "", "01 99 00 12 34"), Guardian("M. Merle", "merle@example.org"),
    )  # fmt: skip
    assert account_after.failing_mailboxes == (failing[1],)


def test_a_corrected_address_is_not_given_back_with_the_guardians_of_a_new_file() -> None:
    account = replace(
        new_account(LISTED),
        emails=("corrigee@example.org", "merle@example.org"),
        household=replace(
            new_account(LISTED).household,
            guardians=(Guardian("Mme Rossignol", "corrigee@example.org"), LISTED.guardians[1]),
        ),
    )
    family = replace(LISTED, guardians=(replace(LISTED.guardians[0], name="Mme Grive"), LISTED.guardians[1]))

    account_after = after(account, family)

    assert account_after.emails == account.emails
    assert account_after.household.guardians == (
        Guardian("Mme Grive", "corrigee@example.org"), Guardian("M. Merle", "merle@example.org"),
    )  # fmt: skip


def test_a_corrected_telephone_stays_with_its_guardian_when_the_file_lists_them_otherwise() -> None:
    aimee, partner = LISTED.guardians
    guardians = (replace(aimee, telephone="01 99 00 99 99"), partner)
    account = replace(new_account(LISTED), household=replace(new_account(LISTED).household, guardians=guardians))
    silent = LISTED.listed_fields - {"telephones"}

    account_after = after(account, replace(LISTED, guardians=(partner, aimee), listed_fields=silent))

    assert [(guardian.name, guardian.telephone) for guardian in account_after.household.guardians] == [
        ("M. Merle", ""), ("Mme Rossignol", "01 99 00 99 99"),
    ]  # fmt: skip


def test_telephones_of_a_file_without_guardians_find_the_familys_own_name() -> None:
    guardians = (Guardian("Famille Rossignol", "rossignol@example.org", "01 99 00 12 34"),)
    family = replace(LISTED, guardians=guardians, listed_fields=LISTED.listed_fields - {"guardians"})
    account = replace(new_account(LISTED), household=Household(), imported=())

    assert after(account, family).household.guardians == guardians


def test_a_chosen_password_letters_and_stamp_are_never_touched() -> None:
    """An import keeps mailed passwords too, unless an address that may have received them leaves (record 133)."""
    account = replace(
        new_account(LISTED),
        password=Password("$argon2id$…", NOW, "chosen"),
        mailed_passwords=(MailedPassword("a" * 64, NOW, "request-1"),),
        letters=(MailedLetter("request-1", NOW),),
        last_login=NOW,
    )

    account_after = after(account, listing(OTHER_VALUES))

    same_addresses = {name: value for name, value in OTHER_VALUES.items() if name != "emails"}
    assert after(account, listing(same_addresses)).mailed_passwords == account.mailed_passwords
    assert account_after.mailed_passwords == ()
    for name in ("password", "letters", "last_login", "stamp", "disabled", "role", "notices"):
        assert getattr(account_after, name) == getattr(account, name)


# Gone, and back.


def test_a_family_gone_is_noted_once_and_disabled_on_demand_which_ends_its_sessions() -> None:
    account = new_account(LISTED)

    absence, closure = (mark_gone(account, NOW, disable=disable) for disable in (False, True))

    assert (absence.gone_at, absence.disabled) == (NOW, False)
    assert mark_gone(absence, datetime(2027, 6, 1, tzinfo=UTC), disable=False) == absence
    assert (closure.disabled, closure.stamp == account.stamp) == (True, False)
    assert mark_gone(closure, NOW, disable=True) == closure


def test_a_family_that_is_back_is_no_longer_gone_nor_disabled_by_an_import() -> None:
    decision, reopening = (
        update_account(mark_gone(new_account(LISTED), NOW, disable=disable), LISTED, PSEUDONYMS)
        for disable in (False, True)
    )

    assert (decision.after.gone_at, decision.changed) == (None, (Difference("gone", NOW, None),))
    assert (reopening.after.disabled, reopening.after.gone_at) == (False, None)
    assert reopening.changed == (Difference("gone", NOW, None), Difference("disabled", ours=True, file=False))
    assert after(reopening.after, LISTED) == reopening.after


def test_what_the_desk_disabled_before_stays_disabled_and_is_told() -> None:
    account = new_account(LISTED).with_disabled(is_disabled=True)

    decision = update_account(mark_gone(account, NOW, disable=True), LISTED, PSEUDONYMS)

    assert decision.after.disabled
    assert decision.kept == (Difference("disabled", ours=True, file=False),)


def test_what_the_desk_switched_since_stays_as_the_desk_left_it() -> None:
    reopening = mark_gone(new_account(LISTED), NOW, disable=True).with_disabled(is_disabled=False)
    closed_again = reopening.with_disabled(is_disabled=True)

    assert not after(reopening, LISTED).disabled
    assert after(closed_again, LISTED).disabled


@pytest.mark.parametrize(
    ("name", "emails", "same"),
    [
        ("FAMILLE ROSSIGNOL", (), True),
        ("Famille Autre", ("merle@example.org",), True),
        ("Famille Autre", ("autre@example.org",), False),
        ("Famille Autre", (), False),
    ],
)
def test_a_family_of_another_site_is_known_by_name_or_address(name: str, emails: tuple[str, ...], same: bool) -> None:
    account = Account(AccountRef("evry-magnard", "xen1"), name, emails, "stamp-1")

    assert is_same_family(LISTED, account) is same


def test_a_guardian_s_own_postal_address_follows_the_file_and_one_without_it_changes_nothing() -> None:
    lake, park = ("1 rue du Lac", "91000 Evry"), ("2 rue du Parc", "91000 Evry")
    family = replace(LISTED, guardians=(replace(LISTED.guardians[0], address=lake), *LISTED.guardians[1:]))
    account = new_account(family)
    assert account.household.guardians[0].address == lake

    without = frozenset(FIELDS) - {"guardian_addresses"}
    silent = update_account(account, replace(LISTED, listed_fields=without), PSEUDONYMS)
    family_after = replace(family, guardians=(replace(family.guardians[0], address=park), *family.guardians[1:]))
    update = update_account(account, family_after, PSEUDONYMS)

    assert (silent.after.household, silent.changed) == (account.household, ())
    assert update.after.household.guardians[0].address == park
    assert [difference.what for difference in update.changed] == ["guardian_addresses"]


def test_a_guardian_s_own_postal_address_corrected_here_stays_until_the_file_says_another() -> None:
    lake = ("1 rue du Lac", "91000 Evry")
    account = new_account(LISTED)
    guardians = (replace(account.household.guardians[0], address=lake), *account.household.guardians[1:])
    account_after = replace(account, household=replace(account.household, guardians=guardians))

    again = update_account(account_after, LISTED, PSEUDONYMS)

    assert again.after.household.guardians[0].address == lake
    assert [difference.what for difference in again.kept] == ["guardian_addresses"]


AIMEE = Guardian("Mme Rossignol", "rossignol@example.org", "01 99 00 12 34")
COME = Guardian("M. Merle", "merle@example.org", "06 99 00 20 02", ("1 rue du Lac", "91000 Evry"), "xen1r2")
GRIVE = Guardian("M. Grive", "grive@example.org", "06 99 00 30 03")
NO_EMAILS = frozenset(FIELDS) - {"emails", "guardian_addresses"}


def settle(*guardians: Guardian, **values: Any) -> Account:
    """Make the account of a family as imported, whose guardians then got these values."""
    emails = tuple(guardian.email for guardian in guardians)
    account = new_account(replace(LISTED, guardians=guardians, emails=emails))
    return replace(account, household=replace(account.household, guardians=guardians), **values)


def listed_with(*guardians: Guardian, **values: Any) -> ListedFamily:
    return replace(LISTED, guardians=guardians, emails=tuple(filter(None, (one.email for one in guardians))), **values)


def test_who_takes_a_guardian_s_place_in_the_file_takes_neither_its_login_nor_its_address() -> None:
    """A stepfather is not the father under a new name: his number would be shown to the holder of that password."""
    account = after(settle(AIMEE, COME), listed_with(AIMEE, GRIVE))

    assert account.household.guardians == (AIMEE, GRIVE, COME)
    assert account.emails == ("rossignol@example.org", "grive@example.org", "merle@example.org")


@pytest.mark.parametrize("values", [{"email": COME.email}, {"telephone": COME.telephone}], ids=["e-mail", "telephone"])
def test_a_guardian_who_is_renamed_keeps_its_login(values: dict[str, Any]) -> None:
    account = after(settle(AIMEE, COME), listed_with(AIMEE, Guardian("M. Merle-Houx", **values)))

    assert [(one.name, one.login) for one in account.household.guardians] == [
        (AIMEE.name, ""),
        ("M. Merle-Houx", "xen1r2"),
    ]


def test_a_file_without_e_mail_columns_takes_no_guardian_s_address_away() -> None:
    guardian = replace(AIMEE, email="", telephone="01 99 00 99 99")

    account = after(settle(AIMEE, COME), listed_with(guardian, replace(COME, email=""), listed_fields=NO_EMAILS))

    assert [one.email for one in account.household.guardians] == [AIMEE.email, COME.email]
    assert account.household.guardians[0].telephone == "01 99 00 99 99"


def test_where_coordinates_are_kept_apart_the_first_login_stays_with_its_guardian() -> None:
    """In any order of the file: its password would show the coordinates of the first guardian listed."""
    account, guardian = settle(AIMEE, GRIVE, separated_at=NOW), replace(AIMEE, telephone="01 99 00 99 99")

    account_after = after(account, listed_with(GRIVE, AIMEE))
    again = after(account_after, listed_with(GRIVE, guardian))
    alone = after(account, listed_with(GRIVE))

    assert (account_after.household.guardians, again.household.guardians) == ((AIMEE, GRIVE), (guardian, GRIVE))
    assert (alone.household.guardians, alone.emails) == ((AIMEE, GRIVE), (GRIVE.email, AIMEE.email))


def test_who_was_added_here_stays_until_the_file_lists_them_and_then_is_the_file_s() -> None:
    ida, lea = Guardian("Mme Ida Pie", telephone="06 99", is_added=True), Pupil("Léa", NOW.date(), is_added=True)
    account = new_account(LISTED)
    household = account.household
    more = replace(household, guardians=(*household.guardians, ida), pupils=(*household.pupils, lea))
    account = replace(account, name="Famille Pie", household=more)
    sooner, later = LISTED.guardians
    (zelie,) = LISTED.pupils
    files = {
        "the same": LISTED,
        "a telephone": replace(LISTED, guardians=(replace(sooner, telephone="01 00"), later)),
        "a guardian": replace(LISTED, guardians=(Guardian("Mme Colibri"), later)),
        "a course": replace(LISTED, pupils=(replace(zelie, courses=(Course("Chant"),)),)),
        "a pupil": replace(LISTED, pupils=(zelie, Pupil("Max"))),
    }

    failures = [
        name
        for name, file in files.items()
        if ida not in after(account, file).household.guardians
        or lea not in after(account, file).household.pupils
        or after(account, file).name != "Famille Pie"
    ]

    assert failures == []
    with_them = replace(
        LISTED,
        guardians=(sooner, Guardian("Mme Ida Pie"), later),
        pupils=(replace(lea, courses=(Course("Chant"),), is_added=False), zelie),
    )
    household_now = after(account, with_them).household
    assert (sorted(one.name for one in household_now.guardians), len(household_now.pupils)) == (
        ["M. Merle", "Mme Ida Pie", "Mme Rossignol"],
        2,
    )
    assert not any(guardian.is_added for guardian in household_now.guardians)
    assert not any(pupil.is_added for pupil in household_now.pupils)
    assert after(after(account, with_them), LISTED).household == household
