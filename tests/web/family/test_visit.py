"""GET /extranet/compte and its tabs: the pages that a family sees, and the record of a whole visit."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.enrolment.enrolments import Verdict
from chalicelib.domain.enrolment.periods import Periods
from tests.support.billing import CREDIT, PAID, bill
from tests.support.billing import TO_PAY as INVOICE
from tests.support.enrolment import (
    ANSWERED,
    EVE_KEY,
    HOUSEHOLD,
    IN_JUNE,
    LAST_SECOND,
    PROMISED,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_flows import decide, keep
from tests.support.enrolment_pages import PAGE, words_of_page
from tests.support.french import slips
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, Visitor, World

TABS = ["Accueil", "Famille", "Elèves", "Facturation", "Accessibilité", "Mot de passe", "Déconnexion"]


@pytest.fixture
def family(world: World, visitor: Visitor) -> Visitor:
    world.settle(name="Mme D'Églantine-Noël & <fils>")
    visitor.log_in()
    return visitor


@pytest.mark.wing("billing")
def test_2_5_every_page_has_the_seven_tabs(family: Visitor) -> None:
    for page in ("", "/famille", "/eleves", "/facturation", "/accessibilite", "/mot-de-passe"):
        tabs = family.get(f"/extranet/compte{page}").text.partition('<nav class="tabs"')[2].partition("</nav>")[0]
        assert re.findall(r">\s*([^<>]*\w)\s*<", tabs) == TABS, page


def test_2_5_home_greets_by_name_and_says_who_we_are(world: World, family: Visitor) -> None:
    page = html.unescape(family.get("/extranet/compte").text)

    network = world.services.settings.network
    assert "Bonjour <strong>Mme D'Églantine-Noël & <fils></strong>" in page
    assert "Bienvenue dans l'espace extranet Imuse du réseau des conservatoires." in page
    assert all(line in page for line in network.address)
    assert "droit d'accès, de rectification" in page
    assert network.data_protection.officer_email in page


def test_home_says_when_the_last_login_was(world: World, family: Visitor) -> None:
    assert "c'est la première" in family.get("/extranet/compte").text
    world.wait(timedelta(days=1))

    family.log_in()

    assert "le 1er septembre 2026 à 9 h 00" in family.get("/extranet/compte").text


def test_home_recalls_that_a_mailed_password_may_be_changed(world: World, visitor: Visitor) -> None:
    world.settle(origin="mailed")
    visitor.log_in()

    assert "Vous utilisez le mot de passe reçu par mail." in visitor.get("/extranet/compte").text


def test_the_record_of_a_whole_journey_tells_each_step_and_no_secret(world: World, visitor: Visitor) -> None:
    world.settle(password=None)
    visitor.log_in(password="Faux1234")
    visitor.post("/extranet/compte/mot-de-passe-perdu", {"identifiant": "xen1", "email": EMAIL})
    world.deliver()
    password = world.mailed_password()
    visitor.log_in(password=password)
    cookie = visitor.cookie()
    form = {"actuel": password, "nouveau": PASSWORD, "confirmation": PASSWORD}
    visitor.post("/extranet/compte/mot-de-passe", form)
    world.deliver()
    visitor.post("/extranet/compte/deconnexion")
    visitor.post("/extranet/compte/deconnexion", headers={"Sec-Fetch-Site": "cross-site"})
    for _ in range(6):
        visitor.log_in(password="Faux1234")

    lines = world.events()

    assert [line["event"] for line in lines] == [
        "login_refused",
        "reset_asked",
        "reset_mailed",
        "reset_used",
        "login_ok",
        "password_changed",
        "notice_mailed",  # of the first use
        "notice_mailed",  # of the change
        "session_ended",
        "cross_site_refused",
        *["login_refused"] * 5,
        "login_slowed",
    ]
    assert all(line["time"].startswith("2026-09-01T07:00:00") and line["request"] for line in lines)
    assert len({line["account"] for line in lines if line.get("site")}) == 1
    record = world.log.getvalue()
    for secret in (ROSSIGNOL.identifier, EMAIL, password, PASSWORD, "Faux1234", str(cookie).partition(".")[2]):
        assert secret not in record


# The next action, at each moment.


def standing(world: World, visitor: Visitor, now: datetime = IN_JUNE) -> str:
    world.now = now
    visitor.log_in()
    page = visitor.get("/extranet/compte")
    assert page.status_code == 200
    text = words_of_page(page.text)
    assert slips(text.replace(" ,", ",").replace(" .", ".")) == []
    return text.partition("Réinscription ")[2].partition("Le réseau")[0].replace(" ,", ",").strip()


AFTER = LAST_SECOND + timedelta(seconds=1)


def accept(world: World, verdict: Verdict = "accepted") -> None:
    send_enrolment(world)
    decide(world, ZELIE_KEY, verdict, "À bientôt.")


BEFORE = IN_JUNE - timedelta(days=30)
OVER = ["La réinscription 2027-2028 est terminée depuis le 15 juin 2027.", "au 01 99 00 10 03"]
DECIDED = f"reçu {NUMBER} L'administration vous écrit : À bientôt."


@pytest.mark.parametrize(
    ("prepare", "now", "says"),
    [
        pytest.param(
            lambda _: None,
            BEFORE,
            [
                "La réinscription 2027-2028 ouvrira le 1er juin 2027 et se terminera le 15 juin 2027 inclus.",
                "vérifiez vos coordonnées dans « Famille »",
            ],
            id="before the period",
        ),
        pytest.param(
            lambda world: answer_all(world, pupils=ANSWERED[:1]),
            IN_JUNE,
            [
                "jusqu'au 15 juin 2027 inclus. Vous avez commencé, mais rien n'est encore envoyé.",
                "Rien ne change : vérifier et envoyer Continuer pas à pas : Léo Rossignol",
                "Zélie Rossignol : enregistrée, pas encore envoyée",
            ],
            id="begun",
        ),
        pytest.param(
            send_enrolment,
            IN_JUNE,
            [
                "Tout est envoyé ; il reste 2 pièces à donner, ici ou sur papier. Envoyer les pièces L'administration",
                "ce qui n'est pas accepté, jusqu'au 15 juin 2027 inclus.",
                f"Zélie Rossignol : envoyée, à l'étude, reçu {NUMBER}",
                f"Ève Rossignol : ne se réinscrit pas, reçu {NUMBER}",
                "Toute la réinscription et vos reçus",
            ],
            id="all sent",
        ),
        pytest.param(
            lambda world: send_enrolment(world, EVE_KEY),
            IN_JUNE,
            ["Une partie de vos réponses est envoyée, mais pas toutes.", "Continuer : Récapitulatif et envoi"],
            id="one pupil sent",
        ),
        pytest.param(accept, IN_JUNE, [f"Zélie Rossignol : acceptée, {DECIDED}"], id="accepted"),
        pytest.param(accept, AFTER, [f"Zélie Rossignol : acceptée, {DECIDED}"], id="accepted, after the period"),
        pytest.param(
            lambda world: accept(world, "declined"),
            IN_JUNE,
            [f"Zélie Rossignol : refusée, {DECIDED} Pour en parler,"],
            id="declined",
        ),
        pytest.param(
            World.settle, IN_JUNE, ["Aucun élève n'est à votre dossier : appelez votre conservatoire"], id="no pupils"
        ),
        pytest.param(lambda _: None, AFTER, ["Vous n'avez pas répondu à temps", *OVER], id="nothing in time"),
        pytest.param(
            answer_all,
            AFTER,
            [
                "Vos réponses n'ont pas été envoyées. Elles sont conservées",
                "Zélie Rossignol : enregistrée, pas envoyée à temps",
                *OVER,
            ],
            id="a draft in time",
        ),
        pytest.param(
            lambda world: send_enrolment(world, EVE_KEY),
            AFTER,
            ["Une partie seulement de vos réponses", *OVER],
            id="one pupil in time",
        ),
        pytest.param(send_enrolment, AFTER, ["Vos réponses ont été envoyées à temps.", *OVER], id="all in time"),
    ],
)
def test_home_says_where_the_re_enrolment_stands(
    world: World, visitor: Visitor, prepare: Callable[[World], object], now: datetime, says: list[str]
) -> None:
    open_season(world)
    prepare(world)

    text = standing(world, visitor, now)

    assert [part for part in says if part not in text] == []
    assert now == IN_JUNE or not [word for word in ("Commencer", "Continuer") if word in text]


def test_home_asks_nothing_of_an_applicant_until_a_yearly_file_lists_it(world: World, visitor: Visitor) -> None:
    world.settle(household=HOUSEHOLD)
    text = standing(world, visitor)
    assert text.startswith("Les dates de la réinscription sont annoncées par mail et par courrier"), (
        "there is no period"
    )
    family = open_season(world)
    world.database.write_together(
        world.services.accounts.put(replace(family, application="P27-K4TN-8WCB", imported=()))
    )

    text = standing(world, visitor)

    assert text.startswith("Les dates de la réinscription sont annoncées par mail et par courrier")
    assert "Commencer" not in visitor.get("/extranet/compte").text


def test_home_says_where_to_begin_and_until_when(world: World, visitor: Visitor) -> None:
    open_season(world)

    text = standing(world, visitor)

    assert text.startswith("2027-2028 La réinscription 2027-2028 est ouverte jusqu'au 15 juin 2027 inclus.")
    assert "Vous n'avez pas encore commencé." in text
    assert "Rien ne change : vérifier et envoyer Je veux changer quelque chose" in text
    page = visitor.get("/extranet/compte").text
    assert 'href="/extranet/compte/reinscription/rien-ne-change">Rien ne change' in page
    assert 'href="/extranet/compte/reinscription">Je veux changer quelque chose' in page
    assert page.count("main-button") == 1


def test_home_says_which_documents_did_not_come_and_until_when(world: World, visitor: Visitor) -> None:
    open_season(world)
    certificate, quotient = PROMISED
    document = replace(quotient, object_key="documents/2027/evry-xenakis/x/quotient-familial/foyer/noted_1")

    answer_all(world, provided=(document,))
    text = standing(world, visitor)
    assert "Pièce attendue À envoyer ici, ou à remettre à votre conservatoire, jusqu'au 15 juin 2027 inclus." in text
    assert "Certificat médical pour la danse, Léo Rossignol : à fournir" in text
    assert "quotient familial" not in text, "it came"
    assert 'href="/extranet/compte/reinscription/pieces">Envoyer cette pièce' in visitor.get("/extranet/compte").text

    answer_all(world, provided=(certificate, document))
    assert "Certificat médical pour la danse, Léo Rossignol : promise sur papier" in standing(world, visitor)

    answer_all(world, provided=(replace(certificate, object_key="documents/x/noted_2"), document))
    assert "attendue" not in standing(world, visitor)


def test_home_says_which_documents_are_left_once_sent_and_after_the_period(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world)
    certificate, quotient = (replace(paper, object_key=f"documents/x/noted_{paper.code}") for paper in PROMISED)
    text = standing(world, visitor, AFTER)
    assert "Elles étaient attendues le 15 juin 2027 au plus tard : remettez-les vite" in text
    assert "Envoyer ces pièces" not in text

    keep(world, replace(enrolment(world), provided=(certificate, PROMISED[1])))
    sentence = "Tout est envoyé ; il reste une pièce à donner, ici ou sur papier. Envoyer la pièce"
    assert sentence in standing(world, visitor)
    assert "Elle était attendue le 15 juin 2027 au plus tard : remettez-la vite" in standing(world, visitor, AFTER)

    keep(world, replace(enrolment(world), provided=(certificate, quotient)))
    assert "Tout est envoyé : il n'y a plus rien à faire. L'administration étudie" in standing(world, visitor)


def test_a_period_that_is_announced_no_more_hides_nothing_of_what_was_sent(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world)
    world.services.periods.write(world.services.periods.read(), Periods())
    visitor.log_in()

    for page in ("", "/reinscription", "/reinscription/recapitulatif", f"/reinscription/recus/{NUMBER}"):
        answer = visitor.get(f"/extranet/compte{page}")
        assert (answer.status_code, NUMBER in answer.text) == (200, True), page


@pytest.mark.wing("billing")
def test_home_says_what_is_left_to_pay_and_when_and_nothing_if_none_is_due(world: World, visitor: Visitor) -> None:
    open_season(world)
    for bills in ((), (PAID,), (CREDIT,)):
        bill(world, *bills)
        assert "À régler" not in standing(world, visitor)
    bill(world, INVOICE, replace(INVOICE, number="2027-0042", cents=3_750, due_on=date(2027, 6, 30)))

    text = standing(world, visitor)

    assert "À régler Reste à payer : " in text
    assert "est dépassée." in text
    assert "à payer au plus tard le 30 juin 2027." in text


@pytest.mark.wing("billing")
def test_home_asks_for_one_thing_and_the_rest_comes_after_it_in_order(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world)
    decide(world, ZELIE_KEY, "to_complete", "Quel jour préférez-vous ?")
    bill(world, INVOICE)

    text = standing(world, visitor)

    assert "À compléter pour Zélie Rossignol L'administration vous écrit : Quel jour préférez-vous ?" in text
    page = visitor.get("/extranet/compte").text

    order = ("Bonjour", "Bienvenue", "Continuer : Zélie", "Pièces attendues", "Où en sont", "À régler", "Le réseau")
    places = [page.index(words) for words in (*order, "Votre conservatoire", '<a href="#donnees">', 'id="donnees"')]
    assert places == sorted(places)
    assert page.count("main-button") == 1


@pytest.mark.wing("billing", "teaching")
def test_every_page_of_the_re_enrolment_is_of_the_tab_home_in_two_round_trips(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world)
    visitor.log_in()
    steps = ("", "/foyer", f"/eleves/{ZELIE_KEY}", "/recapitulatif", "/rien-ne-change", f"/recus/{NUMBER}")
    receipts = [f"{PAGE}/recus/{NUMBER}{ending}" for ending in ("/pdf", "/agenda")]
    family = [
        f"/extranet/compte{page}" for page in ("", "/eleves", "/facturation", f"/eleves/{ZELIE_KEY}/appreciations")
    ]

    for path in (*(PAGE + step for step in steps), *receipts, *family):
        world.aws.calls.clear()
        page = visitor.get(path)
        assert (page.status_code, world.aws.calls) == (200, ["GetItem", "BatchGetItem"]), path
        is_home = path.startswith(PAGE) and path not in receipts
        assert page.text.count('<a href="/extranet/compte" aria-current="true">Accueil</a>') == is_home, path

    world.wait(timedelta(minutes=6))
    world.aws.calls.clear()
    visitor.get("/extranet/compte")
    assert world.aws.calls == ["GetItem", "BatchGetItem", "UpdateItem"], "the session is marked as seen"
