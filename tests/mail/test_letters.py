"""Letters: their text, the targets of their links, and names of families that could break them."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from chalicelib.domain.account.accounts import GUARDIAN
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile, SentAnswers, Verdict
from chalicelib.domain.enrolment.paperwork import ReceiptDocument
from chalicelib.domain.family.households import Pupil
from chalicelib.mail.letters import Letter, fill
from chalicelib.settings.environment import load_network
from chalicelib.web.requests import target_of, target_path
from tests.support.all_letters import (
    DECISION,
    FACTS,
    LEAVES,
    LETTERS,
    NETWORK,
    NOW,
    RECEIPT,
    ROSSIGNOL,
    all_written,
    facts_for,
    written,
)
from tests.support.french import loose, loose_in_page, loose_in_subject, plain
from tests.support.letters import Reader, parts, words
from tests.support.template_files import template_files

EVERY_LETTER = pytest.mark.parametrize("name", LETTERS)
# The letters sent to an address on file. The others may reach a stranger.
TO_A_FAMILY = pytest.mark.parametrize(
    "name",
    [
        name
        for name in LETTERS
        if name not in {"email_code", "sign_in_code"} and not name.startswith(("admission_", "staff_"))
    ],
)


@EVERY_LETTER
@pytest.mark.parametrize("step", ["logged_in", "started", "to_complete"])
def test_no_line_of_a_letter_breaks_where_none_may(name: str, step: str) -> None:
    letter = fill(name, "rossignol@example.org", NOW, facts_for(name, step=step))

    assert loose_in_subject(letter.subject) + loose(letter.text) + loose_in_page(letter.html) == []


def test_every_letter_has_a_text_and_an_html_part() -> None:
    pages = {file.stem for file in template_files("letters/*.html")} - {"base"}

    assert len(pages) > 30
    assert pages == set(LETTERS)


@EVERY_LETTER
def test_a_letter_has_a_subject_of_one_line_and_says_it_nowhere_else_in_its_text(name: str) -> None:
    letter = written(name)

    assert re.fullmatch(r"[A-Z][^\n\r]+ - Evry - Xénakis", letter.subject)
    assert letter.subject not in letter.text
    assert f"<title>{letter.subject}</title>" in letter.html.replace("&#39;", "'")


@TO_A_FAMILY
def test_both_parts_say_for_whom_for_which_site_and_whom_to_call(name: str) -> None:
    letter = written(name)

    for part in parts(letter):
        assert "Bonjour Famille Rossignol," in part
        assert re.search("Site ?:? Evry - Xénakis", part)
        assert re.search("Identifiant ?:? xen1", part)
        assert "Administration du conservatoire Xénakis, 01 99 00 10 03, du lundi au vendredi, de 14 h à 19 h" in part
        assert "xenakis@extranet.example.fr" in part
        assert "L'administration ne peut ni voir votre mot de passe, ni vous le demander." in part
        assert NETWORK.name in part
        assert NETWORK.agglomeration in part


@TO_A_FAMILY
def test_the_identifier_is_written_as_the_administration_writes_it(name: str) -> None:
    letter = written(name, account=replace(ROSSIGNOL, display_identifier="XEN 1"))

    for part in parts(letter):
        assert re.search("Identifiant ?:? XEN 1 ", part)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("email_code", "compte/famille/e-mail/code"),
        ("admission_code", "pre-inscription/code"),
        ("sign_in_code", "compte/acces/code"),
    ],
)
def test_the_code_comes_with_until_when_where_to_type_it_and_nothing_of_the_family(name: str, path: str) -> None:
    letter = written(name)

    for part in parts(letter):
        assert re.search("Code ?:? 482 913 ", part)
        assert "valable jusqu'au 2 septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "Saisir le code" in part
        assert f"https://extranet.example.fr/extranet/{path}" in part
        assert "ne donnez ce code à personne" in part
        assert "Administration du conservatoire Xénakis, 01 99 00 10 03" in part
        assert not re.search("Rossignol|xen1", part)
    assert "482" not in letter.subject, "a locked telephone shows subjects"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("staff_invitation", "Odile Fauvette vous ouvre un accès au bureau"),
        ("staff_reset", "Odile Fauvette a réinitialisé votre accès au bureau de l'extranet des conservatoires le 1er"),
    ],
)
def test_staff_read_who_lets_them_in_where_until_when_and_what_if_they_do_not_expect_it(name: str, says: str) -> None:
    letter = written(name)

    for part in parts(letter):
        assert "Bonjour Basile Troglodyte," in part
        assert says in part
        assert re.search(
            "Rôle ?:? secrétariat Site ?:? Evry - Xénakis Adresse de connexion ?:? troglodyte@example.org", part
        )
        assert "jusqu'au 2 septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "https://extranet.example.fr/extranet/bureau/invitation/sealed-link" in part
        assert re.search("Le lien ne sert qu'une fois", part)
        assert re.search("Vous n'(attendiez pas ce message|aviez rien demandé) ?\\?", part)
        assert "Administration du conservatoire Xénakis, 01 99 00 10 03" in part
        assert "Personne ne peut voir votre mot de passe, ni vous le demander." in part
        assert "L'administration ne peut ni voir" not in part


def test_1_6_the_letter_says_the_password_until_when_and_where_to_log_in() -> None:
    letter = written("lost_password")

    for part in parts(letter):
        assert re.search("Mot de passe ?:? Mh4kWqzR7tXc9bPd", part)
        assert "valable jusqu'au 2 septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "Se connecter" in part
        assert "https://extranet.example.fr/extranet/usager " in part
        assert "votre mot de passe actuel, si vous en avez un, reste valable" in part
    assert "https://extranet.example.fr/extranet/usager" in Reader(letter.html).links


def test_2_7_the_notice_says_when_and_what_to_do_if_it_was_somebody_else() -> None:
    letter = written("password_changed")

    for part in parts(letter):
        assert "a été modifié le 1er septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "Après le 8 septembre 2026, demandez un nouveau mot de passe" in part
    assert "https://extranet.example.fr/extranet/usager/mot-de-passe-perdu" in letter.text
    assert "https://extranet.example.fr/extranet/usager/mot-de-passe-perdu" in Reader(letter.html).links


@pytest.mark.parametrize("name", ["password_changed", "email_changed"])
def test_both_parts_of_a_notice_lead_to_the_button_that_takes_the_change_back(name: str) -> None:
    letter, link = written(name), "https://extranet.example.fr/extranet/compte/ce-n-est-pas-moi/sealed-link"

    assert f" :\n{link}\n" in letter.text, "on a line of its own"
    assert link in Reader(letter.html).links
    for part in parts(letter):
        assert "Ouvrez tout de suite ce lien, valable jusqu'au 8 septembre 2026 à 9 h 05" in part
        assert "L'ouvrir ne change rien" in part


def test_after_the_button_those_on_file_get_a_password_and_those_taken_off_do_not() -> None:
    letter, taken_off = written("access_frozen"), written("access_frozen", password="")

    assert letter.subject == "Votre compte est protégé : voici un nouveau mot de passe - Evry - Xénakis"
    assert taken_off.subject == "Votre adresse e-mail a été retirée du compte - Evry - Xénakis"
    for part in parts(letter):
        assert re.search("Mot de passe ?:? Mh4kWqzR7tXc9bPd", part)
        assert "Il est valable jusqu'au 2 septembre 2026 à 9 h 05" in part
    for part in parts(taken_off):
        assert "Cette adresse n'est plus au dossier" in part
        assert "Se connecter" not in part


def test_the_notice_of_a_first_use_says_so_and_what_became_of_the_former_password() -> None:
    letter, first = (written("password_changed", is_first_use=True, had_one=had_one) for had_one in (True, False))

    assert letter.subject == "Votre mot de passe a été modifié - Evry - Xénakis"
    assert first.subject == "Votre mot de passe reçu par mail a été utilisé - Evry - Xénakis"
    used = "Le mot de passe reçu par mail a été utilisé pour la première fois le 1er septembre 2026 à 9 h 05"
    for part in parts(letter):
        assert f"{used} (heure de Paris). C'est maintenant le mot de passe de votre compte" in part
        assert "conservatoires : l'ancien n'ouvre plus le compte, et les connexions en cours avec lui sont" in part
    for part in parts(first):
        assert f"{used} (heure de Paris)." in part
        assert "l'ancien" not in part


@pytest.mark.parametrize("name", ["password_changed", "email_changed"])
def test_a_notice_counts_the_other_guardian_among_those_who_may_have_made_the_change(name: str) -> None:
    """Its reader would end the other guardian's sessions and password. A guardian's own login is its own alone."""
    for facts in ({}, {"is_first_use": True}):
        letter = written(name, **facts)
        for part in parts(letter):
            assert "Vous, ou un autre responsable de la famille, en êtes à l'origine ? Il n'y a rien à faire." in part
            assert "Ce n'est pas vous, ni un autre responsable de la famille ? Ouvrez tout de suite ce lien" in part

    second = written("password_changed", account=replace(FACTS["account"], role=GUARDIAN))
    for part in parts(second):
        assert "Vous en êtes à l'origine ? Il n'y a rien à faire." in part
        assert "Ce n'est pas vous ? Ouvrez tout de suite ce lien" in part


def in_mode(mode: str) -> dict[str, Any]:
    """Make the facts of a network with this mode for mailed passwords."""
    return {"network": replace(NETWORK, passwords=replace(NETWORK.passwords, mode=mode))}  # type: ignore[arg-type]  # one of the two


def on_file(pupil: Pupil) -> dict[str, Any]:
    """Make the facts of a receipt whose first pupil is on file."""
    account = replace(FACTS["account"], household=replace(FACTS["account"].household, pupils=(pupil,)))
    (key,) = account.household.pupils_by_key
    return {"account": account, "receipt": replace(RECEIPT, pupils=((key, *RECEIPT.pupils[0][1:]),))}


NO_PAPERS = {"papers": (), "due": ()}
LATER = {"now": NOW + timedelta(days=60)}
OVER = "La réinscription est terminée depuis le 30 septembre 2026 : pour"
MANAGER = {"sites": (), "role": "manager"}
EVERY_SITE = "Rôle ?:? responsable du réseau Sites ?:? tous ceux du réseau"
VALLEY = {"network": replace(NETWORK, name="Réseau de la vallée", public_url="https://r.example")}
# For each promise: the letter, its facts, the patterns that both parts have, and the patterns that neither has.
SAYS: dict[str, tuple[str, dict[str, Any], tuple[str, ...], str]] = {
    "the guardian who changed an address": (
        *("email_changed", {"who": "Aimée Rossignol"}),
        *(("Aimée Rossignol a changé les adresses e-mail de votre compte",), ""),
    ),
    "the administration, which changed an address": (
        *("email_changed", {"who": "L'administration"}),
        *(("L'administration a changé les adresses e-mail de votre compte",), ""),
    ),
    "to an invited manager, every site": ("staff_invitation", MANAGER, (EVERY_SITE,), ""),
    "to a manager who was reset, every site": ("staff_reset", MANAGER, (EVERY_SITE,), ""),
    "that a mailed password may be kept": (
        *("lost_password", in_mode("keep")),
        *(("il devient votre mot de passe : vous pourrez le garder, ou en choisir un autre\\.",), ""),
    ),
    "that a mailed password may not be kept": (
        *("lost_password", in_mode("must_change")),
        *(("il devient votre mot de passe : il vous sera demandé d'en choisir un autre\\.",), ""),
    ),
    "in a receipt, level and hour of each course on file": (
        *("enrolment_receipt", on_file(Pupil("Zélie Rossignol", courses=(FACTS["course"],)))),
        *(("mardi, jeudi \\(cette année : Cycle 1, mercredi 14 h 30 - 15 h 15\\) - Formation musicale",), ""),
    ),
    "to a family that leaves, nothing more to do": (
        *("enrolment_receipt", {"receipt": replace(RECEIPT, pupils=RECEIPT.pupils[1:]), **NO_PAPERS}),
        *(("Et ensuite \\? Il n'y a rien d'autre à faire\\.",), "Foyer|Pièces|M. Merle|étudie"),
    ),
    "the household alone, without a pupil": (
        *("enrolment_receipt", {"receipt": replace(RECEIPT, pupils=()), **NO_PAPERS}),
        (
            "Foyer - Coordonnées : confirmées exactes - Payeur : M. Côme Rossignol",
            "Ces réponses pour le foyer remplacent celles des reçus précédents ; pour vos élèves, rien",
        ),
        "Zélie|Léo|étudie",
    ),
    "in a late receipt, nothing that can no longer be done": (
        *("enrolment_receipt", LATER, (OVER,), "Vous pouvez changer|Complétez vos réponses"),
    ),
    "in a late decision, nothing that can no longer be done": (
        *("enrolment_decision", LATER, (OVER,), "Vous pouvez changer|Complétez vos réponses"),
    ),
    "another network's own name and address": (
        *("lost_password", VALLEY, ("Réseau de la vallée", "https://r.example/extranet/usager")),
        "extranet.example.fr/",
    ),
}


@pytest.mark.parametrize("promise", SAYS)
def test_both_parts_of_a_letter_say(promise: str) -> None:
    name, facts, texts, never = SAYS[promise]

    for part in parts(written(name, **facts)):
        assert [pattern for pattern in texts if not re.search(pattern, part)] == []
        assert not (never and re.search(never, part))


def test_the_letter_to_a_manager_names_the_network_in_its_subject() -> None:
    for name in ("staff_invitation", "staff_reset"):
        assert written(name, **MANAGER).subject.endswith(f" - {NETWORK.name}")


def test_the_notice_of_a_change_holds_no_password() -> None:
    letter = written("password_changed")

    assert "Mh4kWqzR7tXc9bPd" not in letter.text + letter.html
    assert "hash" not in letter.text + letter.html


def test_the_receipt_says_all_that_was_sent_by_whom_when_and_what_comes_next() -> None:
    letter = written("enrolment_receipt")

    assert letter.subject == (
        "Réinscription 2026-2027 : vos réponses sont envoyées, reçu R26-K4TN-8WCB - Evry - Xénakis"
    )
    for part in parts(letter):
        for expected in (
            "Mme Aimée Rossignol a envoyé les réponses pour la réinscription 2026-2027 le 1er septembre 2026 à 9 h 05",
            "Pièces à remettre jusqu'au 30 septembre 2026 inclus : - Avis d'imposition (promise sur papier)",
            "(promise sur papier) - Photo, Zélie",
            "Vous pouvez changer vos réponses sur l'extranet jusqu'au 30 septembre 2026 inclus, puis les envoyer",
            "Zélie Rossignol Se réinscrit. - Hautbois : change pour Alto ; jours souhaités",
            "mardi, jeudi - Formation musicale : continue - Chant : arrête Droit à l'image : non Remarque : Plutôt",
            "Léo Rossignol Ne se réinscrit pas (motif : Déménagement).",
            "Foyer - Coordonnées : confirmées exactes - Payeur : M. Côme Rossignol",
            "En cas d'urgence : M. Merle, 01 99 00 10 02 - Règlement : accepté",
            "Pièces - Certificat médical (Zélie Rossignol) : envoyée sur l'extranet",
            "extranet - Avis d'imposition : promise sur papier, à remettre au conservatoire",
            "L'administration étudie ces réponses.",
            "https://extranet.example.fr/extranet/compte/reinscription/recus/R26-K4TN-8WCB",
        ):
            assert expected in part
        assert re.search("Reçu ?:? R26-K4TN-8WCB", part)


@pytest.mark.parametrize(
    ("verdict", "subject", "says"),
    [
        ("accepted", "acceptée", "a accepté la réinscription 2026-2027 de Zélie Rossignol"),
        ("declined", "refusée", "la réinscription 2026-2027 de Zélie Rossignol n'est pas acceptée"),
        (
            "to_complete",
            "à compléter",
            "Complétez vos réponses sur l'extranet, puis envoyez-les à nouveau, jusqu'au 30 septembre 2026 inclus.",
        ),
    ],
)
def test_a_decision_says_which_of_whom_and_what_is_to_be_done(verdict: Verdict, subject: str, says: str) -> None:
    letter = written("enrolment_decision", decision=replace(DECISION, verdict=verdict))

    assert letter.subject == f"Réinscription 2026-2027 {subject} - Evry - Xénakis"
    for part in parts(letter):
        assert says in part
        assert "L'administration vous écrit : Quel jour préférez-vous ? Mardi ou jeudi ?" in part
        assert "1er septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "https://extranet.example.fr/extranet/compte/reinscription" in part


def test_a_decision_without_words_leaves_no_gap_for_them() -> None:
    letter = written("enrolment_decision", decision=replace(DECISION, verdict="accepted", words=""))

    assert "vous écrit" not in letter.text + letter.html
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize("name", ["enrolment_receipt", "enrolment_decision"])
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Rossignol\r\nBcc: merle@example.org", "{{ 7*7 }}"])
def test_nothing_that_was_typed_breaks_the_letters_of_a_re_enrolment(name: str, text: str) -> None:
    answers = PupilAnswers(stays=True, wishes=(CourseWish(text, "change", text, (text,)),), remark=text)
    household = replace(RECEIPT.household, payer=text, emergency_name=text, emergency_telephone=text)
    pupils = (("a1", text, answers), ("b2", text, replace(LEAVES, reason=text)))
    plain = replace(
        RECEIPT, pupils=(("a1", "Z", replace(answers, wishes=(CourseWish("A", "keep"),))), RECEIPT.pupils[1])
    )

    letter = written(
        name,
        receipt=replace(RECEIPT, by=text, household=household, pupils=pupils),
        papers=(ReceiptDocument(text, text, is_uploaded=True),),
        pupil=PupilFile("a1", text, sent=SentAnswers(answers, "R26-K4TN-8WCB", NOW, DECISION)),
        decision=replace(DECISION, words=text.replace("\r\n", " ")),
    )

    expected = written(
        name, receipt=plain, papers=(ReceiptDocument("", "", is_uploaded=True),), decision=replace(DECISION, words="-")
    )
    assert Reader(letter.html).tags == Reader(expected.html).tags
    assert letter.subject == expected.subject
    assert words(text) in words(letter.text)


@EVERY_LETTER
@pytest.mark.parametrize("public_url", ["https://extranet.example.fr", "http://127.0.0.1:8000"])
def test_links_lead_to_the_networks_own_address_and_to_the_office_only(name: str, public_url: str) -> None:
    letter = written(name, network=load_network({"public_url": public_url}))

    in_text = set(re.findall(r"\w+://[^\s]+", letter.text))
    elsewhere = {link for link in Reader(letter.html).links | in_text if not link.startswith(f"{public_url}/extranet/")}
    assert elsewhere == {"mailto:xenakis@extranet.example.fr"}


def sentences(text: str) -> list[str]:
    """Split a text where a reader pauses: « 9 h 05 (heure de Paris). Gardez » are two sentences."""
    return re.split(r"(?<=[.?!])\s|\n", text)


# Phrases that need a day, and days as they are written.
_SPEAKS_OF_A_DAY = re.compile(r"jusqu'au\b|dernier jour|date limite|échéance|depuis le |étai(?:en)?t attendu")
_NAMES_IT = re.compile(r"\b\d{1,2}(?:er)? [a-zéû]+ \d{4}\b")


def test_every_sentence_that_speaks_of_a_day_names_it() -> None:
    letters = {
        name: sentences(f"{letter.subject}\n{letter.text}\n{Reader(letter.html).words}")
        for name, letter in all_written()
    }

    speaking = [(name, said) for name, every in letters.items() for said in every if _SPEAKS_OF_A_DAY.search(said)]

    assert len(speaking) > 50
    assert [(name, said) for name, said in speaking if not _NAMES_IT.search(said)] == []


def buttons(letter: Letter) -> list[str]:
    """List the targets of a letter's buttons."""
    tags = Reader(letter.html).tags
    return [
        str(link["href"]) for (_, cell), (tag, link) in pairwise(tags) if cell.get("class") == "button" and tag == "a"
    ]


