"""The desk's list of pupils: the same pupils as `clef enrolments list`, fifty at a time, in few reads."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.office.dossiers.worklist import AT_ONCE
from chalicelib.office.enrolment.reenrolments import PupilPage, PupilQuery, pupil_page, pupils
from tests.support.enrolled_families import (
    GOES_ON,
    NUMBERS,
    SEASON,
    alone,
    judge,
    keep,
    new_enrolment,
    open_for_rossignol,
    open_period,
    submitted_alone,
)
from tests.support.world import ROSSIGNOL, World

SITE = "evry-xenakis"


@pytest.fixture
def season(world: World) -> World:
    """Families of one site: one that sent a pupil of three, one that sent all, one that has not answered."""
    open_for_rossignol(world)
    submitted_alone(world, AccountRef(SITE, "xen9"), "Famille Alouette", "Ana Alouette", NUMBERS[1])
    alone(world, AccountRef(SITE, "xen7"), "Famille Merle", "Noé Merle", "Danse classique")
    return world


def page_of(world: World, cursor: str = "", **queries: str) -> PupilPage:
    return pupil_page(world.services, PupilQuery(SITE, **queries), cursor, world.now)  # type: ignore[arg-type]


def names(page: PupilPage) -> list[str]:
    return [pupil.file.name for pupil in page.pupils]


def test_pupils_are_listed_by_the_name_of_their_family(season: World) -> None:
    page = page_of(season)

    assert names(page) == ["Ana Alouette", "Noé Merle", "Zélie Rossignol", "Léo Rossignol", "Ève Rossignol"]
    assert (page.total, page.before, page.after, page.season) == (5, None, None, SEASON)
    assert page.counts == {"submitted": 2, "none": 1, "draft": 1, "leaving": 1}


def test_the_same_pupils_are_found_as_by_the_command(season: World) -> None:
    queries: list[dict[str, str]] = [
        {},
        *({"state": state} for state in ("none", "draft", "submitted", "leaving", "accepted")),
        *({"discipline": name} for name in ("danse", "DANSE CONTEMP", "hautbois", "tuba")),
        *({"documents": standing} for standing in ("missing", "promised", "provided")),
        *({"teacher": name} for name in ("colverts", "personne")),
        {"discipline": "danse", "state": "draft", "documents": "provided"},
        {"season": "2026"},
    ]
    for criteria in queries:
        rows = pupils(season.services, PupilQuery(SITE, **criteria), season.now)  # type: ignore[arg-type]
        assert sorted(names(page_of(season, **criteria))) == sorted(pupil.file.name for pupil in rows), criteria


def test_documents_are_asked_for_as_they_stand_and_of_nobody_who_leaves_or_began_nothing(season: World) -> None:
    assert names(page_of(season, documents="missing")) == ["Ana Alouette", "Zélie Rossignol", "Léo Rossignol"]
    assert names(page_of(season, documents="provided")) == ["Léo Rossignol"]
    assert names(page_of(season, documents="promised")) == []

    promise(season, "quotient-familial", "foyer")
    assert names(page_of(season, documents="promised")) == ["Zélie Rossignol", "Léo Rossignol"]
    assert names(page_of(season, documents="missing")) == ["Ana Alouette"]


@pytest.mark.wing("teaching")
def test_a_page_costs_three_queries_and_one_batch(season: World) -> None:
    season.services.periods.recent(season.now)  # as every five minutes
    season.aws.calls.clear()

    page_of(season)

    assert season.aws.calls == ["GetItem", "Query", "Query", "Query", "BatchGetItem"]  # the period first


def test_pages_of_fifty_follow_each_other_though_pupils_are_dealt_with_between(world: World) -> None:
    open_period(world)
    pupil_names = many(world, 120)
    first = page_of(world)
    second = page_of(world, first.after or "")
    third = page_of(world, second.after or "")

    assert [*names(first), *names(second), *names(third)] == pupil_names
    assert [page.first for page in (first, second, third)] == [1, 51, 101]
    assert (third.after, first.before, second.before) == (None, None, "")
    assert names(page_of(world, third.before or "")) == names(second)
    assert len(first.pupils) == AT_ONCE

    begin(world, first.pupils[-1].family.account.ref)  # no longer matches: the following pages keep their place
    assert names(page_of(world, first.after or "", state="none")) == names(second)
    assert page_of(world, first.after or "", state="none").first == AT_ONCE

    world.services.accounts.erase(first.pupils[-1].family.account)  # none is skipped, though the cursor's pupil is gone
    assert names(page_of(world, first.after or ""))[0] == names(second)[1]


@pytest.mark.parametrize("cursor", ["x", "-", "999-", "999-abcdef", "50-", "²-", "-1", "1e9-"])
def test_a_cursor_of_nobody_begins_somewhere_and_never_fails(season: World, cursor: str) -> None:
    assert page_of(season, cursor).first == 1


def test_a_pupil_dealt_with_this_very_moment_is_shown_no_more_though_its_summary_is_older(season: World) -> None:
    before = page_of(season, state="submitted")
    enrolment = before.pupils[0].family.enrolment
    keep(season, judge(enrolment, before.pupils[0].file.key, "accepted"))
    season.database.update(
        season.resources.enrolments_table,
        {"site": SITE, "identifier": f"{SEASON}#{enrolment.ref.account.identifier}"},
        "SET #summary = :stale",
        "attribute_exists(site)",
        stale=enrolment.item["summary"],
    )

    assert names(page_of(season, state="submitted")) == names(before)[1:]


def promise(world: World, code: str, owner: str) -> None:
    enrolment = world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))
    keep(world, enrolment.with_document(ProvidedDocument(code, owner, SavedBy("M. Rossignol", world.now))))


def begin(world: World, ref: AccountRef) -> None:
    (key, pupil), *_ = world.account(ref).household.pupils_by_key.items()
    keep(world, new_enrolment(ref, ((key, pupil.name, GOES_ON),)))


def many(world: World, count: int) -> list[str]:
    """Store families of one pupil each. Returns their pupils' names, by family name."""
    template = world.settle(AccountRef(SITE, "n000"))
    accounts = [
        replace(
            template,
            ref=AccountRef(SITE, f"n{(7 * number) % count:03}"),
            name=f"Nid {number:03}",
            household=Household(pupils=(Pupil(f"Oisillon {number}"),)),
            item={},
        )
        for number in range(count)
    ]
    for start in range(0, count, 25):
        world.database.write_together(*map(world.services.accounts.put, accounts[start : start + 25]))
    return [account.household.pupils[0].name for account in accounts]
