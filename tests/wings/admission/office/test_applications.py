"""Applications for the office: in the order of sending, with their missing documents and look-alikes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Standing
from chalicelib.wings.admission.office.applications import (
    ApplicationQuery,
    ListedCandidate,
    application_page,
    applications_at,
    audited_as,
    find_application,
    find_application_at,
    search_applications,
)
from tests.support.applications import ALBA, BEGUN, NILS, NOW, NUMBER, REF, SEASON, SENT
from tests.support.stored_applications import (
    PIE,
    PIE_NUMBER,
    accept,
    application_of,
    keep,
    open_admission,
    stores_of,
    withdraw,
)
from tests.support.world import World


def test_a_number_is_found_however_it_is_spelt(world: World) -> None:
    for number in (NUMBER, "p27k4tn8wcb", " P27 K4TN-8WCB "):
        assert find_application(world.services, number).number == NUMBER


@pytest.mark.parametrize("text", ["", "P27", "R27-K4TN-8WCB", "P27-K4TN-8WCB-X"])
def test_what_is_no_number_asks_nothing_of_aws(world: World, text: str) -> None:
    world.aws.calls.clear()

    with pytest.raises(OfficeRefusal, match="request_number"):
        find_application(world.services, text)

    assert world.aws.calls == []


def test_an_application_is_noted_at_no_site() -> None:
    assert audited_as(REF).site == "demande"


ALL = ApplicationQuery()


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_admission(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, NOW + timedelta(hours=1))
    application_of(world)


def names(world: World, query: ApplicationQuery = ALL) -> list[str]:
    return [pupil.candidate.first_name for pupil in search_applications(world.services, query, world.now).pupils]


def test_they_come_in_the_order_in_which_they_were_first_sent(world: World) -> None:
    assert names(world) == ["Alba", "Nils", "Ugo"]


def test_what_is_begun_and_not_sent_is_counted_and_not_shown(world: World) -> None:
    stores_of(world).applications.change(replace(BEGUN, started_at=None, draft=None), BEGUN)

    assert (search_applications(world.services, ApplicationQuery(), world.now).drafts, names(world)) == (
        1,
        ["Alba", "Nils", "Ugo"],
    )


def test_the_season_is_that_of_the_period_that_opened_last(world: World) -> None:
    assert search_applications(world.services, ApplicationQuery(), world.now).season == "2027"
    assert names(world, ApplicationQuery(season="2028")) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (ApplicationQuery(season="27"), "season_malformed"),
        (ApplicationQuery(site="nulle-part"), "site_unknown"),
        (ApplicationQuery(discipline=" - "), "find_nothing_typed"),
    ],
)
def test_what_cannot_be_asked_is_refused(world: World, query: ApplicationQuery, code: str) -> None:
    with pytest.raises(OfficeRefusal, match=code):
        search_applications(world.services, query, world.now)


def test_a_document_that_is_promised_or_sent_lacks_no_more(world: World) -> None:
    def lacking() -> list[tuple[str, ...]]:
        return [
            pupil.lacking for pupil in search_applications(world.services, ApplicationQuery(), world.now).pupils[:2]
        ]

    assert lacking() == [("Justificatif de domicile",), ("Justificatif de domicile",)]
    proof = ProvidedDocument("justificatif-domicile", FOYER, SavedBy("Mme Inès Geai", world.now))
    keep(world, lambda found: found.with_document(proof))

    assert lacking() == [(), ()]


def test_the_account_that_an_application_was_given_is_no_look_alike_of_it(world: World) -> None:
    accept(world, "Nils")
    world.settle(AccountRef("evry-magnard", "mag7"), name="Famille Geai", emails=("geai@example.org",))

    candidates = search_applications(world.services, ApplicationQuery(), world.now).pupils

    assert [(one.sign, one.owner) for one in candidates[0].look_alikes] == [
        ("email", AccountRef("evry-magnard", "mag7"))
    ]


def test_all_accounts_are_read_by_once_however_many_applications_there_are(world: World) -> None:
    world.aws.calls.clear()

    names(world)

    assert world.aws.calls.count("Scan") == 2  # the applications, and the accounts


def test_since_when_it_stands_there_is_the_last_thing_that_happened() -> None:
    pupil = ListedCandidate(SENT, ALBA, 1, 9)
    decision = AdmissionDecision("waiting", "Mme Lyre", NOW + timedelta(hours=1))

    assert pupil.since == NOW
    waiting = replace(pupil, application=SENT.with_standing(Standing(ALBA.key, decision=decision)))
    assert (waiting.since, waiting.state, waiting.is_awaited) == (decision.at, "waiting", False)
    later = NOW + timedelta(days=1)
    leaver = replace(pupil, application=SENT.withdraw([ALBA.key], later))
    assert (leaver.since, leaver.state) == (later, "withdrawn")
    assert str(ListedCandidate(SENT, NILS, 2, 6).ref) == f"{NUMBER}/{NILS.key}"


# The worklist of some sites.

XENAKIS = ("evry-xenakis",)
ELSEWHERE = ("ris-orangis-messiaen",)


def test_only_applications_for_these_sites_are_read_and_no_table_is_gone_through(world: World) -> None:
    world.aws.calls.clear()

    assert [one.number for one in applications_at(world.services, SEASON, XENAKIS)] == [NUMBER, PIE_NUMBER]
    assert world.aws.calls == ["Query", "BatchGetItem"]
    assert applications_at(world.services, SEASON, ELSEWHERE) == []


def test_the_states_are_counted_whatever_state_is_asked_for(world: World) -> None:
    withdraw(world, "a1a1a1a1")

    page = application_page(world.services, ApplicationQuery(state="withdrawn"), XENAKIS, "", world.now)

    assert [[pupil.candidate.first_name for pupil in pupils] for pupils in page.pupils] == [["Alba"]]
    assert page.counts == {"sent": 2, "withdrawn": 1}


def test_a_page_goes_on_after_an_application_that_is_asked_for_no_more(world: World) -> None:
    withdraw(world, "a1a1a1a1", "b2b2b2b2")

    page = application_page(world.services, ApplicationQuery(state="sent"), XENAKIS, f"1-{NUMBER}", world.now)

    assert [pupils[0].application.number for pupils in page.pupils] == [PIE_NUMBER]


def test_an_application_for_other_sites_is_refused_as_one_that_nobody_has(world: World) -> None:
    assert find_application_at(world.services, "p27 k4tn 8wcb", XENAKIS).number == NUMBER
    with pytest.raises(OfficeRefusal) as refusal:
        find_application_at(world.services, NUMBER, ELSEWHERE)
    assert refusal.value.code == "request_unknown"
