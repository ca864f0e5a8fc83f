"""More time for one family, from its file: all its pages and the counter's honour it, and the list finds it."""

from datetime import timedelta
from html import unescape

import pytest

from tests.support.browser_upload import signed_forms
from tests.support.desk_family import FILE, said, send
from tests.support.desk_list import LIST, form_to
from tests.support.enrolled_families import key_of, open_for_rossignol
from tests.support.enrolment import CHANGES, FOYER, HOUSEHOLD, LAST_SECOND, LEO, REF
from tests.support.enrolment_pages import PAGE, page_html, words_of_page, words_of_pdf
from tests.support.forms import form_of
from tests.support.staff import PASSWORD, READER, enter
from tests.support.world import Visitor, World

COUNTER = f"{LIST}/evry-xenakis/xen1/saisie"
LEOS = f"/eleves/{key_of(LEO)}"


@pytest.fixture(autouse=True)
def _season(world: World) -> None:
    """Store the family, the day after its period, with a pupil whose answers are not sent."""
    open_for_rossignol(world)
    world.now = LAST_SECOND + timedelta(days=1)


def allow(world: World, visitor: Visitor, day: str = "18/06/2027") -> None:
    enter(world, visitor)
    assert said(visitor, send(visitor, "delai", echeance=day, raison="hospitalisation")).startswith("Le délai")


def words(visitor: Visitor, path: str) -> str:
    return words_of_page(unescape(visitor.get(path).text))


def test_every_page_of_the_family_honours_it_until_its_last_second(world: World, visitor: Visitor) -> None:
    allow(world, visitor)
    visitor.log_in()
    failures = []

    for path in (PAGE, "/extranet/compte"):
        page = words_of_page(page_html(visitor, path))
        if "jusqu'au 18 juin 2027 inclus" not in page or "vous a accordé un délai, pour votre famille" not in page:
            failures.append(path)
    for step, answers in (("/foyer", FOYER | {"payeur": "M. Côme Rossignol"}), (LEOS, CHANGES)):
        answer = visitor.post(PAGE + step, form_of(visitor, PAGE + step).fields | answers)
        if answer.status_code != 303:
            failures.append(step)
    slots = [form.slot for form in signed_forms(visitor.get(f"{PAGE}/pieces").text)]
    papers = {f"papier-{code}-{owner}": "oui" for code, owner in slots}
    form = form_of(visitor, f"{PAGE}/pieces").fields | {"par": "1"} | papers
    if not slots or visitor.post(f"{PAGE}/pieces", form).status_code != 303:
        failures.append("documents")
    answer = visitor.post(f"{PAGE}/recapitulatif", form_of(visitor, f"{PAGE}/recapitulatif").fields | {"par": "1"})
    receipt = answer.headers["Location"]
    if "jusqu'au 18 juin 2027" not in words(visitor, receipt):
        failures.append("receipt")
    if "18 juin 2027" not in words_of_pdf(visitor.get(f"{receipt}/pdf").get_data()):
        failures.append("PDF")
    if "20270618" not in visitor.get(f"{receipt}/agenda").text:
        failures.append("calendar")
    assert failures == []
    assert len(world.services.enrolments.find(REF).receipts) == 2

    world.now = LAST_SECOND + timedelta(days=3, seconds=1)
    visitor.log_in()
    answer = visitor.post(f"{PAGE}/foyer", {"vu": "", **FOYER})
    assert (answer.status_code, "est terminée depuis le 18 juin 2027" in words(visitor, PAGE)) == (422, True)


def test_the_counter_s_entry_works_too(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert f'href="{COUNTER}"' not in visitor.get(FILE).text
    allow(world, visitor)
    assert f'href="{COUNTER}"' in visitor.get(FILE).text

    path = f"{COUNTER}{LEOS}"
    form = form_of(visitor, path).fields | {name: value for name, value in CHANGES.items() if name != "par"}

    assert visitor.post(path, form).status_code == 303
    assert "Délai accordé jusqu'au 18 juin 2027 : hospitalisation" in words(visitor, FILE)
    world.now = LAST_SECOND + timedelta(days=4)
    enter(world, visitor)
    assert "Délai accordé jusqu'au 18 juin 2027, terminé : hospitalisation" in words(visitor, FILE)
    assert f'href="{COUNTER}"' not in visitor.get(FILE).text


def test_the_list_finds_counts_and_exports_the_families_with_more_time(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert "Aucun élève ne correspond" in words(visitor, f"{LIST}?delai=oui")
    allow(world, visitor)

    page = words(visitor, f"{LIST}?delai=oui")

    assert page.count("jusqu'au 18 juin 2027 : hospitalisation") == len(HOUSEHOLD.pupils)
    form = form_to(visitor.get(f"{LIST}?delai=oui").text, "export")
    answer = visitor.post(f"{LIST}/export", form | {"mot_de_passe": PASSWORD})
    assert "Zélie Rossignol" in answer.get_data(as_text=True)
    world.now = LAST_SECOND + timedelta(days=4)
    enter(world, visitor)
    assert "Aucun élève ne correspond" in words(visitor, f"{LIST}?delai=oui")


def test_refused_days_stand_beside_their_field(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    for day in ("15/06/2027", "31/06/2027", "", "14/06/2027", "01/01/2028"):
        answer = send(visitor, "delai", echeance=day)
        assert (answer.status_code, 'id="echeance-erreur"' in answer.text) == (422, True), day
    assert world.account().extension is None
    enter(world, visitor, READER)
    assert 'id="delai"' not in visitor.get(FILE).text
