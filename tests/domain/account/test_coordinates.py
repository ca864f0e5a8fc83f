"""Coordinates: the parts that a family may correct, and the trace of each change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import (
    PARTS,
    Part,
    emails_state,
    form_state,
    is_confirmed,
    last_correction,
    part_of,
    record_corrections,
    record_password_change,
    trail,
    unrestored,
    with_part,
)
from chalicelib.domain.family.corrections import (
    ACCESS_AT_MOST,
    FILE,
    KEPT_AT_MOST,
    SETTLED,
    Actor,
    Confirmation,
    Correction,
)
from chalicelib.domain.family.households import Guardian, Household, Pupil

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AIMEE = Actor("family", "Aimée Rossignol")
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


def correct(account: Account, part: Part, values: tuple[str, ...], now: datetime = NOW) -> Account:
    return record_corrections(
        account, replace(account, household=with_part(account.household, part, values)), AIMEE, now
    )


def changes(account: Account) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(correction.what, correction.of, correction.old, correction.new) for correction in trail(account)]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_given_as_it_was_corrected_and_nothing_else_changes(part: Part) -> None:
    after = with_part(HOUSEHOLD, part, VALUES[part])

    assert part_of(after, part) == VALUES[part]
    assert with_part(after, part, part_of(HOUSEHOLD, part)) == HOUSEHOLD


def test_a_payer_that_is_not_told_is_no_line() -> None:
    assert part_of(replace(HOUSEHOLD, payer=""), "payer") == ()
    assert with_part(HOUSEHOLD, "payer", ()).payer == ""


def test_each_field_that_changes_leaves_its_trace_with_what_stood_there() -> None:
    after = correct(ACCOUNT, "telephones", VALUES["telephones"])

    assert changes(after) == [
        ("telephones", "Aimée Rossignol", ("01 99 00 12 34",), ("01 99 00 56 78",)),
        ("telephones", "Côme Rossignol", (), ("01 99 00 99 99",)),
    ]
    assert {(correction.actor, correction.at) for correction in after.corrections} == {(AIMEE, NOW)}
    assert len({correction.decision for correction in after.corrections}) == 1


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
    after = record_corrections(ACCOUNT, replace(ACCOUNT, **change), AIMEE, NOW)  # type: ignore[arg-type]  # each its own type

    assert changes(after) == [trace]


def test_a_guardian_who_comes_or_goes_is_seen_with_the_telephone() -> None:
    alone = replace(ACCOUNT, household=replace(HOUSEHOLD, guardians=HOUSEHOLD.guardians[1:]))

    assert changes(record_corrections(ACCOUNT, alone, AIMEE, NOW)) == [
        ("guardians", "", ("Aimée Rossignol", "Côme Rossignol"), ("Côme Rossignol",)),
        ("telephones", "Aimée Rossignol", ("01 99 00 12 34",), ()),
    ]


def test_what_is_no_coordinate_leaves_no_trace() -> None:
    after = replace(ACCOUNT, last_login=NOW, household=replace(HOUSEHOLD, pupils=()))

    assert record_corrections(ACCOUNT, after, AIMEE, NOW) == after


def test_two_guardians_of_one_name_are_not_mixed_up() -> None:
    twins = replace(ACCOUNT, household=Household((Guardian("Léo", "", "1"), Guardian("Léo", "", "2"))))

    apart = tuple(replace(one, address=(f"{one.telephone} rue du Lac",)) for one in twins.household.guardians)
    account = record_corrections(twins, replace(twins, household=Household(apart)), AIMEE, NOW)

    assert changes(correct(twins, "telephones", ("1", "3"))) == [("telephones", "Léo", ("1", "2"), ("1", "3"))]
    assert changes(account) == [("address", "Léo", (), ("1 rue du Lac", "2 rue du Lac"))]


def many(account: Account, number: int, start: datetime = NOW) -> Account:
    for place in range(number):
        account = correct(account, "payer", (f"Payeur {place}",), start + place * MINUTE)
    return account


def test_the_oldest_give_way_once_they_have_settled() -> None:
    account = many(many(ACCOUNT, KEPT_AT_MOST), 3, NOW + 2 * SETTLED)

    addresses = [correction.new for correction in account.corrections]
    assert len(addresses) == KEPT_AT_MOST
    assert (addresses[0], addresses[-1]) == (("Payeur 3",), ("Payeur 2",))


def test_of_a_burst_the_middle_gives_way_and_what_began_it_stays() -> None:
    account = many(ACCOUNT, 5 * KEPT_AT_MOST)

    addresses = [correction.new for correction in account.corrections]
    half = KEPT_AT_MOST // 2
    assert addresses[:half] == [(f"Payeur {number}",) for number in range(half)]
    assert addresses[half:] == [(f"Payeur {number}",) for number in range(5 * KEPT_AT_MOST - half, 5 * KEPT_AT_MOST)]


def test_a_burst_of_one_field_hides_no_other_even_in_its_middle_or_once_settled() -> None:
    account = correct(many(ACCOUNT, KEPT_AT_MOST), "address", ("1 rue du Merle", "91000 Evry"), NOW)

    for later in (timedelta(0), 2 * SETTLED):
        account = many(account, 3 * KEPT_AT_MOST, NOW + later)

    assert [correction.new for correction in account.corrections if correction.what == "address"] == [
        ("1 rue du Merle", "91000 Evry")
    ]
    assert len(account.corrections) == KEPT_AT_MOST


def test_nothing_else_pushes_out_what_opens_the_account_and_passwords_no_addresses() -> None:
    account = many(ACCOUNT, KEPT_AT_MOST)
    account_after = record_corrections(account, replace(account, emails=("new@example.org",)), AIMEE, NOW)

    account = many(account_after, 3 * KEPT_AT_MOST)
    for number in range(100):
        change = account.with_password(f"hash {number}", "chosen", NOW + number * MINUTE)
        account = record_password_change(account, change, "login", NOW + number * MINUTE)

    assert [correction.new for correction in account.access_corrections if correction.what == "emails"] == [
        ("new@example.org",)
    ]
    assert len(account.access_corrections) == 1 + ACCESS_AT_MOST["password"]
    assert len(account.corrections) == KEPT_AT_MOST


def test_a_password_leaves_its_trace_with_how_it_came_and_one_hashed_anew_none() -> None:
    first = ACCOUNT.with_password("first", "mailed", NOW)
    second = first.with_password("second", "chosen", NOW)

    traces = [
        record_password_change(before, after, "login", NOW) for before, after in ((ACCOUNT, first), (first, second))
    ]

    assert [(account.access_corrections[-1].old, account.access_corrections[-1].new) for account in traces] == [
        ((), ("mailed",)),
        (("mailed",), ("chosen",)),
    ]
    assert [account.access_corrections[-1].decision for account in traces] == [first.stamp, second.stamp]
    assert record_password_change(second, second.with_hash("third"), "login", NOW).access_corrections == ()
    assert record_password_change(second, second.with_disabled(is_disabled=True), "login", NOW).access_corrections == ()
    assert "second" not in str(traces[1].access_corrections[-1])


def test_a_mailed_password_that_ends_with_its_mailbox_is_seen() -> None:
    before = replace(ACCOUNT, emails=("a@example.org", "b@example.org")).with_password("first", "mailed", NOW)

    after = record_corrections(
        before, replace(before, emails=("b@example.org",), password=None, stamp="other"), AIMEE, NOW
    )

    assert [(correction.what, correction.new) for correction in after.access_corrections] == [
        ("emails", ("b@example.org",)),
        ("password", ()),
    ]
    assert len({correction.decision for correction in after.access_corrections}) == 1


def test_changes_of_addresses_that_stand_with_the_others_since_before_are_read_in_their_order() -> None:
    older = Correction("emails", (), ("aimee@example.org",), AIMEE, NOW, "decision")
    account = record_corrections(
        replace(ACCOUNT, corrections=(older,)), replace(ACCOUNT, corrections=(older,), emails=()), AIMEE, NOW + MINUTE
    )
    account = correct(account, "payer", ("Aimée",), NOW + 2 * MINUTE)

    assert [(correction.what, correction.new) for correction in trail(account)] == [
        ("emails", ("aimee@example.org",)),
        ("emails", ()),
        ("payer", ("Aimée",)),
    ]
    assert last_correction(account, "emails") == account.access_corrections[-1]
    assert last_correction(account) == account.corrections[-1]


def test_the_same_decision_in_the_same_second_is_another_one() -> None:
    first, second = (correct(ACCOUNT, "payer", ("Aimée",)) for _ in range(2))

    assert first != second


def test_the_last_change_of_a_field_is_found() -> None:
    account = correct(correct(ACCOUNT, "payer", ("Aimée",)), "address", ("Nid",))

    payer, address = account.corrections
    assert last_correction(account) == address
    assert last_correction(account, "payer", "emails") == payer
    assert last_correction(account, "telephones") is None


def test_a_file_of_before_leaves_the_corrections_that_stood_before_the_next_one() -> None:
    by_family = correct(correct(ACCOUNT, "payer", ("Aimée",)), "address", ("Nid",))
    wrong = replace(by_family, household=replace(by_family.household, payer="X", address=("Y",)), name="Z")
    by_file = record_corrections(by_family, wrong, FILE, NOW + MINUTE)
    stands = correct(by_file, "telephones", VALUES["telephones"], NOW + 2 * MINUTE)
    back = replace(stands, household=replace(stands.household, payer="Côme Rossignol"), name=ACCOUNT.name)

    rest = {change.what: (change.old, value) for change, value in unrestored(stands, back, NOW + MINUTE)}

    assert rest == {"payer": (("Aimée",), ("Côme Rossignol",)), "address": (("Nid",), ("Y",))}
    assert list(unrestored(stands, back, NOW + 3 * MINUTE)) == []


def test_coordinates_are_confirmed_until_they_change() -> None:
    account = replace(ACCOUNT, confirmed=Confirmation("Aimée", NOW))

    assert (is_confirmed(ACCOUNT), is_confirmed(account)) == (False, True)
    assert not is_confirmed(correct(account, "payer", ("Aimée",), NOW + MINUTE))
    assert is_confirmed(replace(correct(ACCOUNT, "payer", ("Aimée",)), confirmed=Confirmation("Aimée", NOW + MINUTE)))


@pytest.mark.parametrize("part", PARTS)
def test_what_a_form_shows_of_a_part_differs_when_the_part_does_or_a_guardian(part: Part) -> None:
    after = correct(ACCOUNT, part, VALUES[part])
    parts = [other for other in PARTS if other != part]
    account = replace(ACCOUNT, household=replace(HOUSEHOLD, guardians=HOUSEHOLD.guardians[1:]))

    assert form_state(after, part) != form_state(ACCOUNT, part) != form_state(account, part)
    assert form_state(after, *parts) == form_state(ACCOUNT, *parts)


def test_what_a_form_shows_of_the_addresses_differs_when_one_is_another_guardian_s() -> None:
    household = replace(HOUSEHOLD, guardians=(Guardian("Aimée Rossignol"), Guardian("Côme", "aimee@example.org")))

    assert emails_state(ACCOUNT) != emails_state(replace(ACCOUNT, household=household))
    assert emails_state(ACCOUNT) != emails_state(replace(ACCOUNT, emails=()))
