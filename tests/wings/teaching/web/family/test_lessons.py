"""GET and POST /extranet/compte/eleves/{eleve}: the next lessons, and absences announced from « Elèves »."""

import html
from dataclasses import replace
from datetime import timedelta

from tests.support.absences import LESSON, REF, ZELIES, begin, cancel
from tests.support.french import visible_text
from tests.support.teaching import SITE, ZELIE, settle_pupil, stores
from tests.support.world import ROSSIGNOL, Visitor, World

PUPILS = "/extranet/compte/eleves"
PAGE = f"{PUPILS}/{ZELIES.key}"
NAME = f"{REF.course}#2026-11-04"


def seen(visitor: Visitor, path: str = PAGE) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return " ".join(html.unescape(visible_text(answer.text)).split())


def form(**fields: str) -> dict[str, str]:
    return {"quoi": "annonce", "seance": NAME, "motif_absence": ""} | fields


def announced(world: World) -> bool:
    return stores(world).announcements.find(SITE, ZELIES).is_announced(*LESSON)


def test_the_page_of_pupils_leads_to_each_pupil_s_lessons_in_three_reads(world: World, visitor: Visitor) -> None:
    begin(world)
    visitor.log_in()
    assert f'href="{PAGE}"' in visitor.get(PUPILS).text
    world.aws.calls.clear()

    text = seen(visitor)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem"]
    assert "Mercredi 4 novembre 2026, 14 h 30 - 15 h 15 Violon, salle Lully Prévenir d'une absence" in text
    assert "Vendredi 6 novembre 2026, 18 h 00 - 19 h 00 Ensemble à cordes, auditorium" in text
    assert "Après le cours, appelez l'administration." in text
    assert "01 99 00 10 03" in text


def test_an_absence_is_announced_shown_and_taken_back(world: World, visitor: Visitor) -> None:
    begin(world)
    visitor.log_in()

    answer = visitor.post(PAGE, form(motif_absence="Rendez-vous <à 14 h>"))
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    text = seen(visitor)
    assert "L'absence est annoncée" in text
    assert "Absence annoncée le 4 novembre 2026 à 14 h 35 : Rendez-vous <à 14 h> Annuler l'annonce" in text

    world.wait(timedelta(minutes=3))
    assert "L'absence est annoncée" not in seen(visitor)
    assert visitor.post(PAGE, form(quoi="retrait")).status_code == 303
    assert not announced(world)
    assert "Absence annoncée" not in seen(visitor)


def test_what_is_refused_is_said_beside_its_field_with_what_was_typed(world: World, visitor: Visitor) -> None:
    begin(world)
    visitor.log_in()
    cancel(world)
    assert "Violon, salle Lully Cours annulé : Professeur absent Vendredi" in seen(visitor)

    answer = visitor.post(PAGE, form(motif_absence="Chez le dentiste"))
    nothing = visitor.post(PAGE, form(seance=""))

    assert (answer.status_code, nothing.status_code) == (422, 422)
    assert "Ce cours est terminé, annulé" in answer.text
    assert 'value="Chez le dentiste"' in answer.text
    assert "Choisissez le cours." in nothing.text
    assert not announced(world)


def test_what_was_typed_in_an_ended_session_is_announced_at_the_next_login(world: World, visitor: Visitor) -> None:
    begin(world)
    visitor.log_in()
    proof = visitor.get(PAGE).text.split('name="jeton" value="')[1].split('"')[0]
    visitor.show(None)

    answer = visitor.post(PAGE, form(jeton=proof, motif_absence="Rendez-vous"))

    assert answer.status_code == 401
    assert 'name="repris-motif_absence" value="Rendez-vous"' in answer.text
    assert f'name="repris-seance" value="{NAME}"' in answer.text


def test_a_pupil_without_lessons_is_told_so(world: World, visitor: Visitor) -> None:
    begin(world)
    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=()))
    visitor.log_in()

    assert "Aucun cours n'est prévu" in seen(visitor)
