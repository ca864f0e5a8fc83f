"""GET /extranet/compte/eleves: each pupil with their courses, and the telephone number for corrections."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision, PupilFile, SentAnswers, Verdict
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from tests.support.enrolment import IN_JUNE, LAST_SECOND, REF, ZELIE, ZELIE_KEY, open_season
from tests.support.world import Visitor, World

PAGE = "/extranet/compte/eleves"
HAUTBOIS = Course("Hautbois", "Cycle 1", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "salle Anche")
JEANNE = Pupil("Jeanne Rossignol", date(2015, 3, 9), (HAUTBOIS, Course("Formation musicale", "Cycle 1")))
AIMEE = Pupil("Aimée Rossignol", date(1984, 4, 17), (Course("Chant", slot="jeudi 19 h"),))
AFTERWARDS = LAST_SECOND + timedelta(seconds=1)
PAUL = Pupil("Paul & <Rossignol>")


def page(world: World, visitor: Visitor, *pupils: Pupil) -> str:
    world.settle(household=Household((Guardian("Mme Rossignol"),), pupils=pupils))
    return show(world, visitor)


def show(world: World, visitor: Visitor) -> str:
    visitor.log_in()
    world.aws.calls.clear()
    answer = visitor.get(PAGE)
    assert answer.status_code == 200
    return str(answer.text)


def texts(part: str) -> str:
    """Read the text of a part of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def about(text: str, pupil: Pupil) -> str:
    """Read the text about a pupil."""
    return next(
        section for section in map(texts, re.findall("<section.+?</section>", text, re.DOTALL)) if pupil.name in section
    )


def test_each_pupil_has_its_birth_date_and_its_courses(world: World, visitor: Visitor) -> None:
    text = page(world, visitor, JEANNE, AIMEE)

    assert about(text, JEANNE).startswith(
        "Jeanne Rossignol Date de naissance : 9 mars 2015 Cours de cette année "
        "Discipline Hautbois Niveau Cycle 1 Professeur Mme Sorbier Jour et heure mercredi 14 h 30 - 15 h 15 "
        "Lieu salle Anche "
        "Discipline Formation musicale Niveau Cycle 1 Professeur, horaire et lieu : demandez-les à votre conservatoire."
    )
    assert about(text, AIMEE).startswith(
        "Aimée Rossignol Date de naissance : 17 avril 1984 (élève adulte) Cours de cette année Discipline Chant "
        "Jour et heure jeudi 19 h"
    )


def test_what_is_not_known_of_a_pupil_is_said(world: World, visitor: Visitor) -> None:
    text = about(page(world, visitor, PAUL), PAUL)

    assert "Date de naissance non renseignée" in text
    assert "Aucun cours n'est enregistré cette année." in text
    assert "Discipline non précisée" in about(
        page(world, visitor, Pupil("Léo", None, (Course("", "Éveil"),))), Pupil("Léo")
    )


def test_a_family_without_pupils_is_told_so_and_whom_to_call(world: World, visitor: Visitor) -> None:
    for text in (texts(page(world, visitor)), texts(page(world, visitor, JEANNE))):
        assert ("Aucun élève n'est enregistré à votre nom" in text) is ("Jeanne" not in text)
        assert "Une erreur ?" in text
        assert "01 99 00 10 03" in text


# The state of the re-enrolment.

STAYS = PupilAnswers(stays=True)
SAVED = SavedBy("Mme Aimée Rossignol", IN_JUNE)
STEP = f"/extranet/compte/reinscription/eleves/{ZELIE_KEY}"
RECEIPT = "/extranet/compte/reinscription/recus/"


def decided(verdict: Verdict, words: str = "") -> PupilFile:
    return PupilFile(
        ZELIE_KEY,
        ZELIE.name,
        sent=SentAnswers(STAYS, "R-1", IN_JUNE, EnrolmentDecision(verdict, "Mme Houx", IN_JUNE, words)),
    )


