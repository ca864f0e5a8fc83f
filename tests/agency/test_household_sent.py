"""A household corrected after it was sent: page, receipt, mail, export and card always say the same."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.enrolment.show import family_overview
from chalicelib.presentation.office import enrolment_lines, timeline
from tests.support.clef import Clef
from tests.support.command_output import cells
from tests.support.enrolled_families import decide, draft_again, keep
from tests.support.enrolment import (
    EVE_KEY,
    FOYER,
    LAST_SECOND,
    LEO_KEY,
    SAVED,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_pages import PAGE, page_html, version_of_page, words_of_page
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import ROSSIGNOL, Visitor, World

STEP = f"{PAGE}/foyer"
SUMMARY = f"{PAGE}/recapitulatif"
CHANGED = "modifié, pas encore renvoyé"
ANSWERS = FOYER | {"payeur": "Mme Rossignol", "urgence_telephone": "06 99 00 00 01"}  # as sent
CORRECTED = ANSWERS | {"payeur": "M. Houx", "urgence_telephone": "06 99 00 00 09"}
DIFFERENCE = "Payeur : Mme Rossignol → M. Houx ; En cas d'urgence : M. Merle, 06 99 00 00 01 → M. Merle, 06 99 00 00 09"


PICKUP = "Personnes autorisées à venir chercher l'élève"


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    open_season(world, display_identifier="XEN 1")
    send_enrolment(world)
    world.wait(timedelta(minutes=5))
    visitor.log_in()
    return visitor


def correct(visitor: Visitor, answers: dict[str, str] = CORRECTED) -> str:
    """Save « Mon foyer ». Returns the address it redirects to."""
    answer = visitor.post(STEP, answers | {"vu": version_of_page(visitor, STEP)})
    assert answer.status_code == 303
    return answer.location


def send(visitor: Visitor, **ticks: str) -> str:
    """Send the summary's form, as a browser does."""
    page = page_html(visitor, SUMMARY)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.partition('id="envoi"')[2]))
    answer = visitor.post(SUMMARY, {"par": "2", **fields, **ticks})
    assert answer.status_code == 303
    return answer.location


def export_choices(clef: Clef, path: Path) -> list[tuple[str, str]]:
    """Read the payer and the emergency telephone of each of Zélie's courses in the export."""
    clef(f"enrolments export --to {path}")
    headings, *rows = cells(path.read_bytes())
    records = (dict(zip(headings, row, strict=True)) for row in rows)
    return [(row["Payeur"], row["Urgence : téléphone"]) for row in records if row["Élève"] == "Zélie Rossignol"]


def show_enrolment(world: World) -> str:
    """Read the desk's card of the family."""
    overview = family_overview(world.services, ROSSIGNOL, None, world.now)
    card = [
        *enrolment_lines.household(overview),
        *(line for pupil in overview.family.pupils for line in enrolment_lines.pupil(pupil)),
    ]
    card += [("Fil", event.title) for event in timeline.of_enrolment(overview)]
    return "\n".join(f"{label} {text}" for label, text in card)


def test_what_is_not_sent_is_said_and_counts_nowhere(world: World, inside: Visitor, clef: Clef, tmp_path: Path) -> None:
    assert correct(inside) == SUMMARY

    for path in ("/extranet/compte", PAGE, STEP, SUMMARY):
        page = words_of_page(page_html(inside, path))
        assert re.search(f"Mon foyer ?:? {CHANGED}", page), path
        assert "Tout est envoyé" not in page, path
    assert ">Envoyer</button>" in page_html(inside, SUMMARY)
    receipt = words_of_page(page_html(inside, f"{PAGE}/recus/{NUMBER}"))
    assert "Payeur Mme Rossignol" in receipt
    assert "vous avez changé « Mon foyer » depuis" in receipt
    assert export_choices(clef, tmp_path / "a.csv") == [("Mme Rossignol", "06 99 00 00 01")] * 2
    card = show_enrolment(world)
    assert "Payeur Mme Rossignol" in card
    assert f"Pas renvoyé {DIFFERENCE}" in card
    assert "Mon foyer" not in clef("enrolments list").out
    assert clef("enrolments list").out.count("foyer modifié, pas encore renvoyé") == 2


