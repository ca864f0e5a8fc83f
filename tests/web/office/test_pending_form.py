"""A form of the desk whose session ended: sealed in the pages of the login, it is sent by one button afterwards."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.enrolment.periods import EnrolmentRef
from tests.support.authenticator import Authenticator, field
from tests.support.desk_acts import settle_reenrolment
from tests.support.enrolled_families import SEASON, key_of
from tests.support.enrolment import LEO
from tests.support.forms import Form, forms_of
from tests.support.staff import DESK, PASSWORD, READER, SECRETARY, code, enter, member, read_member, stores
from tests.support.world import PUBLIC_URL, ROSSIGNOL, Visitor, World

WORDS = "Plus de place <cette année>.\nEssayez en mai."
LATE = timedelta(minutes=31)
KEPT = "repris_formulaire"


@pytest.fixture
def form(world: World, visitor: Visitor) -> Form:
    """Open the form of a decision on Léo, whose session then ends."""
    address = settle_reenrolment(world, visitor)
    enter(world, visitor)
    forms = forms_of(visitor.get(address).text)
    pupil_form = next(form for form in forms if form.fields.get("eleve") == key_of(LEO))
    world.wait(LATE)
    return Form(pupil_form.path, pupil_form.fields | {"decision": "declined", "texte": WORDS}, {})


def form_to(page: TestResponse, path: str) -> Form:
    return next(form for form in forms_of(page.text) if form.path == path)


def send(visitor: Visitor, page: TestResponse, path: str, **fields: str) -> TestResponse:
    """Fill in the page's form to a path, and send it."""
    return visitor.post(path, form_to(page, path).fields | fields)


def give_password(visitor: Visitor, page: TestResponse, email: str = SECRETARY) -> TestResponse:
    return send(visitor, page, f"{DESK}/connexion", courriel=email, mot_de_passe=PASSWORD)


def state(world: World) -> str:
    enrolment = world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))
    return next(pupil.state for pupil in enrolment.pupils if pupil.key == key_of(LEO))


def test_a_form_goes_through_the_login_and_is_sent_by_one_button(world: World, visitor: Visitor, form: Form) -> None:
    page = visitor.post(form.path, form.fields)
    assert page.status_code == 401
    assert "Plus de place &lt;cette année&gt;.<br>Essayez en mai." in page.text
    assert WORDS not in form_to(page, f"{DESK}/connexion").fields[KEPT]

    page = send(visitor, page, f"{DESK}/connexion", courriel=SECRETARY, mot_de_passe="autre chose")
    page = give_password(visitor, page)
    page = send(visitor, page, f"{DESK}/code", code="000000")
    assert (page.status_code, state(world)) == (422, "submitted")
    page = send(visitor, page, f"{DESK}/code", code=code(world))

    assert "Plus de place &lt;cette année&gt;.<br>Essayez en mai." in page.text
    assert (page.status_code, state(world)) == (200, "submitted"), "it is sent by its member alone"
    done = send(visitor, page, form.path)
    assert "Léo Rossignol : réinscription refusée." in visitor.get(done.headers["Location"]).text
    assert state(world) == "declined"


def test_it_goes_through_a_login_by_a_passkey(world: World, visitor: Visitor, form: Form) -> None:
    phone = Authenticator(b"a telephone", PUBLIC_URL)
    reader = read_member(world)
    stores(world).members.change(reader, reader.with_passkey(phone.passkey("Téléphone", world.now)))

    page = send(visitor, give_password(visitor, visitor.post(form.path, form.fields)), f"{DESK}/cle")
    challenge = page.text.partition('data-challenge="')[2].partition('"')[0]
    page = send(visitor, page, f"{DESK}/cle/reponse", cle=field(phone.use(challenge)))

    assert form_to(page, form.path).fields["texte"] == WORDS


def test_another_member_or_a_late_one_does_not_get_it(world: World, visitor: Visitor, form: Form) -> None:
    member(world, READER)
    page = visitor.post(form.path, form.fields)
    for email, wait in ((READER, timedelta(0)), (SECRETARY, LATE)):
        world.wait(wait)
        answer = send(visitor, give_password(visitor, page, email), f"{DESK}/code", code=code(world))
        assert (answer.status_code, answer.headers["Location"]) == (303, DESK), email


def test_a_form_of_another_session_or_no_page_of_ours_is_not_kept(world: World, visitor: Visitor, form: Form) -> None:
    sealed = form_to(visitor.post(form.path, form.fields), f"{DESK}/connexion").fields[KEPT]
    strange = form.fields | {"jeton": f"{form.fields['jeton'].partition('.')[0]}.{'0' * 64}"}
    assert KEPT not in visitor.post(form.path, strange).text
    assert "Essayez en mai." in visitor.post(form.path, strange).text, "its sentences are given back"
    assert KEPT not in visitor.post(f"{DESK}/mon-acces/mot-de-passe", form.fields).text

    typed = {"courriel": SECRETARY, "mot_de_passe": PASSWORD, KEPT: sealed[:-1] + ("B" if sealed[-1] == "A" else "A")}
    forged = send(visitor, visitor.post(f"{DESK}/connexion", typed), f"{DESK}/code", code=code(world))
    assert forged.headers["Location"] == DESK
    visitor.headers = {}  # a browser that does not prove that the form is ours, nor then that another site sent it
    assert visitor.post(f"{DESK}/connexion", typed | {KEPT: sealed}).headers["Location"] == f"{DESK}/code"


def test_an_act_that_asks_for_a_proof_asks_for_it_after_the_login(world: World, visitor: Visitor) -> None:
    settle_reenrolment(world, visitor)
    enter(world, visitor)
    export = form_to(visitor.get(f"{DESK}/reinscriptions"), f"{DESK}/reinscriptions/export")
    world.wait(LATE)
    page = visitor.post(export.path, export.fields | {"mot_de_passe": PASSWORD})
    page = send(visitor, give_password(visitor, page), f"{DESK}/code", code=code(world))

    assert "mot_de_passe" not in form_to(page, export.path).fields
    refusal = send(visitor, page, export.path)
    assert (refusal.status_code, refusal.headers["Content-Type"]) == (422, "text/html; charset=utf-8")


def test_a_form_that_another_member_opened_here_is_not_sent(world: World, visitor: Visitor, form: Form) -> None:
    enter(world, visitor, READER)
    enter(world, visitor, "corbeau@example.org", role="secretary")

    answer = visitor.post(form.path, form.fields)

    assert (answer.status_code, answer.headers["Location"], state(world)) == (303, DESK, "submitted")
