"""The summary: everything as text, the missing answers with links, sent once, and kindly refused."""

import html
from datetime import timedelta

import pytest

from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile, Receipt
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS
from chalicelib.infra.dynamo.values import size_of
from chalicelib.stores.enrolments import ROOM
from tests.support.answers import WHOLE
from tests.support.enrolment import ANSWERED, EVE_KEY, LEO_KEY, PROMISED, SAVED, ZELIE_KEY, answer_all, enrolment
from tests.support.enrolment_flows import send_before
from tests.support.enrolment_pages import (
    error_beside,
    page_html,
    version_in,
    version_of_page,
    wait_for_the_end,
    words_of_page,
)
from tests.support.french import slips
from tests.support.world import Visitor, World

PAGE = "/extranet/compte/reinscription/recapitulatif"
RECEIPTS = "/extranet/compte/reinscription/recus"
ALL = {f"envoyer-{key}": "oui" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)}


@pytest.fixture
def ready(world: World, inside: Visitor) -> Visitor:
    """Answer everything."""
    answer_all(world)
    return inside


def form(visitor: Visitor, **more: str) -> dict[str, str]:
    return ALL | {"vu": version_of_page(visitor, PAGE), "par": "1"} | more


def test_everything_is_there_as_text_with_a_link_beside_each_part(ready: Visitor) -> None:
    page = page_html(ready, PAGE)

    text = words_of_page(page)
    for part in (
        "Payeur Mme Rossignol En cas d'urgence M. Merle, 06 99 00 00 01 Règlement accepté",
        "Zélie Rossignol Réinscription : enregistrée, pas encore envoyée Se réinscrit. Hautbois : change pour Alto",
        "Formation musicale : arrête Droit à l'image : non Remarque : Plutôt après 17 h.",
        "Ève Rossignol Réinscription : enregistrée, pas encore envoyée Ne se réinscrit pas (motif : Déménagement).",
        "Certificat médical pour la danse (Léo Rossignol) : promise sur papier",
    ):
        assert part in text
    assert 'href="/extranet/compte/reinscription/foyer">Modifier « Mon foyer »</a>' in page
    assert f'eleves/{ZELIE_KEY}">Modifier pour Zélie Rossignol</a>' in page
    assert 'href="/extranet/compte/reinscription/pieces">Envoyer ou promettre les pièces</a>' in page
    assert page.count(" checked>") == 3
    assert slips(text) == []


def test_what_lacks_is_said_where_it_is(world: World, ready: Visitor) -> None:
    draft = PupilFile(LEO_KEY, "Léo Rossignol", PupilAnswers(remark="?"), SAVED)
    answer_all(world, household=HouseholdAnswers(), pupils=(ANSWERED[0], draft), provided=PROMISED[:1])

    page = words_of_page(page_html(ready, PAGE))

    assert "Coordonnées pas encore confirmées Payeur pas encore indiqué" in page
    assert "Il manque des réponses : compléter « Mon foyer »" in page
    assert "Compléter pour Léo Rossignol" in page
    assert "Ève Rossignol Pas encore de réponse. Répondre pour Ève Rossignol" in page
    assert "quotient familial : à fournir" in page
    assert "Envoyer les réponses de Zélie Rossignol Vous êtes" in page


def test_sending_leads_to_the_receipt_and_mails_it(world: World, ready: Visitor) -> None:
    answer = ready.post(PAGE, form(ready, par="2"))

    (receipt,) = enrolment(world).receipts
    assert (answer.status_code, answer.location) == (303, f"{RECEIPTS}/{receipt.number}")
    assert "Par M. Côme Rossignol" in words_of_page(page_html(ready, answer.location))
    world.deliver()
    assert sorted(each.to for each in world.mails()) == ["come@example.org", "rossignol@example.org"]
    page = words_of_page(page_html(ready, PAGE))
    assert f"envoyée, à l'étude, reçu {receipt.number}" in page.replace(" ,", ",")
    assert "Tout est envoyé ; il reste 2 pièces à donner, ici ou sur papier." in words_of_page(page)
    overview = PAGE.removesuffix("/recapitulatif")
    for path in (PAGE, overview, f"{overview}/pieces"):
        steps = page_html(ready, path).partition('class="progress"')[2].partition("</nav>")[0]
        assert "Pièces à fournir 2 pièces à donner" in words_of_page(steps), "promised on paper is not done"


def test_only_those_that_are_ticked_are_sent(world: World, ready: Visitor) -> None:
    fields = form(ready)
    del fields[f"envoyer-{LEO_KEY}"]

    ready.post(PAGE, fields)

    assert [key for key, _, _ in enrolment(world).receipts[0].pupils] == [ZELIE_KEY, EVE_KEY]
    page = page_html(ready, PAGE)
    assert f'name="envoyer-{LEO_KEY}"' in page
    assert f'name="envoyer-{ZELIE_KEY}"' not in page