def test_every_letter_has_one_button_whose_address_stands_alone_on_a_line_of_its_text() -> None:
    for name, letter in all_written():
        (address,) = buttons(letter)
        assert letter.text.splitlines().count(address) == 1, name
        path = address.removeprefix(NETWORK.public_url)
        # After login, the user is redirected to a page behind it. All other pages are public.
        assert (
            target_path(target_of(path)) == path
            or path
            in {
                "/extranet/aide",
                "/extranet/compte",
                "/extranet/compte/acces/code",
                "/extranet/compte/ce-n-est-pas-moi/sealed-link",
                "/extranet/usager",
                "/extranet/usager/mot-de-passe-perdu",
                "/extranet/usager/identifiant-perdu",
            }
            or path.startswith(("/extranet/pre-inscription/", "/extranet/bureau/", "/extranet/enseignant/"))
        ), name


@pytest.mark.parametrize(
    ("name", "facts", "path"),
    [
        ("lost_password", {}, "usager"),
        ("email_code", {}, "compte/famille/e-mail/code"),
        ("admission_code", {}, "pre-inscription/code"),
        ("sign_in_code", {}, "compte/acces/code"),
        ("admission_known", {}, "usager/identifiant-perdu"),
        ("enrolment_receipt", {}, "compte/reinscription/recus/R26-K4TN-8WCB"),
        ("enrolment_decision", {}, "compte/reinscription/eleves/a1"),
        ("enrolment_decision", {"decision": replace(DECISION, verdict="accepted")}, "compte/reinscription"),
        ("enrolment_decision", {"now": NOW + timedelta(days=60)}, "compte/reinscription"),
        ("enrolment_decision", {"period": None}, "compte/reinscription"),
        ("notice", {"needs_password": True}, "usager/mot-de-passe-perdu"),
        ("notice", {"needs_password": False}, "usager"),
        ("awaited", {"step": "logged_in"}, "compte"),
        ("awaited", {"step": "started"}, "compte/reinscription"),
    ],
)
def test_the_button_leads_to_what_the_letter_speaks_of(name: str, facts: dict[str, Any], path: str) -> None:
    assert buttons(written(name, **facts)) == [f"https://extranet.example.fr/extranet/{path}"]


