"""A teacher's week and a family's side of it, in Chromium without JavaScript on a telephone, on any day of the year."""

import html
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect

from chalicelib.domain.family.households import pupil_key
from chalicelib.presentation.texts import day as in_french
from tests.support.accessibility import offences, width
from tests.support.browser import log_in, press
from tests.support.desk_walk import fresh_code
from tests.support.french import plain, typographic
from tests.support.service import Running
from tests.support.teaching_walk import (
    FAMILY,
    GROUP,
    PUPIL,
    TEACHER,
    are_opinions_open,
    is_first_period_published,
    lessons_ahead,
    this_day,
)

pytestmark = pytest.mark.browser

DOOR = "/extranet/enseignant"
PUPILS = "/extranet/compte/eleves"
TELEPHONE = ViewportSize(width=360, height=740)
NARROW = ViewportSize(width=320, height=568)  # 1,280 pixels at 400 %
OPINION = "Travaille trop peu, à mon avis."
ASSESSMENT = "Un bel archet, un son qui porte."
WHY = "Concert au théâtre ce soir-là."
WORDS = "Apportez vos partitions et un crayon."


@dataclass
class Walk:
    """A telephone's walk: each page fits its width, and its address is kept."""

    page: Page
    addresses: dict[str, str] = field(default_factory=dict)  # by path, the address seen last

    def see(self, title: str) -> None:
        """Check that the page has this title."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(typographic(title))
        assert width(self.page) <= TELEPHONE["width"]
        self.addresses[self.page.url.partition("?")[0]] = self.page.url

    def follow(self, link: str, title: str) -> None:
        """Follow the last link of that name, to a page with this title."""
        self.page.get_by_role("link", name=typographic(link)).last.click()
        self.see(title)

    def say(self, button: str, words: str) -> None:
        """Send a form, and read the confirmation."""
        press(self.page, typographic(button))
        expect(self.page.get_by_role("status")).to_contain_text(typographic(words))
        self.see(self.page.get_by_role("heading", level=1).inner_text())

    def offences(self, chromium: Browser, school: Running) -> list[str]:
        """Check every page again with axe-core, which needs JavaScript, at 320 pixels."""
        context = chromium.new_context(base_url=school.url, viewport=NARROW)
        context.add_cookies(self.page.context.cookies())  # type: ignore[arg-type]  # compatible types
        page, faults = context.new_page(), []
        for address in self.addresses.values():
            page.goto(address)
            faults += offences(page)
        context.close()
        return faults


def telephone(chromium: Browser, school: Running) -> BrowserContext:
    context = chromium.new_context(
        base_url=school.url, locale="fr-FR", viewport=TELEPHONE, java_script_enabled=False, accept_downloads=True
    )
    context.set_default_timeout(10_000)
    return context


@pytest.fixture(scope="module")
def teacher(chromium: Browser, school: Running) -> Iterator[Walk]:
    """Log in at the teachers' door."""
    (member,) = (staff for staff in school.json("bureau") if staff["courriel"] == TEACHER.email)
    context = telephone(chromium, school)
    walk = Walk(context.new_page())
    walk.page.goto(DOOR)
    walk.see("Accès enseignant")
    walk.page.get_by_label("Adresse e-mail professionnelle").fill(member["courriel"])
    walk.page.get_by_label("Mot de passe", exact=True).fill(member["mot_de_passe"])
    press(walk.page, "Continuer")
    walk.page.get_by_label("Code à six chiffres").fill(fresh_code(member["totp"]))
    press(walk.page, "Entrer")
    walk.see("Ma semaine")
    yield walk
    context.close()


@pytest.fixture(scope="module")
def family(chromium: Browser, school: Running) -> Iterator[Walk]:
    """Log in as a family of the teacher's group."""
    context = telephone(chromium, school)
    walk = Walk(context.new_page())
    stand = school.family(FAMILY.identifier)
    log_in(walk.page, stand, stand["mot_de_passe"])
    yield walk
    context.close()