FILES = {
    "none": PupilFile(ZELIE_KEY, ZELIE.name),
    "draft": PupilFile(ZELIE_KEY, ZELIE.name, STAYS, SAVED),
    "submitted": PupilFile(ZELIE_KEY, ZELIE.name, sent=SentAnswers(STAYS, "R-1", IN_JUNE)),
    "changed": PupilFile(ZELIE_KEY, ZELIE.name, STAYS, SAVED, SentAnswers(STAYS, "R-1", IN_JUNE)),
    "leaving": PupilFile(ZELIE_KEY, ZELIE.name, sent=SentAnswers(PupilAnswers(stays=False), "R-1", IN_JUNE)),
    "accepted": decided("accepted"),
    "declined": decided("declined", "Classe complète & fermée."),
    "to_complete": decided("to_complete", "Il manque un certificat."),
}
SAID = {
    "none": ("Pas encore commencée.", "Commencer"),
    "draft": ("Commencée, pas encore envoyée ; dernier enregistrement le 2 juin 2027 à 20 h 00.", "Continuer"),
    "submitted": ("Envoyée, à l'étude . Envoi du 2 juin 2027 à 20 h 00, reçu R-1 .", "Voir ou changer"),
    "changed": (
        "Envoyée, puis modifiée . Envoi du 2 juin 2027 à 20 h 00, reçu R-1 . Votre modification n'est",
        "Continuer",
    ),
    "leaving": ("Ne se réinscrit pas . Envoi du 2 juin 2027 à 20 h 00, reçu R-1 .", "Voir ou changer"),
    "accepted": ("Acceptée ; réponse de l'administration le 2 juin 2027 à 20 h 00.", "Voir"),
    "declined": ("L'administration écrit : Classe complète & fermée.", "Voir"),
    "to_complete": ("L'administration écrit : Il manque un certificat.", "Compléter"),
}


def standing(world: World, visitor: Visitor, state: str, now: datetime = IN_JUNE) -> tuple[str, str]:
    """Read the text about Zélie, and the page's HTML."""
    open_season(world, now)
    world.services.enrolments.revise(
        world.services.enrolments.find(REF), lambda found: found.with_pupil(FILES[state], IN_JUNE)
    )
    text = show(world, visitor)
    return about(text, ZELIE), text


@pytest.mark.parametrize("state", FILES)
def test_where_a_re_enrolment_stands_is_said_with_the_way_to_it(world: World, visitor: Visitor, state: str) -> None:
    text, whole = standing(world, visitor, state)

    sentence, link = SAID[state]
    assert sentence in text
    assert text.endswith(f"{link} la réinscription de Zélie Rossignol")
    assert f'href="{STEP}"' in whole
    assert (f'href="{RECEIPT}R-1"' in whole) is (state not in {"none", "draft"})
    assert "Houx" not in whole
    assert whole.count("La réinscription 2027-2028 est ouverte jusqu'au 15 juin 2027 inclus.") == 1


@pytest.mark.parametrize(
    ("now", "state", "expected"),
    [
        (datetime(2027, 5, 1, tzinfo=UTC), "none", "Réinscription 2027-2028 Pas encore ouverte."),
        (AFTERWARDS, "none", "Elle n'a pas été demandée : contactez votre conservatoire."),
        (AFTERWARDS, "draft", "Ce que vous aviez enregistré est conservé : contactez votre conservatoire."),
        (AFTERWARDS, "changed", "Votre modification n'est pas encore envoyée : contactez votre conservatoire."),
        (AFTERWARDS, "to_complete", "Pour la compléter, contactez votre conservatoire."),
        (AFTERWARDS, "accepted", "Acceptée ;"),
    ],
)
def test_outside_the_period_no_way_leads_to_it(
    world: World, visitor: Visitor, now: datetime, state: str, expected: str
) -> None:
    text, whole = standing(world, visitor, state, now)

    assert expected in text
    assert STEP not in whole