def test_who_may_fetch_the_pupils_is_told_once_sent(world: World, inside: Visitor, clef: Clef, tmp_path: Path) -> None:
    persons = "Aimé Pinson, Mme Geai"
    correct(inside, ANSWERS | {"personnes_autorisees": persons})
    assert f"Pas renvoyé {PICKUP} : pas indiqué → {persons}" in show_enrolment(world)
    assert f"{PICKUP} {persons}" in words_of_page(page_html(inside, SUMMARY))

    location = send(inside)

    world.deliver()
    mail = world.mails()[-1]
    assert f"\n- {PICKUP} : {persons}\n" in mail.text
    assert f"- {PICKUP} : {persons}" in words_of_page(mail.html)
    assert f"{PICKUP} {persons} Règlement accepté" in words_of_page(page_html(inside, location))
    assert PICKUP not in words_of_page(page_html(inside, f"{PAGE}/recus/{NUMBER}"))
    assert f"{PICKUP} {persons}" in show_enrolment(world)
    clef(f"enrolments export --to {tmp_path}/a.csv")
    headings, *rows = cells((tmp_path / "a.csv").read_bytes())
    assert headings[-5:] == ["Urgence : téléphone", "Pièces", PICKUP, "Fichier annuel", "Saisie par"]
    assert {row[-3] for row in rows} == {persons}


def test_it_is_sent_alone_and_told_to_both_guardians(world: World, inside: Visitor, clef: Clef, tmp_path: Path) -> None:
    correct(inside)

    location = send(inside)

    number = enrolment(world).receipts[-1].number
    assert number != NUMBER
    assert location == f"{PAGE}/recus/{number}"
    world.deliver()
    assert sorted(mail.to for mail in world.mails()) == ["come@example.org", "rossignol@example.org"]
    for mail in world.mails():
        assert number in mail.subject
        assert "- Payeur : M. Houx\n- En cas d'urgence : M. Merle, 06 99 00 00 09" in mail.text
        assert "Zélie" not in mail.text
    receipt = words_of_page(page_html(inside, location))
    assert "Payeur M. Houx En cas d'urgence M. Merle, 06 99 00 00 09" in receipt
    assert f"sous le reçu {number}" in words_of_page(page_html(inside, f"{PAGE}/recus/{NUMBER}"))
    for path in ("/extranet/compte", PAGE, STEP, SUMMARY):
        assert CHANGED not in page_html(inside, path), path
    assert "Tout est envoyé" in page_html(inside, SUMMARY)
    assert export_choices(clef, tmp_path / "a.csv") == [("M. Houx", "06 99 00 00 09")] * 2
    assert "Payeur M. Houx" in show_enrolment(world)
    assert "Pas renvoyé" not in show_enrolment(world)
    assert f"réinscription envoyée : foyer (reçu {number})" in show_enrolment(world)
    assert f"reçu {number}" in words_of_page(page_html(inside, "/extranet/compte"))


def test_put_back_to_what_was_sent_nothing_is_to_be_sent(world: World, inside: Visitor) -> None:
    correct(inside)

    assert correct(inside, ANSWERS) == PAGE

    assert "Tout est envoyé" in page_html(inside, SUMMARY)
    assert ">Envoyer</button>" not in page_html(inside, SUMMARY)
    assert len(enrolment(world).receipts) == 1


def test_where_the_office_has_decided_it_sees_what_changed_since(world: World, inside: Visitor, clef: Clef) -> None:
    enrolment_here = enrolment(world)
    after = enrolment_here.with_decision(ZELIE_KEY, EnrolmentDecision("accepted", "Mme Lyre", world.now))
    world.services.enrolments.change(enrolment_here, after)
    world.wait(timedelta(minutes=1))
    correct(inside)
    assert "foyer renvoyé depuis la décision" not in clef("enrolments list").out

    send(inside)

    assert show_enrolment(world).count(f"Foyer depuis {DIFFERENCE}") == 1
    assert clef("enrolments list").out.count(f"foyer renvoyé depuis la décision : {DIFFERENCE}") == 1
    report = clef("enrolments report --site evry-xenakis")
    assert "À regarder : foyer renvoyé depuis la décision" in report.out
    assert DIFFERENCE in report.out
    (site,) = clef("enrolments report --site evry-xenakis --json").json["sites"]
    assert [pupil["pupil"] for pupil in site["to_look_at"]] == ["Zélie Rossignol"]


