"""The office lists frequent absences, excuses one from a family's file, and lists the rolls not called."""

import html
import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.teacher_keys import teacher_key
from tests.support.french import plain
from tests.support.missed_lessons import ZELIES, roll_of, settle_absent
from tests.support.staff import DESK, TEACHER, enter
from tests.support.teaching import PINSON, SITE, ZELIE, settle_pupil
from tests.support.world import Visitor, World

PAGE = f"{DESK}/absences"
FOREIGN = "ris-orangis-messiaen"
FORM = {
    "site": SITE,
    "eleve": f"xen1.{ZELIES.key}",
    "jour": f"{roll_of().course}.2026-11-04",
    "raison": "certificat médical",
}


@pytest.fixture(autouse=True)
def absent(world: World, visitor: Visitor) -> None:
    """Store three absences of a pupil, and enter the desk as a secretary."""
    settle_absent(world)
    enter(world, visitor)


def excuse(visitor: Visitor, **fields: str) -> TestResponse:
    return visitor.post(f"{PAGE}/excuser", FORM | fields)


def test_who_is_absent_often_is_named_with_the_days_and_the_family(visitor: Visitor) -> None:
    line = plain(visitor.get(f"{PAGE}?site={SITE}").text)
    page = visitor.get(f"{PAGE}?site={SITE}&famille=xen1").text

    assert "Zélie Rossignol" in line
    assert all(day in line for day in ("4 novembre 2026", "18 novembre 2026"))
    assert f'<a href="{DESK}/familles/evry-xenakis/xen1">Famille Rossignol</a>' in line
    assert "Zélie Rossignol : 3 absences" in page
    assert page.index("mercredi 18 novembre 2026, Violon") < page.index("mercredi 4 novembre 2026, Violon")


@pytest.mark.parametrize(
    "fields", [{"jour": "hier"}, {"jour": f"{'0' * 16}.2026-13-40"}, {"eleve": "x"}, {"eleve": "_.x"}, {"eleve": ".x"}]
)
def test_what_is_not_there_is_not_excused(visitor: Visitor, fields: dict[str, str]) -> None:
    assert excuse(visitor, **fields).status_code == 404


def test_another_site_s_absence_is_not_there(world: World, visitor: Visitor) -> None:
    """The family and its pupil exist at that site too."""
    settle_pupil(world, AccountRef(FOREIGN, "xen1"), ZELIE)

    assert excuse(visitor, site=FOREIGN).status_code == 404
    assert visitor.get(f"{PAGE}?site={FOREIGN}").status_code == 404


def test_rolls_of_the_last_week_that_nobody_called_are_listed_by_teacher(world: World, visitor: Visitor) -> None:
    page = visitor.get(PAGE).text
    rolls = plain(visitor.get(f"{PAGE}/appels?enseignant={teacher_key(PINSON)}").text)

    assert "Appels non faits ces sept derniers jours : 2" in page
    assert page.count('data-label="Appels" class="num">1<') == 2  # Friday's ensemble: the violin's roll was called
    assert "Appels 1 à 1 sur 1" in rolls
    assert all(words in rolls for words in ("13 novembre 2026", "Ensemble à cordes", "vendredi 18 h - 19 h"))
    assert page.count("aucun : personne n'est prévenu") == 1  # M. Choucas
    world.wait(timedelta(days=250))
    enter(world, visitor)
    assert "Appels non faits ces sept derniers jours : 0" in visitor.get(PAGE).text


def test_a_teacher_is_reminded_in_one_click_once_a_day(world: World, visitor: Visitor) -> None:
    form = {"site": SITE, "enseignant": teacher_key(PINSON)}

    page = visitor.get(PAGE).text
    answers = [visitor.get(visitor.post(f"{PAGE}/rappeler", form).headers["Location"]).text]
    world.deliver()
    answers += [visitor.get(visitor.post(f"{PAGE}/rappeler", form).headers["Location"]).text]

    assert page.count('<button class="second" type="submit">Rappeler<') == 1  # M. Choucas has no access
    assert [mail.to for mail in world.mails()] == [TEACHER]
    assert "Le rappel part par mail" in answers[0]
    assert "déjà parti aujourd'hui" in html.unescape(answers[1])
    assert visitor.post(f"{PAGE}/rappeler", form | {"site": FOREIGN}).status_code == 404


def test_the_first_page_counts_them_and_leads_here(visitor: Visitor) -> None:
    page = visitor.get(DESK).text

    link = f'<a href="{PAGE}?site={SITE}"><strong>1</strong> élève avec trois absences non excusées</a>'
    assert link in page
    assert "Rien n'attend" not in page


def test_one_absence_is_found_from_the_family_s_file_and_excused(visitor: Visitor) -> None:
    """A family telephones about the mail of one absence: its pupil is not in the list of frequent absences."""
    excuse(visitor)
    excuse(visitor, jour=f"{roll_of().course}.2026-11-11")
    assert "Personne : un élève paraît ici" in visitor.get(PAGE).text
    file = visitor.get(f"{DESK}/familles/{SITE}/xen1").text
    link = html.unescape(re.findall(rf'href="({PAGE}[^"]*)"', file)[0])

    page = visitor.get(link).text
    assert "Zélie Rossignol : 1 absence</h3>" in page
    assert "Appels non faits" not in page
    assert "Zélie Rossignol" in excuse(visitor, jour=f"{roll_of().course}.2026-11-18", raison=" ").text
    excuse(visitor, jour=f"{roll_of().course}.2026-11-18")

    assert "Aucune absence non excusée" in visitor.get(link).text
    assert visitor.get(link.replace(SITE, FOREIGN)).status_code == 404
    assert visitor.get(f"{PAGE}?famille=xen1").status_code == 404
