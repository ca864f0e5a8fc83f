"""`clef families export|erase|erasures`: the data given to a family, its erasure, and the questions before."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from agency.console.exit_codes import ExitCode
from agency.rights.given_data import DataGiver
from agency.rights.given_text import FORMATS, WHOLE, WORDS, TextGiver
from agency.rights.personal_data import (
    BACKUP_DAYS,
    DEAD_LETTER_DAYS,
    DOCUMENT_DAYS,
    FORMER_DOCUMENT_DAYS,
    LOG_DAYS,
    personal_data_json,
)
from agency.rights.titles import Titles
from chalicelib.domain.account.accounts import CANARY, AccountRef
from chalicelib.domain.dossiers.documents import DocumentCheck, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt, SentAnswers
from chalicelib.domain.enrolment.periods import EnrolmentRef, forgotten_at, year_ends_at
from chalicelib.office.rights.attributes import ATTRIBUTES
from chalicelib.office.rights.subject_access import personal_data
from chalicelib.presentation.office.accounts import NOTICES, REASONS, WITHHELD
from chalicelib.presentation.texts import day, day_and_hour
from chalicelib.wings.teaching.domain.assessments import AssessmentRef
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef
from tests.support.billing import PDF
from tests.support.browser_upload import JPEG, WORD
from tests.support.clef import OPERATOR, Clef
from tests.support.households import settle_whole, traces
from tests.support.two_logins import AIMEE, COME, settle_two_logins
from tests.support.world import ROSSIGNOL, World
from tools.local.aws import RESOURCES

SIGNED = "--why 'demande écrite'"
TRACES = ("xen1", "XEN 1", "Rossignol", "rossignol@example.org", "come@example.org", "Aimée", "Zélie", "Tilleuls")
DAY = timedelta(days=1)


def export(clef: Clef, folder: Path) -> tuple[str, str]:
    assert clef(f"families export 'xen 1' --to {folder} --yes {SIGNED}").code == ExitCode.DONE
    stem = folder / "export_evry-xenakis_xen1"
    return stem.with_suffix(".json").read_text(encoding="utf-8"), stem.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.wing("billing", "teaching")
def test_a_family_is_given_all_that_is_held_in_two_files(clef: Clef, world: World, tmp_path: Path) -> None:
    settle_whole(world)

    for content in export(clef, tmp_path):
        more = (
            *("ancienne@example.org", "jadis@example.org", "prouver@example.org", "01 99 00 12 34", "Côme Rossignol"),
            *("2026-0020", "Cours du 2e trimestre", "Location d'un cor"),
            *("Mme Pinson", "01 99 00 56 78", "basson", "Plutôt après la chorale.", "Départ pour Brest"),
            *("hospitalisation du père", "R26-K4TN-8WCB", "R25-K4TN-8WCB", "Il manque la photographie."),
            *("Rendez-vous chez M. Héron", "Un beau vibrato.", "Le coup de langue est à travailler.", "semestre"),
            *("hautbois", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "salle Anche", "formation musicale"),
        )
        codes = ("xen1", "certificat-danse", "quotient-familial", "rentree-2026") if content.startswith("{") else ()
        for trace in (*TRACES[1:], *codes, *more, "demande écrite", "la famille a appelé"):
            assert trace in content


# Under these names the JSON has facts only for programs: codes, our keys, counts, and the stored identifier.
FOR_PROGRAMS = {
    *(
        "site",
        "identifier",
        "login",
        "role",
        "origin",
        "kind",
        "state",
        "field",
        "choice",
        "verdict",
        "opinion",
        "mark",
    ),
    *("code", "owner", "key", "pupil", "course", "period", "season", "school_year", "opened_by", "session", "groups"),
    *("day", "slot", "account", "campaign"),
}
CODES = {"office", "family", "mailed", "chosen", WITHHELD, ""}  # some occur in words
MACHINE_WORDS = re.compile(
    r"\b(?:[a-z]+_[a-z_]+|\d{4}-\d\d-\d\d|xen1|family|login|guardian|office|chosen|mailed|bounced|emails|waiting|"
    r"evry-[a-z]+|certificat-danse|quotient-familial|justificatif-domicile|habitant|submitted|[0-9a-f]{8,})\b"
    r"|^ *- \d{4}[ ,]|True|False|None",
    re.MULTILINE,
)


def facts(data: object, name: str = "") -> Iterator[str]:
    """List each fact of the data as a person reads it."""
    match data:
        case dict():
            for key, value in data.items():
                yield from facts(value, key)
        case list() | tuple():
            for value in data:
                yield from facts(value, name)
        case datetime():
            yield day_and_hour(data)
        case date():
            yield day(data)
        case str() if name not in FOR_PROGRAMS and data not in CODES and not re.fullmatch("[0-9a-f]{8,}", data):
            yield data


def test_the_text_has_each_fact_in_words_that_a_family_knows(clef: Clef, world: World, tmp_path: Path) -> None:
    account = settle_whole(world)
    first, second = account.household.guardians
    second = replace(second, address=("9 rue Basse", "91000 Evry"))
    household = replace(account.household, guardians=(first, second))
    world.services.accounts.change(account, replace(account, household=household, separated_at=None))
    copy = personal_data(world.services, world.account(), world.now)

    _, text = export(clef, tmp_path)

    data = personal_data_json(copy, world.services.record.pseudonyms)
    assert {fact for fact in facts(data) if fact not in text} == set()
    assert MACHINE_WORDS.findall(text) == []
    for words in (
        *("2026-2027, « Certificat médical pour la danse », Zélie Rossignol", "fin de session le"),
        *("identifiant : XEN 1", "nature : compte de la famille", "compte cité dans les communiqués"),
        *("communiqué « rentree 2026 » remis", "décision du 1er septembre 2026 à 9 h 00 : à compléter :"),
    ):
        assert words in text


@pytest.mark.wing("teaching")
def test_what_teaching_holds_is_given_in_words_that_one_understands(clef: Clef, world: World, tmp_path: Path) -> None:
    (calendar,) = personal_data(world.services, settle_whole(world), world.now).lessons.calendars

    data, text = export(clef, tmp_path)

    about, at = "Zélie Rossignol, hautbois, le 1er septembre 2026", "le 1er septembre 2026 à 9 h 00"
    assert f"absence annoncée : {about}, annoncée {at}, par Aimée Rossignol, « Rendez-vous" in text
    assert f"appel : {about}, absence, notée {at}" in text
    assert f"absence comptée comme non excusée : {about}" in text
    assert "appréciation : Zélie Rossignol, 2026-2027, 1er semestre, hautbois, Mme Sorbier, écrite le" in text
    assert f"agenda : Zélie Rossignol, son adresse créée {at}, par Aimée Rossignol" in text
    assert calendar.nonce
    assert calendar.nonce not in data + text
    lessons = json.loads(data)["lessons"]
    assert {name: len(one) for name, one in lessons.items()} == {
        "announced_absences": 1,
        "marks": 1,
        "unexcused_absences": 1,
        "assessments": 2,
        "calendars": 1,
    }
    assert lessons["assessments"][0]["by"] == WITHHELD


def test_what_the_text_writes_in_its_own_way_is_declared() -> None:
    pairs = {(kind, attribute.label) for kind, attributes in ATTRIBUTES.items() for attribute in attributes.values()}
    pairs |= {(UploadedFile, label) for label in ("season", "code", "owner")}
    labels = {label for _, label in pairs}

    assert [own for own in FORMATS if own not in pairs and (own[0] is not object or own[1] not in labels)] == []
    assert WORDS.keys() - labels == set()
    assert WHOLE.keys() - ATTRIBUTES.keys() == set()


def test_the_check_of_a_document_is_given_without_who_made_it(world: World) -> None:
    check = DocumentCheck("refused", "Mme Houx", world.now, "La photographie manque.")
    document = ProvidedDocument("certificat-danse", "foyer", SavedBy("Aimée Rossignol", world.now), check=check)

    enrolment = Enrolment(EnrolmentRef(ROSSIGNOL, "2026"), provided=(document,))
    text = "".join(TextGiver(titles=Titles(world.services.settings.network), names={}).sections(enrolment))

    facts = {"finding": "refused", "by": WITHHELD, "at": world.now, "words": "La photographie manque."}
    assert DataGiver().give(document)["check"] == facts
    at = "le 1er septembre 2026 à 9 h 00"
    assert f"promise sur papier {at}, par Aimée Rossignol, refusée {at} : « La photographie manque. »" in text
    assert "Houx" not in text


def test_the_text_says_what_changed_since_it_was_sent_and_of_whom_the_account_is(world: World) -> None:
    leaving, staying = PupilAnswers(stays=False), PupilAnswers(stays=True)
    answers = SentAnswers(staying, "R26-K4TN-8WCB", world.now)
    files = (PupilFile("1", "Zélie", draft=leaving, sent=answers), PupilFile("2", "Blanche", draft=leaving))
    receipt = Receipt(answers.receipt, world.now, "Aimée", HouseholdAnswers(payer="Aimée"), (), (), with_household=True)
    ref, household = EnrolmentRef(ROSSIGNOL, "2026"), HouseholdAnswers(payer="Côme")
    enrolment = Enrolment(ref, household=household, pupils=files, receipts=(receipt,))
    giver = TextGiver(titles=Titles(world.services.settings.network), names={})

    text = "\n".join([*giver.sections(enrolment), *giver.sections(replace(world.settle(), role=CANARY))])

    for words in (
        "modifié depuis l'envoi, pas renvoyé : Payeur : Aimée → Côme",
        "; depuis, pas encore renvoyé : ne se réinscrit pas",
        "Blanche ; pas encore envoyé : ne se réinscrit pas",
        "compte fictif",
    ):
        assert words in text


@pytest.mark.wing("billing")
def test_the_pdfs_of_invoices_are_given_too(clef: Clef, world: World, tmp_path: Path) -> None:
    settle_whole(world)

    export(clef, tmp_path)

    pdf = tmp_path / "export_evry-xenakis_xen1_facture-2026-0020.pdf"
    assert pdf.read_bytes() == PDF
    assert pdf.stat().st_mode & 0o777 == 0o600


@pytest.mark.wing("billing")
def test_a_copy_of_each_uploaded_file_is_given_too_whatever_it_is(clef: Clef, world: World, tmp_path: Path) -> None:
    settle_whole(world)

    result = clef(f"families export 'xen 1' --to {tmp_path} {SIGNED}")

    copies = {file.name.removeprefix("export_evry-xenakis_xen1_"): file for file in tmp_path.glob("*_piece-*")}
    assert {name: file.read_bytes() for name, file in copies.items()} == {
        "piece-1_2025_certificat-danse.jpg": JPEG,
        "piece-2_2025_quotient-familial.bin": WORD,
        "piece-3_2026_certificat-danse.jpg": JPEG,
        "piece-4_2026_quotient-familial.bin": WORD,
    }
    assert {file.stat().st_mode & 0o777 for file in copies.values()} == {0o600}
    assert "avec 1 facture en PDF et 4 pièces déposées." in result.out


def test_secrets_are_named_and_withheld(clef: Clef, world: World, tmp_path: Path) -> None:
    account = settle_whole(world)
    assert account.password
    (session,) = world.services.sessions.of_account(ROSSIGNOL)

    data, text = export(clef, tmp_path)

    secrets = (
        account.stamp,
        account.password.hash,
        account.mailed_passwords[0].digest,
        session.fingerprint,
        "Mh4kWqzR7tXc9bPd",
        "0123456789abcdef",
        OPERATOR,
        "Gaspard Roitelet",
        "5e4d",
    )
    for secret in secrets:
        assert secret not in data + text
    assert json.loads(data)["account"]["password"]["hash"] == WITHHELD
    assert WITHHELD in text


def test_the_text_says_nothing_where_nothing_is_held(clef: Clef, world: World, tmp_path: Path) -> None:
    world.settle(password=None, emails=())

    _, text = export(clef, tmp_path)

    assert "\n\nRien n'est détenu sous ces titres\n  - Sessions\n" in text
    assert re.findall(r"^(?!  |$).*", text, re.MULTILINE)[1:3] == ["Le compte", "Actes de l'administration"]
    assert "dernière connexion : jamais" in text


def test_the_name_of_a_file_is_fit_for_any_system(clef: Clef, world: World, tmp_path: Path) -> None:
    world.settle(AccountRef("evry-xenakis", "../é:1"))

    result = clef(f"families export ../É:1 --to {tmp_path} {SIGNED} --json")

    assert [Path(file).parent for file in result.json["files"]] == [tmp_path, tmp_path]
    assert {file.name for file in tmp_path.iterdir()} == {"export_evry-xenakis__1.json", "export_evry-xenakis__1.txt"}


def test_with_separated_coordinates_each_guardian_has_own_files(clef: Clef, world: World, tmp_path: Path) -> None:
    settle_two_logins(world, separated_at=world.now)

    outputs = [clef(f"families export '{login}' --to {tmp_path} {SIGNED}").out for login in ("XEN 1", "XEN 1 R2")]

    assert {file.name for file in tmp_path.glob("*.txt")} == {
        "export_evry-xenakis_xen1.txt",
        "export_evry-xenakis_xen1r2.txt",
    }
    for words, author in zip(outputs, (AIMEE, COME), strict=True):
        assert f"Remettez-les à {author}, et à personne d'autre" in " ".join(words.split())


def test_how_long_things_remain_is_what_the_stack_says() -> None:
    stack = RESOURCES.read_text(encoding="utf-8")

    assert set(re.findall(r"RetentionInDays: (\d+)", stack)) == {str(LOG_DAYS)}
    assert f"MessageRetentionPeriod: {DEAD_LETTER_DAYS * 24 * 3600} " in stack
    assert "PointInTimeRecoveryEnabled: true" in stack
    assert BACKUP_DAYS == 35  # DynamoDB's own, and a tombstone's
    assert f"ExpirationInDays: {DOCUMENT_DAYS}}}" in stack
    match = re.search(r"MinRetentionDays: &copied_days (\d+)", stack)
    assert match
    assert f"NoncurrentDays: {FORMER_DOCUMENT_DAYS - int(match[1])}}}" in stack
    assert int(match[1]) <= BACKUP_DAYS


def test_the_agency_and_the_families_are_told_the_same_of_how_long_things_are_kept(world: World) -> None:
    page = (Path(__file__).parents[3] / "docs/agency.md").read_text(encoding="utf-8")
    notice = " ".join(world.services.settings.network.data_protection.notice)

    for days in (BACKUP_DAYS, LOG_DAYS, DOCUMENT_DAYS, FORMER_DOCUMENT_DAYS):
        assert f"{days} jours" in page
    for days in (DOCUMENT_DAYS, FORMER_DOCUMENT_DAYS):
        assert f"{days} jours" in notice
    assert day(forgotten_at("2027")) in page
    assert AssessmentRef("2026", "semestre-1", "0" * 16).expires_at == year_ends_at("2027")
    assert Roll(RollRef("evry-xenakis", "0" * 16, date(2026, 11, 4))).expires_at == year_ends_at("2026")
    assert "Les appréciations | la fin de l'année scolaire suivante" in page
    assert "Les appels, les absences" in page
    for sentence in ("à la fin de l'année scolaire, les appréciations un an plus tard", "après un an"):
        assert sentence in notice


@pytest.mark.wing("teaching")
def test_an_erasure_shows_what_goes_and_asks_for_the_identifier(clef: Clef, world: World) -> None:
    account = settle_whole(world)

    result = clef("families erase xen1 --why demande", "XEN1\n")

    assert result.code == ExitCode.DONE
    assert "Famille Rossignol (XEN 1), evry-xenakis : va disparaître" in result.out
    assert "1 session, 2 essais, 1 demande notée" in result.out
    assert "2 réinscriptions et 4 pièces déposées" in result.out
    assert "1 absence annoncée, 1 marque sur des appels, 2 appréciations, 2 avis" in result.out
    assert "1 autre compte" in result.out
    assert "35 jours" in result.out
    assert "180 jours" in result.out
    assert "logiciel" in result.out
    assert traces(world, account) == []


@pytest.mark.parametrize("answers", ["", "xen2\n", "\nnon\n"])
def test_without_the_identifier_nothing_goes(clef: Clef, world: World, answers: str) -> None:
    account = world.settle()

    result = clef("families erase xen1 --why demande", answers)

    assert result.code == ExitCode.FAILED
    assert world.account() == account
    assert list(world.services.audit_trail.erasures()) == []


def test_the_reason_is_one_of_three_words(clef: Clef, world: World) -> None:
    account = world.settle()

    assert clef("families erase xen1 --yes --why 'Mme Rossignol le veut'").code == ExitCode.MISUSED
    assert clef("families erase xen1 --yes").code == ExitCode.MISUSED
    assert world.account() == account


def test_erasures_are_listed_without_whom(clef: Clef, world: World) -> None:
    settle_whole(world)
    clef("families erase xen1 --why doublon --yes")

    result = clef("families erasures")

    assert re.search(f"2026 à 9 h 00 +{OPERATOR} +doublon +evry-xenakis : 1 +evry-xenakis : 1", result.out)
    assert "ossignol" not in result.out
    (erasure,) = clef("families erasures --json").json["erasures"]
    assert (erasure["reason"], erasure["erased"]) == ("duplicate", {"evry-xenakis": 1})


def test_an_interrupted_erasure_says_so_and_the_same_command_ends_it(clef: Clef, world: World) -> None:
    account = settle_whole(world)
    with world.aws.failing("DeleteItem", "before"):
        result = clef("families erase xen1 --why demande --yes")
    assert result.code == ExitCode.FAILED
    assert "non confirmé" in clef("families erasures").out

    world.wait(DAY)
    assert clef("families erase xen1 --why demande --yes --json").json["erased"] == {"evry-xenakis": 1}
    assert traces(world, account) == []


def test_every_state_and_reason_has_its_words() -> None:
    assert set(NOTICES) == {"sending", "sent", "delivered", "bounced", "complained"}
    assert set(REASONS) == {"asked", "duplicate", "mistake", "purged", "documents", "requests"}


def test_what_a_later_version_wrote_is_given_too_without_secrets(clef: Clef, world: World, tmp_path: Path) -> None:
    settle_whole(world)
    export(clef, tmp_path)
    assert "later" not in (tmp_path / "export_evry-xenakis_xen1.json").read_text(encoding="utf-8")
    resources, key = world.resources, {"site": ROSSIGNOL.site, "identifier": ROSSIGNOL.identifier}
    season = {**key, "identifier": f"2026#{ROSSIGNOL.identifier}"}
    for table, name, change in (
        (resources.accounts_table, key, "SET #nickname = :new"),
        (resources.accounts_table, key, "SET #household.#pet = :new"),
        (resources.accounts_table, key, "SET #password.#salt = :secret"),
        (resources.enrolments_table, season, "SET #household.#allergies = :new"),
    ):
        values = {"secret": "sel"} if ":secret" in change else {"new": "Filou"}
        world.database.update(table, name, change, "attribute_exists(#site)", **values)

    data, text = export(clef, tmp_path)

    assert json.loads(data)["later"] == {
        "account": [{"nickname": "Filou", "password": WITHHELD, "household": {"pet": "Filou"}}],
        "enrolments": [{"household": {"allergies": "Filou"}}],
    }
    assert 'une réinscription : {"household": {"allergies": "Filou"}}' in text
    assert "sel" not in re.findall(r"\w+", data + text)
