"""`clef enrolments documents`: copies for the secretary only, and what is promised or lacks."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.enrolment.enrolments import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.submissions import sendable, submit
from tests.support.clef import Clef
from tests.support.enrolled import BY
from tests.support.enrolling import IN_JUNE, enrolment
from tests.support.enrolment_pages import version_of_page
from tests.support.handed_in import DANCE, PASSPORT, QUOTIENT, keep_content, open_season, put
from tests.support.uploading import JPEG, PDF, PNG, WORD, signed_forms, upload
from tests.support.world import Visitor, World

PIECES = "/extranet/compte/reinscription/pieces"
SUMMARY = "/extranet/compte/reinscription/recapitulatif"


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_season(world)


def rows(said: str) -> list[str]:
    return [re.sub(" {2,}", "  ", line) for line in said.splitlines()]


def test_copies_are_written_for_their_reader_only(clef: Clef, world: World, tmp_path: Path) -> None:
    put(world, DANCE, JPEG)
    put(world, QUOTIENT, PDF)
    to = tmp_path / "pieces"

    said = clef(f"enrolments documents 'XEN 1' --to {to}")

    assert said.code == ExitCode.DONE
    assert {file.name: file.read_bytes() for file in to.iterdir()} == {
        "xen1_certificat-danse_leo-rossignol.jpg": JPEG,
        "xen1_quotient-familial.pdf": PDF,
    }
    assert {file.stat().st_mode & 0o777 for file in to.iterdir()} == {0o600}
    assert to.stat().st_mode & 0o777 == 0o700
    assert said.out.startswith("Famille Rossignol (XEN 1), réinscription 2027\n")
    assert said.out.endswith(f"Copies dans {to} : 2. Effacez-les d'ici une fois vérifiées.\n")


def test_each_document_is_told_as_it_stands(clef: Clef, world: World, tmp_path: Path) -> None:
    before = enrolment(world)
    key = put(world, DANCE, PNG)
    after = before.with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), key))
    world.services.enrolments.change(before, after.with_document(ProvidedDocument(*QUOTIENT, SavedBy(BY, IN_JUNE))))

    told = "\n".join(rows(clef(f"enrolments documents xen1 --to {tmp_path}").out))

    copied = r"xen1_certificat-danse_leo-rossignol\.png"
    another = r"enregistrée après le reçu R27-K4TN-8WCB : ce n'est pas le fichier envoyé"
    assert re.search(rf"danse  Léo Rossignol  déposée le .*, 1 Ko, image PNG ; {another}  {copied}", told)
    assert "celle du reçu R27-K4TN-8WCB, du 2 juin 2027 à 20 h 00 : ce fichier n'est plus là" in told
    assert re.search(r"quotient familial +promise sur papier", told)


def test_what_lacks_is_told_and_nothing_is_written(clef: Clef, tmp_path: Path) -> None:
    said = clef(f"enrolments documents xen1 --to {tmp_path}")

    assert said.out.count("manque") == 2
    assert "Copies" not in said.out
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_the_family_has_not_noted_is_copied_and_told(clef: Clef, world: World, tmp_path: Path) -> None:
    put(world, DANCE, PDF)

    assert "pas encore enregistrée par la famille" in clef(f"enrolments documents xen1 --to {tmp_path}").out
    assert len(list(tmp_path.iterdir())) == 1


def test_where_the_newest_is_none_the_one_before_is_copied(clef: Clef, world: World, tmp_path: Path) -> None:
    before = enrolment(world)
    key = put(world, DANCE, PDF)
    world.services.enrolments.change(before, before.with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), key)))
    world.aws.date_back(world.resources, key)
    put(world, DANCE, WORD)

    said = clef(f"enrolments documents xen1 --to {tmp_path}")

    assert "ni PDF ni photo ; celui d'avant est gardé" in said.out
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [PDF]


def test_the_copy_is_what_was_sent_with_the_receipt_whatever_came_by_the_same_form_since(
    clef: Clef, world: World, visitor: Visitor, tmp_path: Path
) -> None:
    world.wait(timedelta(minutes=1))
    visitor.log_in()
    form = next(form for form in signed_forms(visitor.get(PIECES).text) if form.slot == DANCE)
    upload(form, PDF)
    promised = {"papier-quotient-familial-foyer": "oui", "par": "1"}
    assert visitor.post(PIECES, {"vu": version_of_page(visitor, PIECES), **promised}).status_code == 303
    sent = {f"envoyer-{DANCE[1]}": "oui", "vu": version_of_page(visitor, SUMMARY), "par": "1"}
    assert visitor.post(SUMMARY, sent).status_code == 303
    world.aws.date_back(world.resources, next(iter(world.aws.documents(world.resources))))

    upload(form, JPEG)

    number = enrolment(world).receipts[-1].number
    told = "\n".join(rows(clef(f"enrolments documents xen1 --to {tmp_path}").out))
    assert (tmp_path / "xen1_certificat-danse_leo-rossignol.pdf").read_bytes() == PDF
    assert f"PDF ; envoyée avec le reçu {number}  xen1_certificat-danse_leo-rossignol.pdf" in told
    assert "photo JPEG ; pas encore enregistrée par la famille  xen1_certificat-danse_leo-rossignol.jpg" in told


def test_what_was_changed_after_the_receipt_is_told_and_both_are_copied(
    clef: Clef, world: World, tmp_path: Path
) -> None:
    for content in (PDF, JPEG):
        key = keep_content(world, put(world, DANCE, content))
        before = enrolment(world)
        after = before.with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), key))
        if content == PDF:
            after = submit(
                after, sendable(after, [DANCE[1]]), "R27-AAAA-BBBB", SavedBy(BY, IN_JUNE + timedelta(hours=1))
            )
        world.services.enrolments.change(before, after)

    told = "\n".join(rows(clef(f"enrolments documents xen1 --to {tmp_path}").out))

    assert "enregistrée après le reçu R27-AAAA-BBBB : ce n'est pas le fichier envoyé" in told
    assert "celle du reçu R27-AAAA-BBBB, du 2 juin 2027 à 21 h 00  xen1_" in told
    assert {file.read_bytes() for file in tmp_path.iterdir()} == {PDF, JPEG}


@pytest.mark.parametrize("is_old", [False, True], ids=["by its content", "of old notes by its day"])
def test_a_file_that_took_the_place_of_what_was_noted_is_told_and_not_given_for_it(
    clef: Clef, world: World, tmp_path: Path, *, is_old: bool
) -> None:
    key = put(world, DANCE, PDF)
    key = key if is_old else keep_content(world, key)
    before = enrolment(world)
    world.services.enrolments.change(before, before.with_document(ProvidedDocument(*DANCE, SavedBy(BY, IN_JUNE), key)))
    world.services.documents.put(key, JPEG, "binary/octet-stream")
    world.aws.date_back(world.resources, key, IN_JUNE + timedelta(minutes=9))

    told = clef(f"enrolments documents xen1 --to {tmp_path}").out

    assert "remplacée depuis, ce n'est plus le même fichier" in told
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_is_not_copied(clef: Clef, world: World, tmp_path: Path) -> None:
    put(world, DANCE, WORD)

    assert "ni PDF ni photo" in clef(f"enrolments documents xen1 --to {tmp_path}").out
    assert list(tmp_path.iterdir()) == []


def test_what_is_asked_for_no_more_is_copied_too(clef: Clef, world: World, tmp_path: Path) -> None:
    put(world, PASSPORT, PDF)
    put(world, ("passeport", "ffffffff"), PDF)

    said = clef(f"enrolments documents xen1 --to {tmp_path}")

    assert said.out.count("n'est plus demandée") == 2
    assert {file.name for file in tmp_path.iterdir()} == {
        "xen1_passeport_leo-rossignol.pdf",
        "xen1_passeport_ffffffff.pdf",
    }


def test_another_program_gets_it_all(clef: Clef, world: World, tmp_path: Path) -> None:
    put(world, DANCE, JPEG)

    said = clef(f"enrolments documents xen1 --to {tmp_path} --json").json

    by_state = {document["state"]: document for document in said["documents"]}
    assert by_state["received"]["file"] == str(tmp_path / "xen1_certificat-danse_leo-rossignol.jpg")
    assert by_state["lacking"]["file"] is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("xen9 --to x", ExitCode.FAILED), ("xen1", ExitCode.MISUSED), ("xen1 --to x --as ''", ExitCode.FAILED)],
)
def test_a_refusal_is_told(clef: Clef, typed: str, code: ExitCode) -> None:
    said = clef(f"enrolments documents {typed}")

    assert (said.code, said.out) == (code, "")
    assert said.err


def test_where_the_bucket_does_not_answer_the_folder_stays_as_it_was(clef: Clef, world: World, tmp_path: Path) -> None:
    put(world, DANCE, JPEG)

    with world.aws.failing("GET", "before"):
        said = clef(f"enrolments documents xen1 --to {tmp_path}")

    assert said.code == ExitCode.FAILED
    assert list(tmp_path.iterdir()) == []