@EVERY_LETTER
def test_what_a_list_of_mails_shows_of_a_letter_says_more_than_its_subject_and_no_secret(name: str) -> None:
    letter = written(name)

    (preheader,) = re.findall(r'<div style="display:none[^>]*>(.+?)</div>', letter.html)

    assert len(preheader) > 60
    assert preheader not in letter.subject
    assert not re.search("Mh4kWqzR7tXc9bPd|sealed-link|482|xen1|rossignol@", letter.subject + preheader)


@pytest.mark.parametrize("name", ["awaited", "enrolment_decision", "enrolment_receipt", "notice"])
def test_a_letter_of_the_season_names_its_school_year(name: str) -> None:
    letter = written(name)

    for part in (letter.subject, letter.text, Reader(letter.html).words):
        assert re.search("[Rr]éinscription 2026-2027", part)


@pytest.mark.parametrize(
    ("reader", "subject", "says"),
    [
        ("sender", "vos réponses sont envoyées", "Vous avez envoyé vos réponses pour la réinscription 2026-2027"),
        ("other", "un autre responsable a envoyé les réponses", "Mme Aimée Rossignol a envoyé les réponses pour la"),
        ("unknown", "vos réponses sont envoyées", "Mme Aimée Rossignol a envoyé les réponses pour la"),
    ],
)
def test_the_receipt_tells_each_guardian_who_sent_it(reader: str, subject: str, says: str) -> None:
    letter = written("enrolment_receipt", reader=reader)

    assert letter.subject == f"Réinscription 2026-2027 : {subject}, reçu R26-K4TN-8WCB - Evry - Xénakis"
    for part in parts(letter):
        assert says in part
    assert ("Mme Aimée" in letter.text + letter.html) is (reader != "sender")


