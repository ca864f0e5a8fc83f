"""The summary: everything as text, the missing answers with links, sent once, and kindly refused."""

import html
from datetime import timedelta

import pytest

from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile, Receipt
from chalicelib.domain.enrolment.submissions import MOST_RECEIPTS, submit
from chalicelib.infra.dynamo.values import size_of
from chalicelib.stores.enrolments import ROOM, item_of
from tests.support.answers import WHOLE
from tests.support.enrolment import (
    ANSWERED,
    EVE_KEY,
    LAST_SECOND,
    LEO_KEY,
    PROMISED,
    SAVED,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_pages import page_html, version_of_page, words_of_page
from tests.support.french import slips
from tests.support.world import Visitor, World

PAGE = "/extranet/compte/reinscription/recapitulatif"
RECEIPTS = "/extranet/compte/reinscription/recus"
ALL = {f"envoyer-{key}": "oui" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)}


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    open_season(world)
    answer_all(world)
    visitor.log_in()
    return visitor


def form(visitor: Visitor, **more: str) -> dict[str, str]:
    return ALL | {"vu": version_of_page(visitor, PAGE), "par": "1"} | more


def test_everything_is_there_as_text_with_a_link_beside_each_part(inside: Visitor) -> None:
    page = page_html(inside, PAGE)

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


def test_what_lacks_is_said_where_it_is(world: World, inside: Visitor) -> None:
    unfinished = PupilFile(LEO_KEY, "Léo Rossignol", PupilAnswers(remark="?"), SAVED)
    answer_all(world, household=HouseholdAnswers(), pupils=(ANSWERED[0], unfinished), provided=PROMISED[:1])

    page = words_of_page(page_html(inside, PAGE))

    assert "Coordonnées pas encore confirmées Payeur pas encore indiqué" in page
    assert "Il manque des réponses : compléter « Mon foyer »" in page
    assert "Compléter pour Léo Rossignol" in page
    assert "Ève Rossignol Pas encore de réponse. Répondre pour Ève Rossignol" in page
    assert "quotient familial : à fournir" in page
    assert "Envoyer les réponses de Zélie Rossignol Vous êtes" in page


def test_before_anything_is_answered_nothing_can_be_sent(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)

    assert "Rien n'est encore prêt à être envoyé." in page
    assert ">Envoyer</button>" not in page


def test_sending_leads_to_the_receipt_and_mails_it(world: World, inside: Visitor) -> None:
    answer = inside.post(PAGE, form(inside, par="2"))

    (receipt,) = enrolment(world).receipts
    assert (answer.status_code, answer.location) == (303, f"{RECEIPTS}/{receipt.number}")
    assert "Par M. Côme Rossignol" in words_of_page(page_html(inside, answer.location))
    world.deliver()
    assert sorted(each.to for each in world.mails()) == ["come@example.org", "rossignol@example.org"]
    page = words_of_page(page_html(inside, PAGE))
    assert f"envoyée, à l'étude, reçu {receipt.number}" in page.replace(" ,", ",")
    assert "Tout est envoyé ; il reste 2 pièces à donner, ici ou sur papier." in words_of_page(page)
    overview = PAGE.removesuffix("/recapitulatif")
    for path in (PAGE, overview, f"{overview}/pieces"):
        steps = page_html(inside, path).partition('class="progress"')[2].partition("</nav>")[0]
        assert "Pièces à fournir 2 pièces à donner" in words_of_page(steps), "promised on paper is not done"


def test_a_page_costs_two_round_trips_and_a_sending_three(world: World, inside: Visitor) -> None:
    inside.post(PAGE, {"par": "1"})  # the session then knows the guardian
    world.aws.calls.clear()
    given = form(inside)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    world.aws.calls.clear()

    inside.post(PAGE, given)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "SendMessageBatch", "UpdateItem"]


def test_only_those_that_are_ticked_are_sent(world: World, inside: Visitor) -> None:
    given = form(inside)
    del given[f"envoyer-{LEO_KEY}"]

    inside.post(PAGE, given)

    assert [key for key, _, _ in enrolment(world).receipts[0].pupils] == [ZELIE_KEY, EVE_KEY]
    page = page_html(inside, PAGE)
    assert f'name="envoyer-{LEO_KEY}"' in page
    assert f'name="envoyer-{ZELIE_KEY}"' not in page


def test_a_double_click_shows_the_one_receipt_who_sent_it_and_when(world: World, inside: Visitor) -> None:
    given = form(inside)
    inside.post(PAGE, given)
    world.wait(timedelta(minutes=3))

    answer = inside.post(PAGE, given | {"par": "2"})

    (receipt,) = enrolment(world).receipts
    page = words_of_page(answer.text)
    assert answer.status_code == 200
    assert "Information Déjà envoyé par Mme Aimée Rossignol le 2 juin 2027 à 20 h 00" in page
    assert f"Numéro {receipt.number}" in page
    world.deliver()
    assert len(world.mails()) == 2


