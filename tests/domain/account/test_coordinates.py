"""Coordinates: what a family may correct, and the trace that no change goes without."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import (
    PARTS,
    Part,
    is_confirmed,
    last_correction,
    part_of,
    password_traced,
    shown,
    shown_emails,
    traced,
    trail,
    with_part,
)
from chalicelib.domain.family.corrections import ACCESS_AT_MOST, KEPT_AT_MOST, SETTLED, Confirmation, Correction, Hand
from chalicelib.domain.family.households import Guardian, Household, Pupil

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AIMEE = Hand("family", "Aimée Rossignol")
HOUSEHOLD = Household(
    (Guardian("Aimée Rossignol", "aimee@example.org", "01 99 00 12 34"), Guardian("Côme Rossignol")),
    ("3 allée des Tilleuls", "91000 Evry"),
    (Pupil("Zélie"),),
    "Côme Rossignol",
)
ACCOUNT = Account(
    AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("aimee@example.org",), "stamp", household=HOUSEHOLD
)
VALUES: dict[Part, tuple[str, ...]] = {
    "telephones": ("01 99 00 56 78", "01 99 00 99 99"),
    "address": ("5 rue du Blé", "91000 Evry"),
    "payer": ("Aimée Rossignol",),
}


def corrected(account: Account, part: Part, values: tuple[str, ...], now: datetime = NOW) -> Account:
    return traced(account, replace(account, household=with_part(account.household, part, values)), AIMEE, now)


def told(account: Account) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.what, each.of, each.old, each.new) for each in trail(account)]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_given_as_it_was_corrected_and_nothing_else_changes(part: Part) -> None:
    after = with_part(HOUSEHOLD, part, VALUES[part])

    assert part_of(after, part) == VALUES[part]
    assert with_part(after, part, part_of(HOUSEHOLD, part)) == HOUSEHOLD


def test_a_payer_that_is_not_told_is_no_line() -> None:
    assert part_of(replace(HOUSEHOLD, payer=""), "payer") == ()
    assert with_part(HOUSEHOLD, "payer", ()).payer == ""


def test_each_field_that_changes_leaves_its_trace_with_what_stood_there() -> None:
    after = corrected(ACCOUNT, "telephones", VALUES["telephones"])

    assert told(after) == [
        ("telephones", "Aimée Rossignol", ("01 99 00 12 34",), ("01 99 00 56 78",)),
        ("telephones", "Côme Rossignol", (), ("01 99 00 99 99",)),
    ]
    assert {(each.hand, each.at) for each in after.corrections} == {(AIMEE, NOW)}
    assert len({each.decision for each in after.corrections}) == 1


@pytest.mark.parametrize(
    ("change", "trace"),
    [
        ({"name": "Famille Loriot"}, ("name", "", ("Famille Rossignol",), ("Famille Loriot",))),
        ({"emails": ()}, ("emails", "", ("aimee@example.org",), ())),
        (
            {"household": replace(HOUSEHOLD, address=("Nid",))},
            ("address", "", ("3 allée des Tilleuls", "91000 Evry"), ("Nid",)),
        ),
        ({"household": replace(HOUSEHOLD, payer="")}, ("payer", "", ("Côme Rossignol",), ())),
    ],
)
def test_whatever_changes_of_the_coordinates_is_seen(
    change: dict[str, object], trace: tuple[str, str, tuple[str, ...], tuple[str, ...]]
) -> None:
    after = traced(ACCOUNT, replace(ACCOUNT, **change), AIMEE, NOW)  # type: ignore[arg-type]  # each its own type

    assert told(after) == [trace]


def test_a_guardian_who_comes_or_goes_is_seen_with_the_telephone() -> None:
    alone = replace(ACCOUNT, household=replace(HOUSEHOLD, guardians=HOUSEHOLD.guardians[1:]))

    assert told(traced(ACCOUNT, alone, AIMEE, NOW)) == [
        ("guardians", "", ("Aimée Rossignol", "Côme Rossignol"), ("Côme Rossignol",)),
        ("telephones", "Aimée Rossignol", ("01 99 00 12 34",), ()),
    ]


def test_what_is_no_coordinate_leaves_no_trace() -> None:
    after = replace(ACCOUNT, last_login=NOW, household=replace(HOUSEHOLD, pupils=()))

    assert traced(ACCOUNT, after, AIMEE, NOW) == after


def test_two_guardians_of_one_name_are_not_mixed_up() -> None:
    twins = replace(ACCOUNT, household=Household((Guardian("Léo", "", "1"), Guardian("Léo", "", "2"))))

    assert told(corrected(twins, "telephones", ("1", "3"))) == [("telephones", "Léo", ("1", "2"), ("1", "3"))]


def many(account: Account, number: int, start: datetime = NOW) -> Account:
    for each in range(number):
        account = corrected(account, "payer", (f"Payeur {each}",), start + each * MINUTE)
    return account


def test_the_oldest_give_way_once_they_have_settled() -> None:
    account = many(many(ACCOUNT, KEPT_AT_MOST), 3, NOW + 2 * SETTLED)

    kept = [each.new for each in account.corrections]
    assert len(kept) == KEPT_AT_MOST
    assert (kept[0], kept[-1]) == (("Payeur 3",), ("Payeur 2",))


def test_of_a_burst_the_middle_gives_way_and_what_began_it_stays() -> None:
    account = many(ACCOUNT, 5 * KEPT_AT_MOST)

    kept = [each.new for each in account.corrections]
    half = KEPT_AT_MOST // 2
    assert kept[:half] == [(f"Payeur {each}",) for each in range(half)]
    assert kept[half:] == [(f"Payeur {each}",) for each in range(5 * KEPT_AT_MOST - half, 5 * KEPT_AT_MOST)]


def test_a_burst_of_one_field_hides_no_other_even_in_its_middle_or_once_settled() -> None:
    account = corrected(many(ACCOUNT, KEPT_AT_MOST), "address", ("1 rue du Merle", "91000 Evry"), NOW)

    for later in (timedelta(0), 2 * SETTLED):
        account = many(account, 3 * KEPT_AT_MOST, NOW + later)

    assert [each.new for each in account.corrections if each.what == "address"] == [("1 rue du Merle", "91000 Evry")]
    assert len(account.corrections) == KEPT_AT_MOST


def test_nothing_else_pushes_out_what_opens_the_account_and_passwords_no_addresses() -> None:
    account = many(ACCOUNT, KEPT_AT_MOST)
    readdressed = traced(account, replace(account, emails=("new@example.org",)), AIMEE, NOW)

    account = many(readdressed, 3 * KEPT_AT_MOST)
    for number in range(100):
        changed = account.with_password(f"hash {number}", "chosen", NOW + number * MINUTE)
        account = password_traced(account, changed, "login", NOW + number * MINUTE)

    assert [each.new for each in account.access if each.what == "emails"] == [("new@example.org",)]
    assert len(account.access) == 1 + ACCESS_AT_MOST["password"]
    assert len(account.corrections) == KEPT_AT_MOST


def test_a_password_leaves_its_trace_with_how_it_came_and_one_hashed_anew_none() -> None:
    mailed = ACCOUNT.with_password("first", "mailed", NOW)
    chosen = mailed.with_password("second", "chosen", NOW)

    traces = [password_traced(before, after, "login", NOW) for before, after in ((ACCOUNT, mailed), (mailed, chosen))]

    assert [(each.access[-1].old, each.access[-1].new) for each in traces] == [
        ((), ("mailed",)),
        (("mailed",), ("chosen",)),
    ]
    assert [each.access[-1].decision for each in traces] == [mailed.stamp, chosen.stamp]
    assert password_traced(chosen, chosen.rehashed("third"), "login", NOW).access == ()
    assert password_traced(chosen, chosen.switched(disabled=True), "login", NOW).access == ()
    assert "second" not in str(traces[1].access[-1])


def test_a_mailed_password_that_ends_with_its_mailbox_is_seen() -> None:
    before = replace(ACCOUNT, emails=("a@example.org", "b@example.org")).with_password("first", "mailed", NOW)

    after = traced(before, replace(before, emails=("b@example.org",), password=None, stamp="other"), AIMEE, NOW)

    assert [(each.what, each.new) for each in after.access] == [("emails", ("b@example.org",)), ("password", ())]
    assert len({each.decision for each in after.access}) == 1


def test_changes_of_addresses_that_stand_with_the_others_since_before_are_read_in_their_order() -> None:
    older = Correction("emails", (), ("aimee@example.org",), AIMEE, NOW, "decision")
    account = traced(
        replace(ACCOUNT, corrections=(older,)), replace(ACCOUNT, corrections=(older,), emails=()), AIMEE, NOW + MINUTE
    )
    account = corrected(account, "payer", ("Aimée",), NOW + 2 * MINUTE)

    assert [(each.what, each.new) for each in trail(account)] == [
        ("emails", ("aimee@example.org",)),
        ("emails", ()),
        ("payer", ("Aimée",)),
    ]
    assert last_correction(account, "emails") == account.access[-1]
    assert last_correction(account) == account.corrections[-1]


def test_the_same_decision_in_the_same_second_is_another_one() -> None:
    first, second = (corrected(ACCOUNT, "payer", ("Aimée",)) for _ in range(2))

    assert first != second


def test_the_last_change_of_a_field_is_found() -> None:
    account = corrected(corrected(ACCOUNT, "payer", ("Aimée",)), "address", ("Nid",))

    payer, address = account.corrections
    assert last_correction(account) == address
    assert last_correction(account, "payer", "emails") == payer
    assert last_correction(account, "telephones") is None


def test_coordinates_are_confirmed_until_they_change() -> None:
    confirmed = replace(ACCOUNT, confirmed=Confirmation("Aimée", NOW))

    assert (is_confirmed(ACCOUNT), is_confirmed(confirmed)) == (False, True)
    assert not is_confirmed(corrected(confirmed, "payer", ("Aimée",), NOW + MINUTE))
    assert is_confirmed(replace(corrected(ACCOUNT, "payer", ("Aimée",)), confirmed=Confirmation("Aimée", NOW + MINUTE)))


@pytest.mark.parametrize("part", PARTS)
def test_what_a_form_shows_of_a_part_differs_when_the_part_does_or_a_guardian(part: Part) -> None:
    after = corrected(ACCOUNT, part, VALUES[part])
    others = [each for each in PARTS if each != part]
    renamed = replace(ACCOUNT, household=replace(HOUSEHOLD, guardians=HOUSEHOLD.guardians[1:]))

    assert shown(after, part) != shown(ACCOUNT, part) != shown(renamed, part)
    assert shown(after, *others) == shown(ACCOUNT, *others)


def test_what_a_form_shows_of_the_addresses_differs_when_one_is_another_guardian_s() -> None:
    swapped = replace(HOUSEHOLD, guardians=(Guardian("Aimée Rossignol"), Guardian("Côme", "aimee@example.org")))

    assert shown_emails(ACCOUNT) != shown_emails(replace(ACCOUNT, household=swapped))
    assert shown_emails(ACCOUNT) != shown_emails(replace(ACCOUNT, emails=()))
