"""The catalogue: the reference age, sites and disciplines, open periods, and alternatives."""

from dataclasses import replace
from datetime import date

from chalicelib.wings.admission.domain.applications import Candidate, Wish
from chalicelib.wings.admission.domain.catalogue import Catalogue, WishError
from chalicelib.wings.admission.settings import DisciplineOffered
from tests.support.applications import ALBA, NOW

XENAKIS, MAGNARD, VILLABE = "evry-xenakis", "evry-magnard", "villabe-yves-henry"
EARLY = DisciplineOffered("Éveil musical", 4, 6, (MAGNARD,))
VIOLIN = DisciplineOffered("Violon", 5)
PIANO = DisciplineOffered("Piano", 6)
HARP = DisciplineOffered("Harpe", 7, sites=(XENAKIS,))
DANCE = DisciplineOffered("Danse classique", 8, 18, (XENAKIS, VILLABE))
CATALOGUE = Catalogue((EARLY, VIOLIN, PIANO, HARP, DANCE), (MAGNARD, XENAKIS), date(2027, 12, 31))


def born(year: int, *wishes: Wish, month: int = 1, day: int = 1) -> Candidate:
    return replace(ALBA, born_on=date(year, month, day), wishes=wishes)


def fault(candidate: Candidate, *wishes: Wish) -> list[tuple[str, str]]:
    return [(error.field, error.fault) for error in CATALOGUE.errors(candidate, wishes)]


def only(candidate: Candidate) -> WishError:
    (error,) = CATALOGUE.errors(candidate)
    return error


def test_the_age_that_counts_is_that_of_the_stated_day() -> None:
    assert fault(born(2021, Wish("Piano", XENAKIS), month=12, day=31)) == []


def test_who_is_too_young_or_too_old_reads_what_is_open_there_or_elsewhere() -> None:
    young, younger, old = (
        only(born(2022, Wish("Piano", MAGNARD))),  # born the day after
        only(born(2023, Wish("Violon", XENAKIS))),
        only(born(2008, Wish("Danse classique", XENAKIS))),
    )

    assert (young.field, young.fault, young.age, young.discipline) == ("discipline-1", "wish_age", 5, PIANO)
    assert (young.here, young.elsewhere) == (("Éveil musical", "Violon"), ())
    assert (younger.here, younger.elsewhere) == ((), ((MAGNARD, ("Éveil musical",)),))
    assert (old.fault, old.age, old.here) == ("wish_age", 19, ("Violon", "Piano", "Harpe"))


def test_a_discipline_not_taught_at_a_site_is_named_where_it_is_and_applications_are_open() -> None:
    error = only(born(2015, Wish("Danse classique", MAGNARD)))

    assert (error.field, error.fault, error.elsewhere) == (
        "site-1",
        "wish_elsewhere",
        ((XENAKIS, ("Danse classique",)),),
    )


def test_a_wish_twice_is_refused_beside_the_second_whatever_its_level_and_days() -> None:
    twice = born(2015, Wish("Piano", XENAKIS), Wish("Piano", XENAKIS, "Premier cycle", ("lundi",)))

    assert fault(twice) == [("discipline-2", "wish_twice")]
    assert fault(born(2015, Wish("Piano", XENAKIS), Wish("Piano", MAGNARD))) == []


def test_what_is_offered_no_more_is_refused_and_what_is_half_chosen_is_for_others_to_judge() -> None:
    candidate = born(2015, Wish("", XENAKIS), Wish("Piano", ""), Wish("Orgue", XENAKIS))

    assert fault(candidate) == [("discipline-3", "wish_unoffered")]


def test_a_wish_at_a_site_that_takes_no_applications_is_refused_unless_it_was_sent() -> None:
    wish = Wish("Violon", VILLABE, "Débutant", ("lundi",))
    wish_sent = replace(wish, since=NOW)

    assert fault(born(2015, wish)) == [("site-1", "wish_site_closed")]
    assert fault(born(2015, wish), wish_sent) == []
    assert fault(born(2015, replace(wish, days=("mardi",))), wish_sent) == [("site-1", "wish_site_closed")]
    assert fault(born(2015, Wish("Piano", XENAKIS)), wish_sent) == [("site-1", "wish_closed_changed")]
    assert fault(born(2015, Wish("Piano", XENAKIS), wish), wish_sent) == []


def test_what_was_sent_stands_though_it_is_offered_no_more() -> None:
    assert fault(born(2024, Wish("Orgue", XENAKIS)), Wish("Orgue", XENAKIS, since=NOW)) == []


def test_without_a_birth_date_no_age_is_refused() -> None:
    assert fault(replace(born(2015, Wish("Chant", XENAKIS)), born_on=None)) == [("discipline-1", "wish_unoffered")]
    assert fault(replace(born(2015, Wish("Harpe", XENAKIS)), born_on=None)) == []


def test_only_what_is_taught_where_applications_are_open_is_offered() -> None:
    there = replace(CATALOGUE, sites=(MAGNARD,))

    assert [discipline.name for discipline in there.offered] == ["Éveil musical", "Violon", "Piano"]


def test_with_another_birth_date_the_ages_of_what_was_sent_are_looked_at_anew() -> None:
    wish, missing = Wish("Piano", XENAKIS), Wish("Orgue", XENAKIS)
    younger = born(2023, wish, missing)

    assert [(e.field, e.fault) for e in CATALOGUE.errors(younger, (wish, missing), date(2018, 1, 1))] == [
        ("discipline-1", "wish_age")
    ]
    assert CATALOGUE.errors(younger, (wish, missing), younger.born_on) == ()
