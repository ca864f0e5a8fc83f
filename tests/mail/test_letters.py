"""Letters: what each says, where its links go, and that no name a family bears can break one."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, PupilFile, Receipt, SentAnswers, Verdict
from chalicelib.domain.enrolment.paperwork import ReceiptDocument
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.mail.letters import Letter, fill
from chalicelib.office.campaign.notice_letter import NoticeEntry, facts_of
from chalicelib.rendering import TEMPLATES
from chalicelib.settings import load_network
from tests.support.french import loose, loose_in_page, plain
from tests.support.letters import Reader, plain_letter, words

NOW = datetime(2026, 9, 1, 7, 5, tzinfo=UTC)  # 9 h 05 in Paris
UNTIL = datetime(2026, 9, 2, 7, 5, tzinfo=UTC)
NETWORK = load_network()
ROSSIGNOL = Account(
    AccountRef("evry-xenakis", "xen1"),
    "Famille Rossignol",
    ("rossignol@example.org",),
    "stamp",
    password=Password("hash", NOW, "chosen"),
)
PERIOD = EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 30))
CHANGES = PupilAnswers(
    stays=True,
    wishes=(
        CourseWish("Hautbois", "change", "Alto", ("mardi", "jeudi")),
        CourseWish("Formation musicale", "keep"),
        CourseWish("Chant", "stop"),
    ),
    remark="Plutôt après 17 h.",
)
LEAVES = PupilAnswers(stays=False, reason="Déménagement")
RECEIPT = Receipt(
    "R26-K4TN-8WCB",
    NOW,
    "Mme Aimée Rossignol",
    HouseholdAnswers(
        coordinates_exact=True,
        payer="M. Côme Rossignol",
        image_rights=False,
        emergency_name="M. Merle",
        emergency_telephone="01 99 00 10 02",
        rules_accepted=True,
    ),
    (("a1", "Zélie Rossignol", CHANGES), ("b2", "Léo Rossignol", LEAVES)),
)
DECISION = Decision("to_complete", "Mme Houx", NOW, "Quel jour préférez-vous ?\nMardi ou jeudi ?")
LETTERS = sorted(file.stem for file in TEMPLATES.glob("letters/*.txt"))
EVERY_LETTER = pytest.mark.parametrize("name", LETTERS)
# Those to an address on file; the others may come to a stranger.
TO_A_FAMILY = pytest.mark.parametrize("name", [name for name in LETTERS if name != "email_code"])
# What a letter may say; each takes what it needs, and fails for what is missing.
FACTS: Mapping[str, Any] = {
    "network": NETWORK,
    "site": NETWORK.site("evry-xenakis"),
    "account": ROSSIGNOL,
    "password": "Mh4kWqzR7tXc9bPd",
    "until": UNTIL,
    "changed_at": NOW,
    "is_first_use": False,
    "password_ended": False,
    "had_one": True,
    "who": "Aimée Rossignol",
    "code": "482913",
    "receipt": RECEIPT,
    "papers": (
        ReceiptDocument("Certificat médical", "Zélie Rossignol", is_uploaded=True),
        ReceiptDocument("Avis d'imposition", "", is_uploaded=False),
    ),
    "pupil": PupilFile("a1", "Zélie Rossignol", sent=SentAnswers(CHANGES, "R26-K4TN-8WCB", NOW, DECISION)),
    "decision": DECISION,
    "family": "Famille Rossignol",
    "guardians": ["M. Côme Merle"],
    "step": "started",
}


def written(name: str, **facts: Any) -> Letter:
    told = {**FACTS, **facts}
    listed = (NoticeEntry(told["site"], told["account"], PERIOD),)
    return plain_letter(fill(name, "rossignol@example.org", NOW, facts_of(told["network"], None, listed) | told))


@EVERY_LETTER
@pytest.mark.parametrize("step", ["logged_in", "started", "to_complete"])
def test_no_line_of_a_letter_breaks_where_none_may(name: str, step: str) -> None:
    listed = facts_of(NETWORK, None, (NoticeEntry(NETWORK.sites[2], ROSSIGNOL, PERIOD),))

    letter = fill(name, "rossignol@example.org", NOW, {**FACTS, **listed, "step": step})

    assert loose(letter.subject) + loose(letter.text) + loose_in_page(letter.html) == []


def test_every_letter_has_a_text_and_an_html_part() -> None:
    pages = {file.stem for file in TEMPLATES.glob("letters/*.html")} - {"base"}

    assert LETTERS == [
        "awaited",
        "email_changed",
        "email_code",
        "enrolment_decision",
        "enrolment_receipt",
        "invitation",
        "login_added",
        "lost_password",
        "notice",
        "password_changed",
    ]
    assert pages == set(LETTERS)


@EVERY_LETTER
def test_a_letter_has_a_subject_of_one_line_and_says_it_nowhere_else_in_its_text(name: str) -> None:
    letter = written(name)

    assert re.fullmatch(
        r"[VR][^\n\r]+( - Evry - Xénakis| : votre identifiant pour l'extranet| jusqu'au 30 septembre 2026)",
        letter.subject,
    )
    assert letter.subject not in letter.text
    assert f"<title>{letter.subject}</title>" in letter.html.replace("&#39;", "'")


@TO_A_FAMILY
def test_both_parts_say_for_whom_for_which_site_and_whom_to_call(name: str) -> None:
    letter = written(name)

    for part in (words(letter.text), words(Reader(letter.html).words)):
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

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert re.search("Identifiant ?:? XEN 1 ", part)


@pytest.mark.parametrize("who", ["Aimée Rossignol", "L'administration"])
def test_the_notice_of_another_address_says_who_changed_it(who: str) -> None:
    letter = written("email_changed", who=who)

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert f"{who} a changé les adresses e-mail de votre compte" in part


def test_the_code_comes_with_until_when_where_to_type_it_and_nothing_of_the_family() -> None:
    letter = written("email_code")

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert re.search("Code ?:? 482 913 ", part)
        assert "valable jusqu'au 2 septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "Pour le saisir : https://extranet.example.fr/extranet/compte/famille/e-mail/code" in part
        assert "ne donnez ce code à personne" in part
        assert "Administration du conservatoire Xénakis, 01 99 00 10 03" in part
        assert not re.search("Rossignol|xen1", part)
    assert "482" not in letter.subject, "a locked telephone shows subjects"


def test_1_6_the_letter_says_the_password_until_when_and_where_to_log_in() -> None:
    letter = written("lost_password")

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert re.search("Mot de passe ?:? Mh4kWqzR7tXc9bPd", part)
        assert "valable jusqu'au 2 septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "Pour vous connecter : https://extranet.example.fr/extranet/usager " in part
        assert "votre mot de passe actuel, si vous en avez un, reste valable" in part
    assert "https://extranet.example.fr/extranet/usager" in Reader(letter.html).links


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("keep", "il devient votre mot de passe : vous pourrez le garder, ou en choisir un autre."),
        ("must_change", "il devient votre mot de passe : il vous sera demandé d'en choisir un autre."),
    ],
)
def test_the_letter_says_whether_the_password_may_be_kept(mode: str, says: str) -> None:
    passwords = replace(NETWORK.passwords, mode=mode)  # type: ignore[arg-type]  # one of the two
    letter = written("lost_password", network=replace(NETWORK, passwords=passwords))

    assert says in words(letter.text)
    assert says in words(Reader(letter.html).words)


def test_2_7_the_notice_says_when_and_what_to_do_if_it_was_somebody_else() -> None:
    letter = written("password_changed")

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert "a été modifié le 1er septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "https://extranet.example.fr/extranet/usager/mot-de-passe-perdu" in part
    assert "https://extranet.example.fr/extranet/usager/mot-de-passe-perdu" in Reader(letter.html).links


def test_the_notice_of_a_first_use_says_so_and_what_became_of_the_former_password() -> None:
    letter, first = (written("password_changed", is_first_use=True, had_one=had_one) for had_one in (True, False))

    assert letter.subject == "Votre mot de passe a été modifié - Evry - Xénakis"
    assert first.subject == "Votre mot de passe reçu par mail a été utilisé - Evry - Xénakis"
    used = "Le mot de passe reçu par mail a été utilisé pour la première fois le 1er septembre 2026 à 9 h 05"
    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert f"{used} (heure de Paris). C'est maintenant le mot de passe de votre compte" in part
        assert "conservatoires : l'ancien n'ouvre plus le compte, et les connexions en cours avec lui sont" in part
        assert "Ce n'est aucun d'entre vous ? Demandez tout de suite un nouveau mot de passe" in part
    for part in (words(first.text), words(Reader(first.html).words)):
        assert f"{used} (heure de Paris)." in part
        assert "l'ancien" not in part


def test_the_notice_of_a_change_holds_no_password() -> None:
    letter = written("password_changed")

    assert "Mh4kWqzR7tXc9bPd" not in letter.text + letter.html
    assert "hash" not in letter.text + letter.html


def test_the_receipt_says_all_that_was_sent_by_whom_when_and_what_comes_next() -> None:
    letter = written("enrolment_receipt")

    assert letter.subject == "Vos réponses sont envoyées : reçu R26-K4TN-8WCB - Evry - Xénakis"
    for part in (words(letter.text), words(Reader(letter.html).words)):
        for said in (
            "Mme Aimée Rossignol a envoyé vos réponses pour la réinscription le 1er septembre 2026 à 9 h 05",
            "Zélie Rossignol Se réinscrit. - Hautbois : change pour Alto ; jours souhaités",
            "mardi, jeudi - Formation musicale : continue - Chant : arrête Remarque : Plutôt après 17 h.",
            "Léo Rossignol Ne se réinscrit pas (motif : Déménagement).",
            "Foyer - Coordonnées : confirmées exactes - Payeur : M. Côme Rossignol - Droit à l'image : non",
            "En cas d'urgence : M. Merle, 01 99 00 10 02 - Règlement : accepté",
            "Pièces - Certificat médical (Zélie Rossignol) : envoyée sur l'extranet",
            "extranet - Avis d'imposition : promise sur papier, à remettre au conservatoire",
            "L'administration étudie vos réponses.",
            "https://extranet.example.fr/extranet/compte/reinscription/recus/R26-K4TN-8WCB",
        ):
            assert said in part
        assert re.search("Reçu ?:? R26-K4TN-8WCB", part)


def test_the_receipt_of_who_leaves_asks_for_nothing_more() -> None:
    letter = written("enrolment_receipt", receipt=replace(RECEIPT, pupils=RECEIPT.pupils[1:]), papers=())

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert "Et ensuite ? Il n'y a rien d'autre à faire." in part
        assert not re.search("Foyer|Pièces|M. Merle|étudie", part)


def test_the_receipt_of_the_household_alone_tells_it_and_no_pupil() -> None:
    letter = written("enrolment_receipt", receipt=replace(RECEIPT, pupils=()), papers=())

    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert "Foyer - Coordonnées : confirmées exactes - Payeur : M. Côme Rossignol - Droit à l'image : non" in part
        assert "Ces réponses pour le foyer remplacent celles de vos reçus précédents ; pour vos élèves, rien" in part
        assert not re.search("Zélie|Léo|étudie", part)


@pytest.mark.parametrize(
    ("verdict", "subject", "says"),
    [
        ("accepted", "Réinscription acceptée", "a accepté la réinscription de Zélie Rossignol"),
        ("declined", "Réinscription refusée", "n'a pas pu accepter la réinscription de Zélie Rossignol"),
        (
            "to_complete",
            "Réinscription à compléter",
            "Complétez vos réponses sur l'extranet, puis envoyez-les à nouveau",
        ),
    ],
)
def test_a_decision_says_which_of_whom_and_what_is_to_be_done(verdict: Verdict, subject: str, says: str) -> None:
    letter = written("enrolment_decision", decision=replace(DECISION, verdict=verdict))

    assert letter.subject == f"{subject} - Evry - Xénakis"
    for part in (words(letter.text), words(Reader(letter.html).words)):
        assert says in part
        assert "L'administration vous écrit : Quel jour préférez-vous ? Mardi ou jeudi ?" in part
        assert "le 1er septembre 2026 à 9 h 05 (heure de Paris)" in part
        assert "https://extranet.example.fr/extranet/compte/reinscription" in part


def test_a_decision_without_words_leaves_no_gap_for_them() -> None:
    letter = written("enrolment_decision", decision=replace(DECISION, verdict="accepted", words=""))

    assert "vous écrit" not in letter.text + letter.html
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize("name", ["enrolment_receipt", "enrolment_decision"])
@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "Rossignol\r\nBcc: merle@example.org", "{{ 7*7 }}"])
def test_nothing_that_was_typed_breaks_the_letters_of_a_re_enrolment(name: str, typed: str) -> None:
    wish = CourseWish(typed, "change", typed, (typed,))
    answers = PupilAnswers(stays=True, wishes=(wish,), remark=typed)
    household = replace(RECEIPT.household, payer=typed, emergency_name=typed, emergency_telephone=typed)
    pupils = (("a1", typed, answers), ("b2", typed, replace(LEAVES, reason=typed)))
    plain = replace(
        RECEIPT, pupils=(("a1", "Z", replace(answers, wishes=(CourseWish("A", "keep"),))), RECEIPT.pupils[1])
    )

    letter = written(
        name,
        receipt=replace(RECEIPT, by=typed, household=household, pupils=pupils),
        papers=(ReceiptDocument(typed, typed, is_uploaded=True),),
        pupil=PupilFile("a1", typed, sent=SentAnswers(answers, "R26-K4TN-8WCB", NOW, DECISION)),
        decision=replace(DECISION, words=typed.replace("\r\n", " ")),
    )

    expected = written(
        name, receipt=plain, papers=(ReceiptDocument("", "", is_uploaded=True),), decision=replace(DECISION, words="-")
    )
    assert Reader(letter.html).tags == Reader(expected.html).tags
    assert letter.subject == expected.subject
    assert words(typed) in words(letter.text)


@EVERY_LETTER
@pytest.mark.parametrize("public_url", ["https://extranet.example.fr", "http://127.0.0.1:8000"])
def test_links_lead_to_the_networks_own_address_and_to_the_office_only(name: str, public_url: str) -> None:
    letter = written(name, network=load_network({"public_url": public_url}))

    in_text = set(re.findall(r"\w+://[^\s]+", letter.text))
    elsewhere = {link for link in Reader(letter.html).links | in_text if not link.startswith(f"{public_url}/extranet/")}
    assert elsewhere == {"mailto:xenakis@extranet.example.fr"}


PLAIN_TAGS = {"html", "head", "meta", "title", "body", "div", "p", "br", "table", "tr", "th", "td", "strong", "a"}
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
@settings(deadline=None, max_examples=60)
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


def test_no_password_shows_where_a_letter_is_printed() -> None:
    letter = written("lost_password")

    assert "Mh4kWqzR7tXc9bPd" not in repr(letter)


def test_letters_of_another_network_are_its_own() -> None:
    other = replace(NETWORK, name="Réseau de la vallée", public_url="https://r.example")

    letter = written("lost_password", network=other)

    assert "Réseau de la vallée" in letter.text
    assert "https://r.example/extranet/usager" in letter.html
    assert "extranet.example.fr/" not in letter.text + letter.html