def test_a_double_click_shows_the_one_receipt_who_sent_it_and_when(world: World, ready: Visitor) -> None:
    fields = form(ready)
    ready.post(PAGE, fields)
    world.wait(timedelta(minutes=3))

    answer = ready.post(PAGE, fields | {"par": "2"})

    (receipt,) = enrolment(world).receipts
    page = words_of_page(answer.text)
    assert answer.status_code == 200
    assert "Information Déjà envoyé par Mme Aimée Rossignol le 2 juin 2027 à 20 h 00" in page
    assert f"Numéro {receipt.number}" in page
    world.deliver()
    assert len(world.mails()) == 2


def test_what_changed_since_it_was_shown_is_said_and_shown_and_not_sent(world: World, ready: Visitor) -> None:
    fields = form(ready)
    state = enrolment(world)
    author = SavedBy("M. Côme Rossignol", world.wait(timedelta(minutes=4)))
    world.services.enrolments.change(state, state.with_household(HouseholdAnswers(payer="M. Côme Rossignol"), author))

    answer = ready.post(PAGE, fields)

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Rien n'a été envoyé : M. Côme Rossignol a enregistré d'autres réponses le 2 juin 2027 à 20 h 04" in page
    assert "Payeur M. Côme Rossignol" in words_of_page(page)
    assert enrolment(world).receipts == ()
    assert version_in(page) == version_of_page(ready, PAGE)


def test_what_lacks_is_refused_beside_its_part(world: World, ready: Visitor) -> None:
    nobody = ready.post(PAGE, {"vu": version_of_page(ready, PAGE), "par": "1"})
    assert (nobody.status_code, nobody.text.count(" checked>")) == (422, 0)
    assert "Cochez au moins un élève" in error_beside(nobody.text, "eleves")
    answer_all(world, household=HouseholdAnswers(), provided=())

    answer = ready.post(PAGE, form(ready))

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Complétez « Mon foyer » : il y manque des réponses." in error_beside(page, "foyer")
    assert "Envoyez les pièces demandées, ou promettez de les remettre" in error_beside(page, "pieces")
    for field in ("foyer", "pieces"):
        assert f'<a href="#{field}">' in page
        assert f'id="{field}"' in page
    assert enrolment(world).receipts == ()
    answer_all(world, household=HouseholdAnswers(), pupils=(), provided=())
    page = page_html(ready, PAGE)
    assert "Rien n'est encore prêt à être envoyé." in page
    assert ">Envoyer</button>" not in page


def test_what_has_no_room_left_is_said_and_neither_sent_nor_mailed(world: World, ready: Visitor) -> None:
    room = ROOM - size_of(world.services.enrolments.encode(enrolment(world))) - 500
    filling = PupilAnswers(stays=True, remark="é" * (room // 2))
    answer_all(world, receipts=(Receipt("R27-AAAA-BBBB", world.now, "Mme", WHOLE, (("a1", "Zélie", filling),)),))
    before = enrolment(world)

    answer = ready.post(PAGE, form(ready))
    path = f"/extranet/compte/reinscription/eleves/{LEO_KEY}"
    longer = {"choix": "non", "remarque": "é" * 500, "par": "1", "vu": version_of_page(ready, path)}
    step = ready.post(path, longer)

    for response in (answer, step):
        assert response.status_code == 422
        assert "trop de textes et d'envois pour en recevoir davantage" in html.unescape(response.text)
    assert enrolment(world) == before
    world.deliver()
    assert world.mails() == []


def test_past_the_last_second_it_is_refused_kindly_and_the_draft_is_kept(world: World, ready: Visitor) -> None:
    fields = form(ready)
    wait_for_the_end(world, ready)

    answer = ready.post(PAGE, fields)

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Ce que vous aviez enregistré est conservé" in page
    assert "Hautbois : change pour Alto" in page
    assert ">Envoyer</button>" not in page
    assert set(enrolment(world).pupils) == set(ANSWERED)


@pytest.mark.parametrize(
    ("times", "status", "says"),
    [
        (SENDINGS_OF_FAMILY.free, 429, ["le prochain envoi sera possible à partir de 20 h 04. Rien n'est perdu"]),
        (
            MOST_RECEIPTS,
            422,
            ["Vous avez déjà envoyé 20 fois pour cette saison", "appelez votre conservatoire au 01 99 00 10 03"],
        ),
    ],
)
def test_who_sends_too_often_is_told_until_when_or_whom_to_call_and_nothing_is_lost(
    world: World, ready: Visitor, times: int, status: int, says: list[str]
) -> None:
    send_before(world, times)
    if status != 429:
        world.wait(timedelta(days=2))
        ready.log_in()

    answer = ready.post(PAGE, form(ready))

    page = html.unescape(answer.text)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, "240" if status == 429 else None)
    assert [part for part in says if part not in page] == []
    assert page.count(" checked>") == 3
    assert len(enrolment(world).receipts) == times
