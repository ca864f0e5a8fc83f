"""A re-enrolment line by line, for the desk: answers, decisions, differences with the file and last year."""

from dataclasses import replace

from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.office.enrolment.show import EnrolmentOverview, family_overview
from chalicelib.presentation.office import enrolment_lines
from tests.support.enrolled_families import (
    CHANGES,
    GOES_ON,
    MERLE,
    alone,
    judge,
    keep,
    key_of,
    new_enrolment,
    open_for_rossignol,
    open_period,
    send_pupils,
)
from tests.support.enrolment import IN_JUNE, ZELIE, enrolment
from tests.support.world import ROSSIGNOL, World


def overview(world: World) -> EnrolmentOverview:
    open_for_rossignol(world)
    return family_overview(world.services, ROSSIGNOL, None, world.now)


def last_year(world: World) -> Enrolment:
    result = new_enrolment(ROSSIGNOL, ((key_of(ZELIE), ZELIE.name, replace(GOES_ON, wishes=CHANGES.wishes)),))
    return keep(world, send_pupils(replace(result, ref=EnrolmentRef(ROSSIGNOL, "2026")), "R26-K4TN-8WCB"))


def lines_of(overview: EnrolmentOverview) -> list[tuple[str, str]]:
    expected = [
        (enrolment_lines.pupil_title(pupil), list(enrolment_lines.pupil(pupil))) for pupil in overview.family.pupils
    ]
    card = [*enrolment_lines.progress(overview), *enrolment_lines.household(overview)]
    card += [line for title, pupil in expected for line in ((title, ""), *pupil)]
    return card + [(document.title, enrolment_lines.document_text(document)) for document in overview.documents]


def test_a_family_is_shown_whole(world: World) -> None:
    overview(world)
    keep(world, judge(enrolment(world), key_of(ZELIE), "declined", "Plus de place."))

    card = lines_of(family_overview(world.services, ROSSIGNOL, None, world.now))

    for line in (
        ("Étape", "réinscription commencée"),
        ("Payeur", "Mme Aimée Rossignol"),
        ("En cas d'urgence", "M. Merle, 06 99 00 00 01"),
        ("Enregistré", "le 2 juin 2027 à 20 h 00, par Mme Aimée Rossignol"),
        ("Zélie Rossignol (naissance le 14 mars 2015) : refusée", ""),
        ("Envoyé", "continue Hautbois ; continue Formation musicale"),
        ("Changements", "rien ne change"),
        ("Décision", "refusée le 2 juin 2027 à 21 h 00, par M. Orme : « Plus de place. »"),
        ("Léo Rossignol (naissance le 1er juillet 2018) : brouillon", ""),
        ("Pas envoyé", "passe de Danse classique à Danse contemporaine, de préférence mardi, puis jeudi"),
        ("Remarque", "Plutôt après 17 h."),
        ("Ève Rossignol (naissance le 2 janvier 1999) : ne se réinscrit pas", ""),
        ("Changements", "quitte Chant"),
        ("Avis d'imposition ou attestation de quotient familial", "manque"),
    ):
        assert line in card


def test_a_family_that_has_begun_nothing_is_shown_too(world: World) -> None:
    open_period(world, IN_JUNE)
    alone(world, MERLE, "Famille Merle", "Noé Merle")

    card = lines_of(family_overview(world.services, MERLE, None, world.now))

    assert ("Étape", "rien n'est commencé") in card
    assert ("Noé Merle (naissance le 6 mai 2014) : sans réponse", "") in card
    assert ("Cette année", "Piano, Cycle 2") in card


def test_without_last_year_and_with_the_same_payer_nothing_differs(world: World) -> None:
    view = overview(world)

    assert enrolment_lines.household_since_last_year(view) == []
    assert enrolment_lines.not_as_on_file(view) == []
    assert dict(enrolment_lines.progress(view))["Étape"] == "réinscription commencée"


def test_what_was_otherwise_last_year_is_told_course_by_course(world: World) -> None:
    last_year(world)
    view = overview(world)
    zelie = next(pupil for pupil in view.family.pupils if pupil.file.name == ZELIE.name)

    changes = {title: (old, new) for title, old, new in enrolment_lines.pupil_since_last_year(view, zelie)}

    assert changes["Hautbois"] == ("pas indiqué", "continue")
    assert changes["Danse classique"][1] == "pas indiqué"