def test_what_changed_since_it_was_shown_is_said_and_shown_and_not_sent(world: World, inside: Visitor) -> None:
    given = form(inside)
    stored = enrolment(world)
    saved = SavedBy("M. Côme Rossignol", world.wait(timedelta(minutes=4)))
    world.services.enrolments.change(stored, stored.with_household(HouseholdAnswers(payer="M. Côme Rossignol"), saved))

    answer = inside.post(PAGE, given)

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Rien n'a été envoyé : M. Côme Rossignol a enregistré d'autres réponses le 2 juin 2027 à 20 h 04" in page
    assert "Payeur M. Côme Rossignol" in words_of_page(page)
    assert enrolment(world).receipts == ()
    assert page.partition('name="vu" value="')[2].partition('"')[0] == version_of_page(inside, PAGE)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"household": HouseholdAnswers()}, "foyer", "Complétez « Mon foyer » : il y manque des réponses."),
        ({"provided": ()}, "pieces", "Envoyez les pièces demandées, ou promettez de les remettre sur papier"),
    ],
)
def test_what_lacks_is_refused_beside_its_part(
    world: World, inside: Visitor, given: dict[str, object], field: str, sentence: str
) -> None:
    answer_all(world, **given)

    answer = inside.post(PAGE, form(inside))

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in page.partition(f'id="{field}-erreur"')[2].partition("</div>")[0]
    assert f'<a href="#{field}">' in page
    assert f'id="{field}"' in page
    assert enrolment(world).receipts == ()


def test_who_ticks_nobody_is_asked_whom_to_send(inside: Visitor) -> None:
    answer = inside.post(PAGE, {"vu": version_of_page(inside, PAGE), "par": "1"})

    page = html.unescape(answer.text)
    assert (answer.status_code, page.count(" checked>")) == (422, 0)
    assert "Cochez au moins un élève" in page.partition('id="eleves-erreur"')[2]


def test_what_has_no_room_left_is_said_and_neither_sent_nor_mailed(world: World, inside: Visitor) -> None:
    filling = PupilAnswers(stays=True, remark="é" * ((ROOM - size_of(item_of(enrolment(world))) - 500) // 2))
    answer_all(world, receipts=(Receipt("R27-AAAA-BBBB", world.now, "Mme", WHOLE, (("a1", "Zélie", filling),)),))
    before = enrolment(world)

    answer = inside.post(PAGE, form(inside))
    path = f"/extranet/compte/reinscription/eleves/{LEO_KEY}"
    longer = {"choix": "non", "remarque": "é" * 500, "par": "1", "vu": version_of_page(inside, path)}
    step = inside.post(path, longer)

    for refused in (answer, step):
        assert refused.status_code == 422
        assert "trop de textes et d'envois pour en recevoir davantage" in html.unescape(refused.text)
    assert enrolment(world) == before
    world.deliver()
    assert world.mails() == []


def test_past_the_last_second_it_is_refused_kindly_and_the_draft_is_kept(world: World, inside: Visitor) -> None:
    given = form(inside)
    world.wait(LAST_SECOND - world.now)
    inside.log_in()
    world.wait(timedelta(seconds=1))

    answer = inside.post(PAGE, given)

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Ce que vous aviez enregistré est conservé" in page
    assert "Hautbois : change pour Alto" in page
    assert ">Envoyer</button>" not in page
    assert set(enrolment(world).pupils) == set(ANSWERED)


def sent_before(world: World, times: int) -> None:
    """Store this many receipts, all a minute old, and let the pupils be sent again."""
    reenrolment = enrolment(world)
    saved = SavedBy("M. Côme Rossignol", world.now - timedelta(minutes=1))
    after = reenrolment
    for number in range(times):
        after = submit(after, (), f"R27-AAAA-{number:04}", saved)
    world.services.enrolments.change(reenrolment, after)


def test_who_sends_too_often_is_told_until_when_and_that_nothing_is_lost(world: World, inside: Visitor) -> None:
    sent_before(world, SENDINGS_OF_FAMILY.free)

    answer = inside.post(PAGE, form(inside))

    page = html.unescape(answer.text)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "240")
    assert "le prochain envoi sera possible à partir de 20 h 04. Rien n'est perdu" in page
    assert page.count(" checked>") == 3
    assert len(enrolment(world).receipts) == SENDINGS_OF_FAMILY.free


def test_who_has_every_receipt_of_a_season_is_told_whom_to_call(world: World, inside: Visitor) -> None:
    sent_before(world, MOST_RECEIPTS)
    world.wait(timedelta(days=2))
    inside.log_in()

    answer = inside.post(PAGE, form(inside))

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Vous avez déjà envoyé 20 fois pour cette saison" in page
    assert "appelez votre conservatoire au 01 99 00 10 03" in page
    assert len(enrolment(world).receipts) == MOST_RECEIPTS


@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_a_fault_is_a_page_and_nothing_is_half_sent(world: World, inside: Visitor, call: str) -> None:
    given = form(inside)

    with world.aws.failing(call, "before"):
        assert inside.post(PAGE, given).status_code == 503

    assert enrolment(world).receipts == ()
    assert inside.post(PAGE, given).status_code == 303


def test_a_post_from_elsewhere_sends_nothing(world: World, inside: Visitor) -> None:
    assert inside.post(PAGE, form(inside), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403

    assert enrolment(world).receipts == ()
