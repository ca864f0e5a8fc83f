"""A session that ends while a form is filled in: after a new login no typed value is lost, nor given to others."""

import html
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from werkzeug.test import TestResponse

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from tests.support.enrolment import (
    CONTINUES,
    EVE_KEY,
    FOYER,
    HOUSEHOLD,
    LEO_KEY,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_pages import page_html, words_of_page
from tests.support.french import slips
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World

HOME = "/extranet/compte"
LOGIN = f"{HOME}/connexion"
STEPS = f"{HOME}/reinscription"
PUPIL = f"{STEPS}/eleves/{ZELIE_KEY}"
SUMMARY = f"{STEPS}/recapitulatif"
UNCHANGED = f"{STEPS}/rien-ne-change"
REMARK = 'Plutôt "après" 17 h <b>&amp; l\'été</b>\r\nou le samedi'
TYPED = {
    f"{STEPS}/foyer": FOYER | {"payeur": 'M. Côme "Rossignol" <b>'},
    PUPIL: CONTINUES | {"remarque": REMARK},
    SUMMARY: {f"envoyer-{key}": "oui" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)} | {"par": "2"},
    UNCHANGED: {f"image-{key}": "non" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)}
    | {"payeur": 'M. Côme "Rossignol" <b>', "urgence_nom": "M. Merle", "urgence_telephone": "0699001002"}
    | {"accord": "oui", "par": "2"},
}
HAS_SAVED: dict[str, Callable[[Enrolment], bool]] = {
    f"{STEPS}/foyer": lambda found: found.household.payer == 'M. Côme "Rossignol" <b>',
    PUPIL: lambda found: [each.draft and "l'été" in each.draft.remark for each in found.pupils] == [True],
    SUMMARY: lambda found: [each.by for each in found.receipts] == ["M. Côme Rossignol"],
    UNCHANGED: lambda found: [each.household.payer for each in found.receipts] == ['M. Côme "Rossignol" <b>'],
}
MERLE = AccountRef("evry-xenakis", "xen2")


