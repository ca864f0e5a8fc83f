"""The closing report: equal to a count by hand, with sums that add up for any answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import CourseChoice, CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Verdict
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, PupilQuery
from chalicelib.office.enrolment.report import LOST, ClosingReport, closing_reports
from chalicelib.settings.environment import load_network
from tests.support.answers import NOW, sent_answers
from tests.support.enrolled_families import (
    CANARI,
    CHANGES,
    GRIVE,
    MERLE,
    NUMBERS,
    SEASON,
    alone,
    draft_again,
    judge,
    keep,
    key_of,
    open_for_rossignol,
    submitted_alone,
)
from tests.support.enrolled_families import send_pupils as sending
from tests.support.enrolment import LEO, ZELIE
from tests.support.world import ROSSIGNOL, World

SITE = load_network().sites[0]
REF = EnrolmentRef(ROSSIGNOL, SEASON)


@pytest.fixture
def season(world: World) -> World:
    """Xénakis: three pupils (one accepted, one moves, one leaves), one silent family. Magnard: one sent, one apart."""
    open_for_rossignol(world)
    whole = sending(world.services.enrolments.find(REF), NUMBERS[1], key_of(LEO))
    keep(world, judge(whole, key_of(ZELIE), "accepted"))
    alone(world, MERLE, "Famille Merle", "Noé Merle", "danse  classique")
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-MMMM-4444")
    account, _ = alone(world, GRIVE, "Famille Grive", "Léa Grive")
    world.services.accounts.change(account, account.with_disabled(is_disabled=True))
    return world


def report_of(world: World, site: str) -> ClosingReport:
    reports = closing_reports(world.services, PupilQuery(), world.now, lambda: None)
    return next(report for report in reports if report.site.code == site)


def test_families_and_pupils_are_counted_where_they_stand(season: World) -> None:
    report = report_of(season, "evry-xenakis")

    assert report.families == {"submitted": 1, None: 1}
    assert report.pupils == {"accepted": 1, "submitted": 1, "leaving": 1, "none": 1}
    assert (report.apart, report_of(season, "evry-magnard").apart) == (0, 1)
    assert report_of(season, "evry-magnard").families == {"submitted": 1}
    assert report_of(season, "bondoufle-gounod").families == {}


def test_what_becomes_of_each_discipline(season: World) -> None:
    report = report_of(season, "evry-xenakis")

    expected = {
        discipline.name: (discipline.this_year, dict(+discipline.counts), discipline.next_year, discipline.net)
        for discipline in report.disciplines.values()
    }
    assert expected == {
        "Hautbois": (1, {"kept": 1}, 1, 0),
        "Formation musicale": (1, {"kept": 1}, 1, 0),
        "Danse classique": (2, {"moved": 1, "waiting": 1}, 0, -1),
        "Danse contemporaine": (0, {"come": 1}, 1, 1),
        "Chant": (1, {"left": 1}, 0, -1),
    }
    assert report.moves == {("Danse classique", "Danse contemporaine"): 1}
    assert report.disciplines["danse classique"].states == {"submitted": 1, "none": 1}


def test_who_leaves_is_named_with_the_reason(season: World) -> None:
    report = report_of(season, "evry-xenakis")

    (leaver,) = report.leavers
    assert (leaver.family, leaver.identifier, leaver.pupil) == ("Famille Rossignol", "XEN 1", "Ève Rossignol")
    assert (leaver.disciplines, leaver.reason) == (("Chant",), "Déménagement")
    assert report.reasons == {"Déménagement": 1}


def test_who_is_to_be_called_is_named_with_the_telephones(season: World) -> None:
    account = season.account(MERLE)
    guardians = (Guardian("Mme Merle", "", "06 99 00 20 01"), Guardian("M. Merle"))
    season.services.accounts.change(
        account, replace(account, household=replace(account.household, guardians=guardians))
    )

    (to_call,) = report_of(season, "evry-xenakis").to_call

    assert (to_call.family, to_call.identifier, to_call.step) == ("Famille Merle", "xen2", None)
    assert (to_call.pupils, to_call.telephones) == (("Noé Merle",), ("06 99 00 20 01",))
    assert report_of(season, "evry-magnard").to_call == []


def test_who_has_begun_and_not_sent_all_is_to_be_called_for_what_is_not_sent(world: World) -> None:
    open_for_rossignol(world)

    (to_call,) = report_of(world, "evry-xenakis").to_call

    assert (to_call.step, to_call.pupils) == ("started", ("Léo Rossignol",))


def test_who_changed_what_was_sent_and_did_not_send_it_anew_is_to_be_called_for_it(season: World) -> None:
    keep(season, draft_again(season.services.enrolments.find(REF), key_of(LEO), CHANGES))

    to_call = report_of(season, "evry-xenakis").to_call

    assert {(family.pupils, family.changed) for family in to_call} == {((), ("Léo Rossignol",)), (("Noé Merle",), ())}


def test_a_read_that_fails_is_no_report(season: World) -> None:
    with season.aws.failing("Query", "after", skips=3), pytest.raises(Unavailable):
        report_of(season, "evry-xenakis")


# Any answers.

DISCIPLINES = ("Piano", "piano", "Alto", "Cor", "Chant")


@st.composite
def a_family(draw: st.DrawFn) -> EnrolledFamily:
    number = draw(st.integers(0, 999))
    lists = [draw(st.lists(st.sampled_from(DISCIPLINES), max_size=3)) for _ in range(draw(st.integers(0, 3)))]
    pupils = tuple(Pupil(f"É{place}", None, tuple(map(Course, disciplines))) for place, disciplines in enumerate(lists))
    account = Account(AccountRef("evry-xenakis", f"f{number}"), "Famille", (), "s", household=Household(pupils=pupils))
    enrolment = Enrolment(EnrolmentRef(account.ref, SEASON))
    if draw(st.booleans()):
        files = (_file(draw, key, pupil) for key, pupil in account.household.pupils_by_key.items())
        enrolment = replace(enrolment, started_at=NOW, pupils=tuple(file for file in files if file))
    return EnrolledFamily(replace(account, disabled=draw(st.integers(0, 9)) == 0), enrolment)


def _file(draw: st.DrawFn, key: str, pupil: Pupil) -> PupilFile | None:
    choices: st.SearchStrategy[CourseChoice] = st.sampled_from(["keep", "change", "stop"])
    wishes = tuple(
        CourseWish(course.discipline, draw(choices), draw(st.sampled_from(DISCIPLINES)))
        for course in pupil.courses
        if draw(st.integers(0, 5))
    )
    more = (CourseWish(draw(st.sampled_from(DISCIPLINES)), "add"),) if draw(st.integers(0, 3)) == 0 else ()
    answers = PupilAnswers(stays=draw(st.booleans()), wishes=(*wishes, *more))
    verdicts: list[Verdict | None] = [None, "accepted", "declined", "to_complete"]
    verdict = draw(st.sampled_from(verdicts)) if answers.stays else None
    kind = draw(st.sampled_from(["none", "draft", "sent"]))
    author = SavedBy("Mme", NOW)
    if kind == "none":
        return None
    return (
        PupilFile(key, pupil.name, answers, author)
        if kind == "draft"
        else PupilFile(key, pupil.name, None, author, sent_answers(answers, verdict))
    )


@given(st.lists(a_family(), max_size=8))
def test_everything_adds_up(families: list[EnrolledFamily]) -> None:
    report = ClosingReport(SITE, SEASON)
    for family in families:
        report.add(family)

    active = [family for family in families if not family.account.disabled]
    assert report.families.total() + report.apart == len(families)
    assert report.pupils.total() == sum(len(list(family.pupils)) for family in active)
    assert sum(report.reasons.values()) == len(report.leavers)
    places = [(pupil, course) for family in active for pupil in family.pupils for course in pupil.pupil.courses]
    assert sum(discipline.this_year for discipline in report.disciplines.values()) == len(places)
    arrivals = sum(discipline.counts["come"] for discipline in report.disciplines.values())
    additions = sum(
        wish.is_added
        for family in active
        for pupil in family.pupils
        if (answers := pupil.file.sent) and answers.answers.stays and pupil.file.verdict != "declined"
        for wish in answers.answers.wishes
    )
    assert report.moves.total() == sum(discipline.counts["moved"] for discipline in report.disciplines.values())
    assert arrivals == report.moves.total() + additions
    for place in report.disciplines.values():
        assert place.this_year == place.counts["kept"] + place.counts["waiting"] + sum(
            place.counts[reason] for reason in LOST
        )
        assert place.net == place.next_year + place.counts["waiting"] - place.this_year
        assert place.states.total() == place.this_year
