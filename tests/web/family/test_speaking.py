"""« Vous êtes »: asked where several people may be at the keyboard, never guessed, remembered for the session."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.domain.family.households import Guardian
from tests.support.enrolment import CONTINUES, FOYER, HOUSEHOLD, ZELIE_KEY, answer_all, enrolment
from tests.support.enrolment_pages import error_beside, page_html, version_in, version_of_page
from tests.support.family_pages import form as address_form
from tests.support.households import change_household
from tests.support.world import PASSWORD, Visitor, World

AREA = "/extranet/compte"
STEPS = f"{AREA}/reinscription"
FAMILY = f"{AREA}/famille"
AIMEE, COME = "Mme Aimée Rossignol", "M. Côme Rossignol"


@dataclass(frozen=True)
class Asking:
    """A form with « Vous êtes »: its page, its other fields, and the anchor of the question."""

    path: str
    fields: dict[str, str]
    at: str = "par"


def part(name: str, **fields: str) -> Asking:
    return Asking(FAMILY, {"quoi": name} | fields, f"par-{name}")


FORMS = (
    Asking(f"{STEPS}/foyer", FOYER | {"payeur": "Mme Houx"}),
    Asking(f"{STEPS}/eleves/{ZELIE_KEY}", CONTINUES),
    Asking(f"{STEPS}/pieces", {"papier-quotient-familial-foyer": "oui", "plus_tard": "oui"}),
    Asking(f"{STEPS}/recapitulatif", {f"envoyer-{ZELIE_KEY}": "oui"}),
    part("telephones", **{"telephone-1": "0699001009"}),
    part("adresse", voie="5 rue du Blé", code_postal="91000", ville="Evry", pays=""),
    part("payeur", payeur="Mme Houx"),
    part("confirmation"),
    Asking(f"{FAMILY}/e-mail", {"action": "remplacer-1", "email": "neuve@example.org", "actuel": PASSWORD}),
)


@pytest.fixture
def ready(world: World, inside: Visitor) -> Visitor:
    """Answer everything."""
    answer_all(world)
    return inside


def vu(page: str, asking: Asking) -> str:
    if asking.path != FAMILY:
        return version_in(page)
    name = asking.fields["quoi"]
    match = re.search(rf'name="vu" value="([^"]*)">\s*<input type="hidden" name="quoi" value="{name}"', page)
    assert match
    return match.group(1)


def choices(page: str) -> list[str]:
    return re.findall(r'(?s)<select [^>]*name="par".*?</select>', page)


def chosen(page: str) -> set[str]:
    """Read the choice of each « Vous êtes » of a page, as a browser would send it."""
    values = set()
    for select in choices(page):
        option = re.search(r'value="([^"]*)" selected', select) or re.search(r'value="([^"]*)"', select)
        assert option
        values.add(option.group(1))
    return values


@pytest.mark.parametrize("asking", FORMS, ids=[each.at if each.path == FAMILY else each.path for each in FORMS])
def test_who_does_not_say_is_asked_and_nothing_is_saved(world: World, ready: Visitor, asking: Asking) -> None:
    page = page_html(ready, asking.path)
    before = world.account(), enrolment(world)
    assert chosen(page) == {""}

    for fields in ({"par": ""}, {"par": "3"}, {"par": "0"}, {"par": "Côme"}, {}):
        form = {name: value for name, value in asking.fields.items() if name != "par"}
        answer = ready.post(asking.path, form | fields | {"vu": vu(page, asking)})

        again = html.unescape(answer.text)
        assert answer.status_code == 422, fields
        assert "Dites qui vous êtes" in error_beside(again, asking.at)
        assert f'href="#{asking.at}"' in again
        assert f'<select id="{asking.at}" name="par" required aria-describedby="{asking.at}-erreur"' in again
        assert (world.account(), enrolment(world)) == before
    for value in ("Mme Houx", "5 rue du Blé", "neuve@example.org"):
        if value in asking.fields.values():
            assert value in again


def test_who_says_is_remembered_for_the_session_on_every_form(world: World, ready: Visitor) -> None:
    path = f"{STEPS}/eleves/{ZELIE_KEY}"
    ready.post(path, CONTINUES | {"vu": version_of_page(ready, path), "par": "2"})
    file = enrolment(world).pupil(ZELIE_KEY)
    assert file
    assert file.saved
    assert file.saved.by == COME

    for form in FORMS:
        assert chosen(page_html(ready, form.path)) == {"2"}, form.path
        assert "Choisissez votre nom" not in page_html(ready, form.path)

    world.wait(timedelta(minutes=6))  # the session is written to note its use: the guardian is kept
    page_html(ready, FAMILY)
    assert chosen(page_html(ready, FAMILY)) == {"2"}
    ready.post(f"{AREA}/deconnexion")
    ready.log_in()
    assert chosen(page_html(ready, FAMILY)) == {""}


def test_who_changes_the_password_stays_who_it_is(ready: Visitor) -> None:
    path = f"{STEPS}/foyer"
    ready.post(path, FOYER | {"vu": version_of_page(ready, path), "par": "2"})

    fields = {"actuel": PASSWORD, "nouveau": "Mesange7Bleue", "confirmation": "Mesange7Bleue"}
    assert ready.post(f"{AREA}/mot-de-passe", fields).status_code == 303

    assert chosen(page_html(ready, path)) == {"2"}


def test_a_name_that_is_on_file_no_more_is_nobody(world: World, ready: Visitor) -> None:
    path = f"{STEPS}/foyer"
    ready.post(path, FOYER | {"vu": version_of_page(ready, path), "par": "2"})
    change_household(world, guardians=(Guardian("M. Autre Sorbier"), *HOUSEHOLD.guardians[:1]))

    assert chosen(page_html(ready, path)) == {""}


@pytest.mark.parametrize("par", [None, "", "1", "9"])
def test_who_is_alone_is_not_asked(world: World, ready: Visitor, par: str | None) -> None:
    change_household(world, guardians=HOUSEHOLD.guardians[:1])
    path = f"{STEPS}/foyer"
    assert choices(page_html(ready, path)) == []
    form = {name: value for name, value in FOYER.items() if name != "par"} | ({} if par is None else {"par": par})

    assert ready.post(path, form | {"vu": version_of_page(ready, path)}).status_code == 303

    author = enrolment(world).household_saved
    assert author
    assert author.by == AIMEE


def test_saying_it_costs_one_write_once(world: World, ready: Visitor) -> None:
    path = f"{STEPS}/foyer"

    def calls(**fields: str) -> list[str]:
        form = FOYER | {"vu": version_of_page(ready, path)} | fields
        world.aws.calls.clear()
        assert ready.post(path, form).status_code == 303
        return list(world.aws.calls)

    assert calls(payeur="Mme Houx") == ["GetItem", "BatchGetItem", "UpdateItem", "UpdateItem"]
    assert calls(payeur="Mme Lyre") == ["GetItem", "BatchGetItem", "UpdateItem"]
    world.wait(timedelta(minutes=6))
    page = version_of_page(ready, path)
    world.wait(timedelta(minutes=6))
    world.aws.calls.clear()
    ready.post(path, FOYER | {"vu": page, "payeur": "M. Orme", "par": "2"})
    assert world.aws.calls == ["GetItem", "BatchGetItem", "UpdateItem", "UpdateItem"]


def test_a_form_of_another_account_s_page_says_nothing_of_this_one(ready: Visitor) -> None:
    ready.post(f"{STEPS}/foyer", FOYER | {"jeton": "somebody else.proof", "par": "2"})

    assert chosen(page_html(ready, f"{STEPS}/foyer")) == {""}


def test_the_password_is_not_tried_before_it_is_said(world: World, ready: Visitor) -> None:
    form = address_form(ready, par="", actuel="Faux9Mot")
    world.aws.calls.clear()

    assert ready.post(f"{FAMILY}/e-mail", form).status_code == 422

    assert "UpdateItem" not in world.aws.calls
