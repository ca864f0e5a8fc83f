"""The filter of pupils, by part of a name, and by the state of their documents."""

from datetime import date
from typing import Final

from chalicelib.domain.dossiers.documents import FOYER, DocumentRule
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.search.pupil_filter import OpinionSought, PupilFilter
from chalicelib.domain.search.summaries import AccountSummary, EnrolmentSummary, FileSummary, PupilSummary

RULES: Final = (
    DocumentRule("quotient", "Quotient", of="household"),
    DocumentRule("danse", "Certificat", disciplines=("danse",)),
    DocumentRule("majeur", "Attestation", adults=True),
)
FAMILY: Final = AccountSummary(
    *("evry-xenakis", "xen1", "a", "XEN 1", "Famille Rossignol", ["Mme Rossignol"], [], [], [], ""),
    (
        PupilSummary("k1", "Zélie", "2015-03-14", [["Hautbois", "M. Sureau"], ["Danse classique", "Mme Houx"]]),
        PupilSummary("k2", "Léo", "2001-03-14", [["Cor", "M. Sørensen-Łuk"]]),
    ),
)


def file(key: str, state: State, *, stays: bool | None = True, following: tuple[str, ...] | None = None) -> FileSummary:
    return FileSummary(key, key, state, None, stays, following, ())


def asked(*files: FileSummary, papers: dict[tuple[str, str], bool] | None = None, **values: str) -> list[str]:
    enrolment = EnrolmentSummary("evry-xenakis", "xen1", {one.key: one for one in files}, papers or {}, None)
    rule = PupilFilter(rules=RULES, today=date(2027, 6, 3), **values)  # type: ignore[arg-type]
    return [pupil.key for pupil in rule.of_family(FAMILY, enrolment)]


def test_a_part_of_a_discipline_or_a_teacher_is_enough_however_it_is_spelt() -> None:
    assert asked(discipline="DANSE") == ["k1"]
    assert asked(file("k2", "draft", following=("Danse jazz",)), discipline="danse") == ["k1", "k2"]
    assert asked(teacher="sureau") == asked(teacher="houx", discipline="hautbois") == ["k1"]
    assert asked(teacher="sorensen luk") == ["k2"]
    assert asked(teacher="orme") == []


def test_what_is_asked_of_a_pupil_is_missing_of_it_and_what_is_asked_of_the_household_of_all_who_go_on() -> None:
    files = (file("k1", "submitted"), file("k2", "submitted"))
    quotient = {("quotient", FOYER): True}
    assert asked(*files, documents="missing") == ["k1", "k2"]
    assert asked(*files, documents="missing", papers=quotient | {("majeur", "k2"): True}) == ["k1"]
    assert asked(*files, documents="missing", papers=quotient | {("danse", "k1"): True}) == ["k2"]
    assert asked(*files, documents="promised", papers=quotient | {("danse", "k1"): False}) == ["k1"]
    assert asked(*files, documents="provided", papers=quotient) == ["k1", "k2"]


def test_who_wishes_for_no_dance_needs_no_certificate() -> None:
    documents = {("quotient", FOYER): True, ("majeur", "k2"): True}
    files = (file("k1", "submitted", following=("Hautbois",)), file("k2", "submitted"))
    assert asked(*files, documents="missing", papers=documents) == []


def test_nothing_is_missing_of_who_leaves_or_was_declined() -> None:
    assert asked(file("k1", "leaving", stays=False), file("k2", "declined"), documents="missing") == []


def test_of_a_family_that_began_nothing_no_document_is_missing_yet() -> None:
    assert PupilFilter(documents="missing", rules=RULES).of_family(FAMILY, None) == []


def test_a_state_is_asked_for_apart_so_that_all_are_counted() -> None:
    rule = PupilFilter(state="none")
    assert [rule.is_at(pupil) for pupil in rule.of_family(FAMILY, None)] == [True, True]
    assert not PupilFilter(state="draft").is_at(rule.of_family(FAMILY, None)[0])


def test_an_opinion_is_asked_for_on_any_course_and_none_at_all_is_asked_for_too() -> None:
    leanings: dict[tuple[str, str], list[str | None]] = {
        ("xen1", "k1"): ["favourable", "reserved"],
        ("mer7", "k2"): ["reserved"],
    }

    def listed(opinion: OpinionSought) -> list[str]:
        rule = PupilFilter(opinion=opinion, leanings=leanings)
        return [pupil.key for pupil in rule.of_family(FAMILY, None)]

    assert listed("reserved") == listed("favourable") == ["k1"]
    assert listed("none") == ["k2"]
    assert listed("unfavourable") == []