def test_the_office_decides_again_on_the_household_that_it_saw(world: World, inside: Visitor) -> None:
    accept = EnrolmentDecisionInput("accepted", "Mme Lyre")
    decide(world.services, accept, world.now, "Zélie")
    world.wait(timedelta(minutes=1))
    correct(inside)
    send(inside)
    world.wait(timedelta(minutes=1))

    assert decide(world.services, accept, world.now, "Léo")[0].is_new
    assert not decide(world.services, accept, world.now, "Zélie")[0].is_new
    assert show_enrolment(world).count("Foyer depuis") == 1

    assert decide(world.services, replace(accept, again=True), world.now, "Zélie")[0].is_new
    assert "Foyer depuis" not in show_enrolment(world)


def test_after_the_last_second_it_is_said_that_it_was_not_sent(world: World, inside: Visitor, clef: Clef) -> None:
    correct(inside)
    world.wait(LAST_SECOND + timedelta(seconds=1) - world.now)
    inside.log_in()

    for path in ("/extranet/compte", PAGE, STEP, SUMMARY):
        page = words_of_page(page_html(inside, path))
        assert re.search("Mon foyer ?:? modifié, pas renvoyé à temps", page), path
        assert "Tout est envoyé" not in page
        assert ">Envoyer</button>" not in page
    assert "les réponses de ce reçu tiennent" in words_of_page(page_html(inside, f"{PAGE}/recus/{NUMBER}"))
    assert "Vos réponses ont été envoyées à temps" not in page_html(inside, "/extranet/compte")
    assert "foyer modifié, pas renvoyé" in clef("enrolments report --site evry-xenakis").out


def test_where_all_leave_no_household_is_named(world: World, visitor: Visitor, clef: Clef, tmp_path: Path) -> None:
    open_season(world, display_identifier="XEN 1")
    enrolment = before = send_enrolment(world)
    for file in before.pupils:
        enrolment = enrolment.with_pupil(file.with_draft(PupilAnswers(stays=False), SAVED), world.now)
    world.services.enrolments.change(before, enrolment)
    visitor.log_in()
    send(visitor, **{f"envoyer-{key}": "oui" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)})
    correct(visitor)

    for path in ("/extranet/compte", PAGE, STEP, SUMMARY):
        assert CHANGED not in page_html(visitor, path), path
    assert ">Envoyer</button>" not in page_html(visitor, SUMMARY)
    assert export_choices(clef, tmp_path / "a.csv") == [("", "")] * 2
    assert "foyer modifié" not in clef("enrolments list").out
    assert "Pas renvoyé" not in show_enrolment(world)


def test_who_leaves_takes_along_the_household(world: World, visitor: Visitor, clef: Clef, tmp_path: Path) -> None:
    open_season(world, display_identifier="XEN 1")
    answer_all(world)
    visitor.log_in()
    send(visitor, **{f"envoyer-{ZELIE_KEY}": "oui"})
    correct(visitor)

    send(visitor, **{f"envoyer-{EVE_KEY}": "oui"})

    assert [key for key, _, _ in enrolment(world).receipts[-1].pupils] == [EVE_KEY]
    assert CHANGED not in page_html(visitor, SUMMARY)
    assert export_choices(clef, tmp_path / "a.csv") == [("M. Houx", "06 99 00 00 09")] * 2
    world.deliver()
    assert "Payeur : M. Houx" in world.mails()[-1].text


@pytest.mark.usefixtures("inside")
def test_a_pupil_that_was_changed_and_not_sent_anew_is_among_those_to_call(world: World, clef: Clef) -> None:
    keep(world, draft_again(enrolment(world), LEO_KEY, PupilAnswers(stays=False)))

    text = clef("enrolments report --site evry-xenakis").out.partition("À appeler")[2]

    assert "Léo Rossignol (réponses modifiées, pas renvoyées)" in text