def opened(walk: Walk, chromium: Browser, school: Running) -> Calendar:
    """Make the address of a calendar, and open it as a program does, without a session."""
    press(walk.page, typographic("Créer l'adresse"))
    address = walk.page.get_by_role("textbox").input_value()
    stranger = telephone(chromium, school)
    page = stranger.new_page()
    with page.expect_download() as download, suppress(Error):  # a download is no navigation
        page.goto(address)
    calendar = Calendar.from_ical(download.value.path().read_text("utf-8"))
    stranger.close()
    assert isinstance(calendar, Calendar)
    assert [event.errors for event in calendar.events if event.errors] == []
    return calendar


def test_a_teacher_s_week_and_a_family_s_side(chromium: Browser, school: Running, teacher: Walk, family: Walk) -> None:
    call_roll(teacher)
    write_of_a_pupil(teacher)
    teacher.page.get_by_role("link", name="Mon agenda").click()
    teacher.see("Mon agenda")
    lessons = opened(teacher, chromium, school).events
    teacher.see("Mon agenda")
    assert PUPIL.name.split()[0] not in str([event.to_ical() for event in lessons])
    assert len(lessons) >= len(list(lessons_ahead(school, [GROUP], 52)))
    text = cancel_a_lesson(teacher, school)
    write_to_families(teacher)

    read_lessons(family, text, school)
    family.page.goto(PUPILS)
    family.page.get_by_role("link", name=f"Agenda d’{PUPIL.name}").click()
    family.see(f"Agenda d'{PUPIL.name.split()[0]}")
    events = opened(family, chromium, school).events
    family.see(f"Agenda d'{PUPIL.name.split()[0]}")
    titles = [plain(str(event["SUMMARY"])) for event in events]
    assert titles.count(f"Annulé : {GROUP.discipline}") == bool(text), titles
    read_mails(school, text)
    assert teacher.offences(chromium, school) + family.offences(chromium, school) == []


def call_roll(walk: Walk) -> None:
    """Call the last due roll: this week's, the last week's, or of a lesson made up today."""
    page, calls = walk.page, walk.page.get_by_role("link", name=typographic("Faire l'appel"))
    if not calls.count():
        walk.follow("Semaine précédente", "Ma semaine")
    if calls.count():
        calls.last.click()
    else:
        page.goto(f"{DOOR}/eleves")
        page.get_by_role("link", name=GROUP.discipline, exact=True).click()
        page.goto(f"{page.url}/appel/{this_day()}")
    pupil = page.get_by_role("group").first
    expect(pupil.get_by_label("Présent")).to_be_checked()
    pupil.get_by_text("Absent", exact=True).click()
    walk.say("Enregistrer l'appel", "Appel enregistré à")
    expect(pupil.get_by_label("Absent")).to_be_checked()
    expect(page.get_by_text("Un mail part vers")).to_be_visible()
    pupil.get_by_text("En retard", exact=True).click()
    walk.say("Corriger l'appel", "Appel enregistré à")
    expect(page.get_by_text("Un mail part vers")).to_have_count(0)


def write_of_a_pupil(walk: Walk) -> None:
    """Give an opinion if the period is open, and write the assessment that the family will read."""
    page = walk.page
    page.get_by_role("link", name="Mes élèves").click()
    walk.see("Mes élèves")
    page.get_by_role("link", name=GROUP.discipline, exact=True).click()
    walk.see(GROUP.discipline)
    walk.follow(PUPIL.name, PUPIL.name)
    walk.follow("Téléphones des responsables", "Téléphones des responsables")
    text = plain(page.get_by_role("main").inner_text())
    assert [one.name for one in FAMILY.household.guardians if one.telephone not in text] == []
    walk.follow(PUPIL.name, PUPIL.name)
    if are_opinions_open():
        page.get_by_label("Réservé").check()
        page.get_by_label("Pour l’administration").fill(OPINION)
        walk.say("Enregistrer l'avis", PUPIL.name)
    else:
        expect(page.get_by_text("se donnent")).to_be_visible()
    page.get_by_role("link", name=typographic("L'écrire")).first.click()
    walk.see(f"Appréciation d'{PUPIL.name}")
    page.get_by_label("Appréciation", exact=True).fill(ASSESSMENT)
    press_exactly(page, "Enregistrer")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_label("Appréciation", exact=True)).to_have_value(ASSESSMENT)


