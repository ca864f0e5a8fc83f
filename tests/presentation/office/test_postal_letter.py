"""A letter by post: the dates, the identifier, and the family's way to a password."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Password
from tests.support.french import slips
from tests.support.paper_letters import NETWORK, letter_to

OLD = Password("hash", datetime(2025, 9, 1, tzinfo=UTC), "chosen")


def test_it_says_site_identifier_dates_address_and_whom_to_call() -> None:
    letter = letter_to("Famille Cœur-d'Étoile", display_identifier="MAG 2001")

    assert letter.addressee == ("Famille Cœur-d'Étoile", "12 BIS RUE DE L EGLISE", "91000 EVRY COURCOURONNES")
    assert (letter.site, letter.identifier) == ("Evry - Magnard", "MAG 2001")
    assert letter.date_line == "Le 31 août 2026"
    assert letter.subject == "Objet : réinscription 2026-2027, et votre accès à l'extranet des conservatoires"
    assert letter.dates == "Réinscription 2026-2027 : du 1er septembre 2026 au 15 septembre 2026 inclus."
    assert letter.opening[:2] == ("Bonjour Famille Cœur-d'Étoile,", letter.dates)
    text = " ".join((*letter.opening, *letter.closing))
    assert "https://extranet.example.fr/extranet/usager" in text
    for fact in ("Administration du conservatoire Magnard", "01 99 00 10 02", "du lundi au vendredi, de 14 h à 19 h"):
        assert fact in text
    assert letter.sender[0] == "Administration du conservatoire Magnard"
    assert "91000 Evry" in letter.sender


def test_without_a_period_it_says_what_the_network_says() -> None:
    assert letter_to(period=None).dates == NETWORK.period
    assert letter_to(period=None).subject == "Objet : réinscription, et votre accès à l'extranet des conservatoires"


def test_the_identifier_is_the_one_that_opens_the_account_where_none_was_written() -> None:
    assert letter_to(display_identifier="").identifier == "mag2001"


@pytest.mark.parametrize(
    ("given", "said", "not_said"),
    [
        pytest.param(
            {}, ["la première fois", "« Première connexion »", "choisissez votre mot de passe"],
            ["toujours valable", "donnez-en"], id="no password yet",
        ),
        pytest.param(
            {"password": OLD}, ["Vous avez déjà un mot de passe : il est toujours valable.", "S'il est perdu"],
            ["premier", "donnez-en"], id="last year's password",
        ),
        pytest.param(
            {"emails": (), "is_mailable": False},
            ["Aucune adresse e-mail n'est enregistrée", "donnez-en une", "premier"],
            ["toujours valable", "ne vous parviennent pas"], id="no password, no address",
        ),
        pytest.param(
            {"emails": (), "is_mailable": False, "password": OLD},
            ["toujours valable", "Aucune adresse e-mail n'est enregistrée", "ne peut pas être remplacé"],
            ["premier"], id="last year's password, no address",
        ),
        pytest.param(
            {"is_mailable": False}, ["ne vous parviennent pas", "donnez-en une autre", "premier"],
            ["Aucune adresse", "toujours valable"], id="no password, mails come back",
        ),
        pytest.param(
            {"is_mailable": False, "password": OLD}, ["toujours valable", "ne vous parviennent pas"],
            ["premier", "Aucune adresse"], id="last year's password, mails come back",
        ),
    ],
)  # fmt: skip
def test_it_says_this_family_s_way_to_a_password(given: dict[str, Any], said: list[str], not_said: list[str]) -> None:
    way = letter_to(**given).closing[0]

    assert [words for words in said if words not in way] == []
    assert [words for words in not_said if words in way] == []
    assert slips(way) == []


def test_every_sentence_is_good_french_print() -> None:
    letter = letter_to()

    assert [slips(words) for words in (letter.subject, *letter.opening, *letter.closing)] == [[]] * 7


def test_a_name_is_printed_composed_and_without_what_nobody_sees() -> None:
    letter = letter_to(" Famille\u00a0 E\u0301rable\u200b\t ", display_identifier="MAG\u200b1")

    assert letter.addressee[0] == "Famille Érable"
    assert letter.opening[0] == "Bonjour Famille Érable,"
    assert letter.identifier == "MAG1"


def test_where_it_is_printed_in_a_traceback_it_names_nobody() -> None:
    text = repr(letter_to("Famille Rossignol"))

    assert "EGLISE" not in text
    assert "Rossignol" not in text