class Hidden(HTMLParser):
    """Reads the action and the hidden fields of a page's last form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.fields = values["action"], {}
        elif tag == "input" and values["type"] == "hidden":
            self.fields[values["name"]] = values["value"]


def fill(visitor: Visitor, path: str) -> dict[str, str]:
    """Open a page, and fill in its form."""
    return Hidden(page_html(visitor, path).rpartition("</form>")[0]).fields | TYPED[path]


def hour(world: World, _visitor: Visitor) -> None:
    world.wait(timedelta(minutes=61))


def forgotten(_world: World, visitor: Visitor) -> None:
    visitor.show(None)


def closed(_world: World, visitor: Visitor) -> None:
    visitor.post(f"{HOME}/deconnexion")


def back(visitor: Visitor, page: str, ref: AccountRef = ROSSIGNOL, password: str = PASSWORD) -> TestResponse:
    """Fill in the login form of a page."""
    form = Hidden(page)
    assert form.action == LOGIN
    fields = {"site": ref.site, "identifiant": ref.identifier, "mot_de_passe": password}
    return visitor.post(LOGIN, form.fields | fields)


@pytest.mark.parametrize("path", TYPED)
@pytest.mark.parametrize("ends", [hour, forgotten, closed])
def test_what_was_typed_is_saved_after_logging_in_again(
    world: World, inside: Visitor, path: str, ends: Callable[[World, Visitor], None]
) -> None:
    if path == SUMMARY:
        answer_all(world)
    fields = fill(inside, path)
    ends(world, inside)

    page = inside.post(path, fields)
    again = back(inside, page.text)
    form = Hidden(again.text)
    answer = inside.post(form.action, form.fields)

    assert (page.status_code, again.status_code, answer.status_code) == (401, 200, 303)
    assert form.action == path
    assert {name: form.fields[name] for name in TYPED[path]} == TYPED[path]
    assert HAS_SAVED[path](enrolment(world))


def test_the_pages_say_what_happened_in_good_french(world: World, inside: Visitor) -> None:
    fields = fill(inside, PUPIL) | {"remarque": ""}
    hour(world, inside)

    page = inside.post(PUPIL, fields)
    again = back(inside, page.text)

    assert "Reconnectez-vous : vos réponses sont gardées" in words_of_page(page.text)
    assert f'<option value="{ROSSIGNOL.site}" selected>' in page.text
    assert "Vous êtes reconnecté" in words_of_page(again.text)
    assert "Reprendre" in words_of_page(again.text)
    assert slips(words_of_page(page.text)) == slips(words_of_page(again.text)) == []
    assert again.headers["Set-Cookie"].startswith("clef=")
    assert again.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("wrong", [{"mot_de_passe": "Faux1234"}, {"mot_de_passe": ""}, {"site": ""}])
def test_a_slip_at_the_login_keeps_all_but_the_password(world: World, inside: Visitor, wrong: dict[str, str]) -> None:
    typed = fill(inside, PUPIL)
    hour(world, inside)
    lost = inside.post(PUPIL, typed)
    right = {"site": ROSSIGNOL.site, "identifiant": ROSSIGNOL.identifier, "mot_de_passe": PASSWORD}

    slip = inside.post(LOGIN, Hidden(lost.text).fields | right | wrong)

    assert slip.status_code == (401 if wrong.get("mot_de_passe") else 422)
    assert Hidden(slip.text).fields == Hidden(lost.text).fields
    assert "Faux1234" not in slip.text
    assert Hidden(back(inside, slip.text).text).fields["remarque"] == REMARK


def test_another_family_that_logs_in_there_gets_none_of_it(world: World, inside: Visitor) -> None:
    world.settle(MERLE, name="Famille Merle", household=HOUSEHOLD)
    fields = fill(inside, PUPIL)
    hour(world, inside)
    page = inside.post(PUPIL, fields)

    page_after = back(inside, page.text, MERLE)

    assert (page_after.status_code, page_after.location) == (303, HOME)
    assert "Famille Merle" in inside.get(HOME).text


@pytest.mark.parametrize("path", TYPED)
def test_a_form_left_open_by_another_family_is_not_taken(world: World, inside: Visitor, path: str) -> None:
    """Two tabs of one browser: the cookie is the second family's, the form is the first one's."""
    if path == SUMMARY:
        answer_all(world)
    fields = fill(inside, path)
    before = enrolment(world)
    world.settle(MERLE, name="Famille Merle", household=HOUSEHOLD)
    inside.log_in(MERLE)

    answer = inside.post(path, fields)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert enrolment(world) == before
    assert world.services.enrolments.find(EnrolmentRef(MERLE, "2027")).started_at is None


@pytest.mark.parametrize(
    "path",
    [
        STEPS,
        f"{HOME}/mot-de-passe",
        f"{HOME}/deconnexion",
        pytest.param(f"{HOME}/facturation", marks=pytest.mark.wing("billing")),
    ],
)
def test_no_other_page_s_form_waits(world: World, inside: Visitor, path: str) -> None:
    fields = fill(inside, PUPIL)
    hour(world, inside)

    assert inside.post(path, fields).status_code in {303, 405}


@pytest.mark.parametrize(
    "path",
    [
        *("https://ailleurs.example.org/", "//ailleurs.example.org", "/extranet/usager", f"{HOME}/deconnexion", ""),
        *(
            f"{PUPIL}/plus",
            f"{PUPIL}\n",
            f"{STEPS}/eleves/../foyer",
            f"{STEPS}/eleves/é",
            f"{PUPIL}?a=b",
            "javascript:0",
        ),
    ],
)
def test_a_login_leads_nowhere_else_than_home(world: World, inside: Visitor, path: str) -> None:
    entries = fill(inside, PUPIL)
    hour(world, inside)
    fields = Hidden(inside.post(PUPIL, entries).text).fields | {"repris": path}

    answer = inside.post(
        LOGIN, fields | {"site": ROSSIGNOL.site, "identifiant": ROSSIGNOL.identifier, "mot_de_passe": PASSWORD}
    )

    assert (answer.status_code, answer.location) == (303, HOME)


@pytest.mark.parametrize("jeton", ["", "0" * 64, "." + "0" * 64])
def test_a_form_that_does_not_say_whose_it_is_does_not_wait(inside: Visitor, jeton: str) -> None:
    inside.show(None)

    assert inside.post(PUPIL, TYPED[PUPIL] | {"jeton": jeton}).status_code == 303


def test_a_form_that_nothing_vouches_for_does_not_wait(inside: Visitor) -> None:
    """Without a cookie or the headers of a current browser, it may come from anywhere."""
    fields = fill(inside, PUPIL)
    inside.show(None)
    inside.headers = {}

    answer = inside.post(PUPIL, fields)

    assert (answer.status_code, answer.location) == (303, "/extranet/usager")


def test_no_password_is_ever_carried(world: World, inside: Visitor) -> None:
    fields = fill(inside, PUPIL) | {"mot_de_passe": PASSWORD, "actuel": PASSWORD, "nouveau": PASSWORD}
    hour(world, inside)

    page = inside.post(PUPIL, fields)
    again = inside.post(
        LOGIN,
        Hidden(page.text).fields
        | {"repris-mot_de_passe": PASSWORD, "site": ROSSIGNOL.site, "identifiant": "xen1", "mot_de_passe": PASSWORD},
    )

    assert PASSWORD not in page.text
    assert PASSWORD not in again.text
    assert fields["jeton"] not in page.text


def test_a_password_to_be_chosen_first_keeps_the_form_too(world: World, visitor: Visitor) -> None:
    open_season(world, origin="mailed")
    visitor.log_in()
    fields = fill(visitor, PUPIL)
    world.set_mode("must_change")
    with wiring.using(world.services):
        first = visitor.post(PUPIL, fields)
        new = {"actuel": PASSWORD, "nouveau": "Merle7Moqueur", "confirmation": "Merle7Moqueur"}
        visitor.post(f"{HOME}/mot-de-passe", new)
        form = Hidden(first.text)
        answer = visitor.post(form.action, form.fields)

    assert (first.status_code, form.action, form.fields["remarque"], answer.status_code) == (403, PUPIL, REMARK, 303)
    assert "Choisissez d'abord votre mot de passe" in html.unescape(first.text)


@pytest.mark.parametrize(("number", "status"), [(64, 422), (65, 400)])
def test_a_form_has_sixty_four_fields_at_most(inside: Visitor, number: int, status: int) -> None:
    assert inside.post(PUPIL, {f"champ-{each}": "" for each in range(number)}).status_code == status


def test_a_pupil_of_ten_courses_is_carried_through_a_login(world: World, inside: Visitor) -> None:
    names = [f"{name}-{course}" for course in range(1, 11) for name in ("cours", "discipline")]
    names += [f"jour-{course}-{place}" for course in range(1, 11) for place in (1, 2, 3)]
    fields = dict.fromkeys([*names, "motif", "motif_autre", "plus_tard"], "oui") | fill(inside, PUPIL)
    hour(world, inside)

    page = inside.post(PUPIL, fields)
    again = back(inside, page.text)

    assert (page.status_code, again.status_code) == (401, 200)
    assert Hidden(again.text).fields.keys() == fields.keys()