def test_the_receipt_gives_its_pdf_and_the_dates_for_a_calendar() -> None:
    letter = written("enrolment_receipt")

    address = "https://extranet.example.fr/extranet/compte/reinscription/recus/R26-K4TN-8WCB"
    for links in (Reader(letter.html).links, set(letter.text.split())):
        assert {f"{address}/pdf", f"{address}/agenda"} <= links


def test_an_accepted_pupil_reads_courses_and_days_and_what_is_still_due() -> None:
    decision = replace(DECISION, verdict="accepted")
    letter, letter_without = (written("enrolment_decision", decision=decision, **more) for more in ({}, {"due": ()}))

    for part in parts(letter):
        assert re.search("Cours ?:? Hautbois : change pour Alto ; jours souhaités, dans l'ordre : mardi, jeudi", part)
        assert "Pièces à remettre jusqu'au 30 septembre 2026 inclus : - Avis d'imposition (promise sur papier)" in part
        assert "rien d'autre à faire" not in part
    assert "Il n'y a rien d'autre à faire." in letter_without.text
    assert "Pièces à remettre" not in letter_without.text
    alone = written("enrolment_decision", decision=decision, due=FACTS["due"][:1])
    assert "Pièce à remettre jusqu'au 30 septembre 2026 inclus :" in alone.text