def press_exactly(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def open_group(walk: Walk) -> None:
    walk.page.goto(f"{DOOR}/eleves")
    walk.page.get_by_role("link", name=GROUP.discipline, exact=True).click()


def cancel_a_lesson(walk: Walk, school: Running) -> str:
    """Cancel the group's next lesson from tomorrow on. Returns its displayed day, empty in the holidays."""
    page, ahead = walk.page, list(lessons_ahead(school, [GROUP], 8))
    open_group(walk)
    walk.follow("Annuler, déplacer ou faire remplacer", "Annuler, déplacer ou faire remplacer un cours")
    if not ahead:
        expect(page.get_by_text("Aucune séance à annuler").or_(page.get_by_label("Quelle séance"))).to_be_visible()
        return ""
    page.get_by_label("Quelle séance n’a pas lieu").select_option(ahead[0].isoformat())
    page.get_by_label("Pour les familles").first.fill(WHY)
    walk.say("Annuler cette séance", "C'est annulé")
    return in_french(ahead[0])


def write_to_families(walk: Walk) -> None:
    open_group(walk)
    walk.follow("Écrire aux familles", "Un mot aux familles")
    walk.page.get_by_label("Votre mot").fill(WORDS)
    walk.page.get_by_role("checkbox").check()
    walk.say("Envoyer à", "")
    expect(walk.page.get_by_text(WORDS)).to_be_visible()


def read_lessons(walk: Walk, reason: str, school: Running) -> None:
    """Read the cancellation, and announce an absence if there is a lesson. No page shows an opinion."""
    page = walk.page
    page.get_by_role("link", name="Elèves").first.click()
    walk.see("Elèves")
    texts = [page.content()]
    page.get_by_role("link", name=typographic(f"Cours et absences d'{PUPIL.name}")).click()
    walk.see(f"Cours et absences : {PUPIL.name}")
    near, far = (set(lessons_ahead(school, [GROUP], weeks)) for weeks in (4, 8))
    if near:
        row = page.locator(".course", has_text=reason).filter(has_text=GROUP.discipline)
        expect(row.get_by_text("Cours annulé")).to_be_visible()
        expect(row).to_contain_text(typographic(WHY))
    assert bool(reason) == bool(far)
    if len(list(lessons_ahead(school, PUPIL.courses, 4))) > bool(near):
        page.get_by_label("Quel cours").select_option(index=page.locator("#seance option").count() - 1)
        page.get_by_label("Un mot pour le professeur").fill("Classe de neige.")
        walk.say("Annoncer l'absence", "L'absence est annoncée")
        expect(page.get_by_text("Absence annoncée")).to_have_count(1)
    else:
        expect(page.get_by_text("Aucun cours n’est prévu").or_(page.get_by_text("Cours annulé")).first).to_be_visible()
    texts.append(page.content())
    page.goto(f"{PUPILS}/{pupil_key(PUPIL)}/appreciations")
    walk.see(f"Appréciations d'{PUPIL.name}")
    expect(page.get_by_text(ASSESSMENT)).to_have_count(int(is_first_period_published()))
    texts.append(page.content())
    assert [text for text in texts if OPINION in plain(html.unescape(text)) or "éservé" in text] == []


def read_mails(school: Running, reason: str) -> None:
    """Check the mails: one of each kind to each guardian, and none of an absence corrected at once."""
    disciplines = {course.discipline for pupil in FAMILY.household.pupils for course in pupil.courses
              if course.teacher in TEACHER.names}  # fmt: skip
    school.hasten()
    for address in FAMILY.emails:
        assert WORDS in school.mail_to(address, "un mot de")["text"]
        if reason:
            assert WHY in school.mail_to(address, "ours annulé")["text"]
        mails = [mail for mail in school.json("courrier") if mail["to"] == address]
        subjects = [plain(mail["subject"]) for mail in mails]
        assert len([subject for subject in subjects if GROUP.discipline in subject]) == 1 + bool(reason)
        absences = [mail["text"] for mail in mails if "Absence au cours" in plain(mail["subject"])]
        assert [text for text in absences for discipline in disciplines if f"Cours : {discipline}" in plain(text)] == []
