"""The comparison of a restore, its names, holds and choice, and the items it writes."""

from datetime import UTC, date, datetime
from typing import Any, get_type_hints

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.enrolment.opinions import OpinionRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.infra.dynamo.database import Database, Key
from chalicelib.stores.account_items import ACCOUNT
from chalicelib.stores.audit_trail import AuditTrail
from chalicelib.stores.consultations import Consultations
from chalicelib.stores.enrolments import Enrolments
from chalicelib.stores.turns import Turns
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.stores.absence_counts import UnexcusedStore
from chalicelib.wings.teaching.stores.calendars import Calendars
from chalicelib.wings.teaching.stores.opinions import Opinions
from chalicelib.wings.teaching.stores.pupil_items import Announcements, Assessments
from chalicelib.wings.teaching.stores.rolls import Rolls
from operations.restore.differences import (
    DOCUMENTS,
    ErasuresSince,
    Families,
    RestoreChoice,
    RestoreDifference,
    State,
    digest,
    is_compared,
    restored,
)

SITE, FAMILY, LOGIN = "evry-xenakis", "xen1", "xen1r2"
REF = AccountRef(SITE, FAMILY)
NOW = datetime(2026, 9, 1, 7, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
PSEUDONYMS = Pseudonyms("the key of the tests' pseudonyms, long enough")
MAILBOX = PSEUDONYMS.of_mailbox("hirondelle@example.org")
NONE: Any = None
DATABASE = Database(NONE)
PUPIL = PupilRef(FAMILY, "a1b2")
ACCOUNTS = [
    {"site": SITE, "identifier": FAMILY, "role": "family"},
    {"site": SITE, "identifier": LOGIN, "role": "guardian", "family": FAMILY},
    {"site": SITE, "identifier": "pie-9", "role": "alias", "family": FAMILY},
]
FAMILIES = Families([SITE, "evry-magnard"], ACCOUNTS, PSEUDONYMS.of)


def by_key(site: str, identifier: str) -> dict[str, Any]:
    return {"site": site, "identifier": identifier}


def difference(table: str, state: State, site: str, identifier: str, **then: Any) -> RestoreDifference:
    key = by_key(site, identifier)
    item = None if state == "new" else {**key, **then}
    return RestoreDifference(
        table, state, *FAMILIES.place(table, key), key, {**key} if state == "changed" else None, item
    )


def audited(account: str) -> Key:
    return AuditTrail(DATABASE, "").key_of(AuditEntry("disabled", SITE, account, Author("user/marie", "?"), NOW))


def read(account: str) -> Key:
    return Consultations(DATABASE, "").key_of(Consultation("family_read", SITE, account, "Marie", NOW, NOW))


TURN = Turns(DATABASE, "").key(SITE, FAMILY)
PLACES: list[tuple[str, Key, str, str]] = [
    ("Accounts", by_key(SITE, FAMILY), SITE, FAMILY),
    ("Accounts", by_key(SITE, LOGIN), SITE, FAMILY),
    ("Billing", by_key(SITE, FAMILY), SITE, FAMILY),
    ("Enrolments", Enrolments(DATABASE, "").key(EnrolmentRef(REF, "2027")), SITE, FAMILY),
    ("Enrolments", Enrolments(DATABASE, "").key(EnrolmentRef(AccountRef(SITE, "gone9"), "2027")), SITE, "gone9"),
    ("Lessons", Announcements(DATABASE, "").key(SITE, PUPIL), SITE, FAMILY),
    ("Lessons", Assessments(DATABASE, "").key(SITE, PUPIL), SITE, FAMILY),
    ("Lessons", Calendars(DATABASE, "", PSEUDONYMS).key(SITE, PUPIL), SITE, FAMILY),
    ("Teaching", UnexcusedStore(DATABASE, "").key(SITE, PUPIL), SITE, FAMILY),
    ("Teaching", Opinions(DATABASE, "").key(OpinionRef(SITE, "2027", PUPIL, "0" * 16)), SITE, FAMILY),
    ("Teaching", Rolls(DATABASE, "").key(RollRef(SITE, "0" * 16, date(2026, 11, 4))), SITE, ""),
    ("Office", audited(PSEUDONYMS.of(SITE, FAMILY)), SITE, FAMILY),
    ("Office", audited(PSEUDONYMS.of(SITE, LOGIN)), SITE, FAMILY),
    ("Office", by_key("*", "campaign#rentree"), "*", ""),
    ("Staff", read(PSEUDONYMS.of(SITE, FAMILY)), SITE, FAMILY),
    ("Staff", TURN, SITE, FAMILY),
    ("Applications", by_key(MAILBOX, "2027"), "*", ""),
    (DOCUMENTS, by_key("", f"documents/2027/{SITE}/{PSEUDONYMS.of(SITE, FAMILY)}/rib/foyer/a"), SITE, FAMILY),
    (DOCUMENTS, by_key("", f"requests/2027/{MAILBOX}/rib/foyer/a"), "*", ""),
]


def test_each_item_is_found_under_its_site_and_family() -> None:
    places = [(table, dict(key), *FAMILIES.place(table, key)) for table, key, *_ in PLACES]

    assert places == [(table, dict(key), site, family) for table, key, site, family in PLACES]


@pytest.mark.parametrize(
    ("table", "item"),
    [
        ("Staff", by_key("@session", "0" * 64)),
        ("Staff", by_key("@job", "1")),
        ("Staff", by_key("marie@example.org", "password")),  # tries
        ("Lessons", {**by_key(SITE, f"absences\t{FAMILY}\ta1"), "expires": SECONDS}),
    ],
)
def test_what_would_open_or_has_expired_is_not_compared(table: str, item: dict[str, Any]) -> None:
    assert not is_compared(table, item, SECONDS)


def test_a_turn_is_given_back_with_its_family_unless_it_was_erased() -> None:
    turn = difference("Staff", "missing", **TURN, holder="marie@example.org")

    assert is_compared("Staff", turn.then or {}, SECONDS)
    assert RestoreChoice(families=frozenset({(SITE, FAMILY)})).takes(turn, frozenset())
    assert not RestoreChoice(is_all=True).takes(turn, frozenset())  # the staff's table only by name
    tombstones = frozenset({PSEUDONYMS.of_erased(SITE, FAMILY)})
    assert ErasuresSince({}, PSEUDONYMS, tombstones=tombstones).hold([turn]) == {turn}


def test_an_account_is_compared_without_its_access_and_its_summary() -> None:
    account = {**by_key(SITE, FAMILY), "name": "Rossignol", "stamp": "1", "summary": "[]", "password": {"hash": "x"}}
    values = {"stamp": "2", "summary": "[1]", "mailed": {"d": 1}, "last_login": 3, "password": {"hash": "y"}}

    assert digest("Accounts", account) == digest("Accounts", {**account, **values})
    assert digest("Accounts", account) != digest("Accounts", {**account, "name": "Merle"})
    assert digest("Billing", account) != digest("Billing", {**account, **values})


def test_a_member_of_staff_who_exists_is_never_turned_back() -> None:
    former = {**by_key("@member", "marie@example.org"), "role": "manager"}

    assert digest("Staff", former) == digest("Staff", {**former, "role": "reader", "disabled": True})


def test_each_stored_field_of_an_account_declares_if_a_restore_gives_it_back() -> None:
    hints = get_type_hints(Account, include_extras=True)
    metadata = {name: getattr(hints[name], "__metadata__", ()) for name in ACCOUNT.attributes}

    assert {name: marks for name, marks in metadata.items() if marks not in {("data",), ("access",)}} == {}


def test_no_former_access_returns_with_an_account_and_no_new_one_is_lost() -> None:
    then = {"stamp": "1", "password": "old", "mailed": {"d": 1}, "access": ["a"], "copied_back": 1}
    then |= {"passkeys": {"removed": {}}, "links": {"removed": {}}, "unproven": {"email": "x"}}
    live = {"stamp": "2", "password": "new", "mailed": {}, "access": ["a", "b"], "disabled": True, "separated_at": 5}
    live |= {"passkeys": {"added": {}}, "links": {"added": {}}}
    family = [by_key(SITE, FAMILY) | {"name": name} for name in ("Rossignol", "?")]
    change = RestoreDifference("Accounts", "changed", SITE, FAMILY, {}, family[1] | live, family[0] | then)
    missing = RestoreDifference("Accounts", "missing", SITE, FAMILY, {}, None, family[0] | then)
    member = RestoreDifference(
        "Staff", "missing", "*", "", {}, None, by_key("@member", "marie@example.org") | {"stamp": "1"}
    )

    over, again = restored(change), restored(missing)

    assert over == family[0] | live | {"stamp": over["stamp"]}
    assert (again["name"], again["password"], again["mailed"]) == ("Rossignol", "old", {})
    assert not {over["stamp"], again["stamp"], restored(member)["stamp"]} & {"1", "2"}
    assert digest("Accounts", family[0] | then) == digest("Accounts", family[0] | live)


def test_guardians_keep_the_logins_that_they_have_now() -> None:
    def account(*guardians: tuple[str, str]) -> dict[str, Any]:
        names = [{"name": name, **({"login": login} if login else {})} for name, login in guardians]
        return {**by_key(SITE, FAMILY), "household": {"guardians": names, "payer": "X"}}

    then = account(("Luc", ""), ("Eve", "xen1r2"), ("Ode", "xen1r3"), ("Guy", ""))
    live = account(("Luc", ""), ("?", "xen1r2"), ("Ode", ""), ("Guy", "xen1r4"))

    item = restored(RestoreDifference("Accounts", "changed", SITE, FAMILY, {}, live, then))

    assert item["household"] == account(("Luc", ""), ("Eve", "xen1r2"), ("Ode", ""), ("Guy", "xen1r4"))["household"]
    logins = account(("Luc", ""), ("Eve", "xen1r2"), ("Ode", ""), ("Guy", "xen1r4"))
    assert digest("Accounts", then) == digest("Accounts", logins)


GONE = difference("Accounts", "missing", SITE, "gone9")
LOST = difference("Accounts", "missing", "evry-magnard", "mag1")
ITS_ENROLMENT = difference("Enrolments", "missing", SITE, "2027#gone9")
ITS_ROLL = difference("Teaching", "changed", SITE, "roll#c#2026-11-04", marks={"gone9\ta1": {"mark": "absent"}})
ITS_PAPER = difference(DOCUMENTS, "missing", "", f"documents/2027/{SITE}/{PSEUDONYMS.of(SITE, 'gone9')}/rib/foyer/a")
ITS_NOTICE = difference("Accounts", "changed", SITE, FAMILY, notices={"c": {"m": {"companions": [[SITE, "gone9"]]}}})
OTHER_ROLL = difference("Teaching", "changed", SITE, "roll#d#2026-11-04", marks={"xen1\ta1": {"mark": "absent"}})
REQUEST = difference("Applications", "missing", MAILBOX, "2027", sent={"number": "ABC-1234", "site": SITE})
ITS_NUMBER = difference("Applications", "missing", "@number", "ABC-1234", mailbox=MAILBOX, season="2027")
ITS_CLAIM = difference("Applications", "changed", "@candidate/2027", "0f" * 10, mailbox=MAILBOX)
ITS_ACT = difference("Office", "missing", "demande", f"act#{PSEUDONYMS.of('demande', f'2027-{MAILBOX}')}#t#1")
NEW = difference("Billing", "new", SITE, "gone9")
OF_FAMILY = {GONE, ITS_ENROLMENT, ITS_ROLL, ITS_PAPER, ITS_NOTICE}
OF_REQUEST = {REQUEST, ITS_NUMBER, ITS_CLAIM, ITS_ACT}
ALL = [*OF_FAMILY, *OF_REQUEST, LOST, OTHER_ROLL, NEW]


@pytest.mark.parametrize(
    ("counts", "places", "differences"),
    [
        ({}, {}, set()),
        ({SITE: 1}, {}, OF_FAMILY | OF_REQUEST),  # an application's erasure is counted under a site too
        ({SITE: 1}, {(SITE, "gone9")}, OF_FAMILY),
        ({SITE: 1}, {(SITE, "abc-1234")}, OF_REQUEST),
        ({}, {(SITE, "gone9")}, OF_FAMILY),
        ({"evry-magnard": 2}, {("evry-magnard", "mag1")}, {LOST} | OF_REQUEST),
    ],
)
def test_what_was_erased_on_purpose_stays_away(
    counts: dict[str, int], places: set[tuple[str, str]], differences: set[RestoreDifference]
) -> None:
    assert ErasuresSince(counts, PSEUDONYMS, frozenset(places)).hold(ALL) == differences


def test_what_has_a_tombstone_stays_away_and_nothing_else() -> None:
    family = PSEUDONYMS.of_erased(SITE, "gone9")
    application = PSEUDONYMS.of_erased("demande", f"2027-{MAILBOX}")

    for stones, holds in (({family}, OF_FAMILY), ({application}, OF_REQUEST), ({PSEUDONYMS.of(SITE, "gone9")}, set())):
        assert ErasuresSince({}, PSEUDONYMS, tombstones=frozenset(stones)).hold(ALL) == holds


def test_a_name_that_nothing_mentions_is_a_slip() -> None:
    names = {(SITE, "gone9"), (SITE, "abc-1234"), (SITE, "gone-9"), ("evry-magnard", "gone9")}

    assert ErasuresSince({}, PSEUDONYMS, frozenset(names)).unmatched(ALL) == [
        ("evry-magnard", "gone9"),
        (SITE, "gone-9"),
    ]


def test_what_is_chosen_is_copied_and_what_is_held_only_by_name() -> None:
    member = difference("Staff", "missing", "@member", "marie@example.org")
    differences = frozenset({GONE, ITS_ENROLMENT})
    every = [*ALL, member]
    choices = {
        RestoreChoice(is_all=True): set(ALL) - differences - {NEW},
        RestoreChoice(site="evry-magnard"): {LOST},
        RestoreChoice(table="Teaching"): {ITS_ROLL, OTHER_ROLL},
        RestoreChoice(site=SITE, table="Enrolments"): set(),
        RestoreChoice(table="Staff"): {member},
        RestoreChoice(families=frozenset({(SITE, "gone9")})): {GONE, ITS_ENROLMENT},
        RestoreChoice(items=frozenset({("Enrolments", SITE, "2027#gone9")})): {ITS_ENROLMENT},
        RestoreChoice(): set(),
    }

    assert {choice: {each for each in every if choice.takes(each, differences)} for choice in choices} == choices
    assert [choice for choice in choices if not choice] == [RestoreChoice()]