PLAIN_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "h1", "p", "br"),
    *("table", "tr", "td", "span", "strong", "a"),
}
LOADING = {"src", "srcset", "background", "data", "poster", "ping"}


@EVERY_LETTER
def test_a_letter_loads_nothing_and_tells_nobody_that_it_was_read(name: str) -> None:
    letter = written(name)

    tags = Reader(letter.html).tags
    assert {tag for tag, _ in tags} <= PLAIN_TAGS
    assert {key for _, attributes in tags for key in attributes} & LOADING == set()
    assert not re.search(r"url\(|@import|-image|image[-(/]", letter.html)


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        *(("lost_password", fact) for fact in ("network", "site", "account", "password", "until")),
        *(("password_changed", fact) for fact in ("network", "site", "account", "changed_at", "is_first_use")),
        *(("enrolment_receipt", fact) for fact in ("network", "site", "account", "receipt", "papers")),
        *(("enrolment_decision", fact) for fact in ("network", "site", "account", "pupil", "decision")),
    ],
)
def test_a_fact_that_is_missing_fails_and_leaves_no_gap(name: str, fact: str) -> None:
    facts = {key: value for key, value in FACTS.items() if key != fact}

    with pytest.raises(UndefinedError):
        fill(name, "rossignol@example.org", NOW, facts)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@TO_A_FAMILY
