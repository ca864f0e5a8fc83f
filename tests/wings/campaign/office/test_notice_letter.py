"""The notice as a letter: dates, identifier, password, help, and one list for the families of one mailbox."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, MailedLetter, Password
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, SentAnswers
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, EnrolmentRef, Periods
from chalicelib.domain.family.households import Household, Pupil, pupil_key
from chalicelib.mail.letters import Letter
from chalicelib.settings.environment import load_network
from chalicelib.wings.campaign.office.notice import NoticeLetter
from tests.support.answers import STAYS
from tests.support.letters import Reader, plain_letter, words

NOW = datetime(2026, 9, 1, 7, 5, tzinfo=UTC)
NETWORK = load_network()
PERIODS = Periods(
    EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 30)),
    (("evry-magnard", EnrolmentPeriod(date(2026, 10, 5), date(2026, 10, 9))),),
)
NEW = Account(
    AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("nid@example.org",), "s", display_identifier="XEN 1"
)
KNOWN = Account(
    AccountRef("ris-orangis-messiaen", "mes4"),
    "Famille Merle",
    ("nid@example.org",),
    "s",
    password=Password("hash", NOW, "chosen"),
)
NO_PASSWORD = "vous n'en avez pas encore ; la ligne « Premier mot de passe » dit comment l'obtenir."
HAS_PASSWORD = "celui que vous avez déjà, par exemple depuis l'an dernier, reste valable."


def letter(*accounts: Account, step: str | None = None) -> Letter:
    return plain_letter(NoticeLetter(NETWORK, PERIODS, step, accounts).to("nid@example.org", NOW))


def parts(mail: Letter) -> list[str]:
    return [words(mail.text), words(Reader(mail.html).words)]


def test_a_family_reads_when_where_and_with_what_it_logs_in() -> None:
    for part in parts(letter(NEW)):
        assert "Bonjour Famille Rossignol," in part
        assert re.search("Site ?:? Evry - Xénakis", part)
        assert re.search("Réinscription 2026-2027 ?:? du 1er septembre 2026 au 30 septembre 2026 inclus", part)
        assert re.search("Identifiant ?:? XEN 1 ", part)
        assert re.search("Aide", part)
        assert "Administration du conservatoire Xénakis, 01 99 00 10 03" in part


def test_who_has_no_password_reads_how_to_get_one() -> None:
    for part in parts(letter(NEW)):
        assert NO_PASSWORD in part
        assert "Premier mot de passe : dans « Mot de passe perdu »" in part
        assert "Obtenir mon premier mot de passe" in part
        assert "https://extranet.example.fr/extranet/usager/mot-de-passe-perdu " in part
        assert "votre identifiant et l'adresse e-mail qui reçoit ce message" in part


def test_who_has_one_reads_that_it_still_works() -> None:
    for part in parts(letter(KNOWN)):
        assert HAS_PASSWORD in part
        assert NO_PASSWORD not in part
        assert "Mot de passe oublié : dans « Mot de passe perdu »" in part
        assert re.search("Se connecter.* https://extranet.example.fr/extranet/usager ", part)


def test_a_mailed_password_that_was_never_used_is_none_to_count_on() -> None:
    assert NO_PASSWORD in words(letter(replace(NEW, letters=(MailedLetter("request-1", NOW),))).text)


def test_families_of_one_mailbox_read_one_list_of_what_is_each_ones_own() -> None:
    for part in parts(letter(NEW, KNOWN)):
        assert "Bonjour ," in part or "Bonjour," in part
        first, second = part.index("Famille Rossignol"), part.index("Famille Merle")
        assert NO_PASSWORD in part[first:second]
        assert HAS_PASSWORD in part[second:]
        assert "Une difficulté à Evry - Xénakis ? Administration du conservatoire Xénakis" in part
        assert "Une difficulté à Ris Orangis - Messiaen ? Administration du conservatoire Messiaen" in part


def test_two_accounts_of_one_family_call_it_by_its_name_and_one_office_once() -> None:
    mail = letter(NEW, replace(NEW, ref=AccountRef("evry-xenakis", "xen2"), display_identifier="XEN 2"))

    for part in parts(mail):
        assert "Bonjour Famille Rossignol," in part
        assert part.count("Administration du conservatoire Xénakis") == 1


def test_sites_with_dates_of_their_own_tell_each_its_own() -> None:
    mail = letter(NEW, replace(NEW, ref=AccountRef("evry-magnard", "mag1"), display_identifier="MAG 1"))

    for part in parts(mail):
        assert "du 1er septembre 2026 au 30 septembre 2026 inclus" in part
        assert "du 5 octobre 2026 au 9 octobre 2026 inclus" in part
    assert mail.subject == "Réinscription 2026-2027 : votre identifiant"


def test_the_subject_tells_the_dates_and_nothing_of_the_family() -> None:
    assert letter(NEW).subject == (
        "Réinscription 2026-2027, du 1er septembre 2026 au 30 septembre 2026 : votre identifiant - Evry - Xénakis"
    )


@pytest.mark.parametrize("step", ["notified", "delivered", "password"])
def test_a_reminder_says_that_one_was_told_before(step: str) -> None:
    mail = letter(NEW, step=step)

    assert mail.subject.startswith("Rappel : réinscription 2026-2027, du 1er septembre")
    for part in parts(mail):
        assert (
            "Nous vous avons écrit au sujet de la réinscription 2026-2027, et vous ne vous êtes pas encore connecté"
            in part
        )


@pytest.mark.parametrize("step", ["imported", "bounced", "uncertain"])
def test_a_reminder_to_whom_no_mail_reached_does_not_say_so(step: str) -> None:
    assert "Nous vous avons écrit" not in letter(NEW, step=step).text


ZOE, LEO = Pupil("Zoé Rossignol"), Pupil("Léo Rossignol")
TWO = replace(NEW, household=Household(pupils=(ZOE, LEO)))
ASKED = SentAnswers(STAYS, "R26-AAAA-BBBB", NOW, EnrolmentDecision("to_complete", "Mme Houx", NOW, "Quel <jour> ?"))
HALF = Enrolment(EnrolmentRef(NEW.ref, "2026"), NOW).with_pupil(PupilFile(pupil_key(LEO), LEO.name, sent=ASKED), NOW)


@pytest.mark.parametrize(("step", "title", "tells", "tells_not"), [
    ("logged_in", "à faire", ["À réinscrire ?:? Zoé Rossignol", "Commencer ma réinscription"], ["Reste à envoyer"]),
    ("started", "à terminer", ["Reste à envoyer ?:? Zoé Rossignol", "À compléter ?:? Léo"], ["À réinscrire"]),
    ("to_complete", "à compléter", ["À compléter ?:? Léo Rossignol, « Quel <jour> \\? »"], ["À réinscrire"]),
])  # fmt: skip
def test_a_reminder_to_enrol_tells_what_is_due(step: str, title: str, tells: list[str], tells_not: list[str]) -> None:
    enrolments = {} if step == "logged_in" else {NEW.ref: HALF}
    written = plain_letter(NoticeLetter(NETWORK, PERIODS, step, (TWO,), enrolments).to("nid@example.org", NOW))

    assert written.subject == f"Rappel : réinscription 2026-2027 {title} jusqu'au 30 septembre 2026 - Evry - Xénakis"
    for part in parts(written):
        assert "Bonjour Famille Rossignol," in part
        assert re.search("Réinscription 2026-2027 ?:? jusqu'au 30 septembre 2026 inclus", part)
        assert re.search("Identifiant ?:? XEN 1 ", part)
        for sentence in tells:
            assert re.search(sentence, part)
        assert not any(sentence in part for sentence in (*tells_not, "pas encore connecté"))
    assert "Quel <jour>" not in written.html


def test_families_of_one_mailbox_are_told_apart_what_is_awaited_of_each() -> None:
    account = replace(
        NEW, ref=AccountRef("evry-magnard", "mag1"), name="Famille Merle", household=Household(pupils=(LEO,))
    )
    mail = plain_letter(
        NoticeLetter(NETWORK, PERIODS, "started", (TWO, account), {NEW.ref: HALF}).to("nid@example.org", NOW)
    )

    assert mail.subject == "Rappel : réinscription 2026-2027 à terminer"
    for part in parts(mail):
        assert part.index("Famille Rossignol") < part.index("Zoé Rossignol") < part.index("Famille Merle")
        assert "jusqu'au 9 octobre 2026 inclus" in part


def test_a_site_that_announced_nothing_is_told_nothing() -> None:
    stranger = replace(NEW, ref=AccountRef("nulle-part", "xen1"))

    with pytest.raises(ValueError, match="period"):
        letter(stranger)