@settings(max_examples=60)
@given(family=NAMES)
@example(family="<script>alert(1)</script>")
@example(family='"><img src=https://example.net/x.png>')
@example(family="Rossignol\r\nBcc: merle@example.org")
@example(family="{{ 7*7 }}{% raw %}")
@example(family="</title></body></html>")
@example(family="O'Rossignol & Fils")
def test_no_name_of_a_family_breaks_a_letter(name: str, family: str) -> None:
    usual = written(name)

    letter = written(name, account=replace(ROSSIGNOL, name=family))

    assert Reader(letter.html).tags == Reader(usual.html).tags
    assert words(f"Bonjour {plain(family)},") in words(Reader(letter.html).words)
    assert f"Bonjour {plain(family)}," in letter.text
    assert (letter.to, letter.subject, letter.at) == (usual.to, usual.subject, usual.at)


@EVERY_LETTER
@pytest.mark.parametrize("field", ["name", "office", "telephone", "hours"])
def test_no_setting_of_a_network_breaks_a_letter(name: str, field: str) -> None:
    odd = 'Gounod & <b>fils</b> "L\'École"'
    site = NETWORK.sites[2]
    contact = replace(site.contact, **({field: odd} if field != "name" else {}))
    site = replace(site, contact=contact, **({"name": odd} if field == "name" else {}))

    letter = written(name, site=site)

    assert Reader(letter.html).tags == Reader(written(name).html).tags
    assert odd in Reader(letter.html).words
    assert odd in letter.text


def test_a_letter_goes_to_the_address_it_was_filled_for_at_its_moment() -> None:
    letter = written("lost_password")

    assert (letter.to, letter.at) == ("rossignol@example.org", NOW)
