"""`clef invoices import`: the command and its output. Nothing is written without --apply."""

import json
from pathlib import Path

import pytest

from agency.billing.import_invoices import InvoiceReport
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.billing.office.import_invoices import InvoiceEvent
from chalicelib.wings.billing.stores import Billing
from tests.support.billing import PDF
from tests.support.clef import Clef, CommandResult
from tests.support.world import World

XEN1, XEN2 = AccountRef("evry-xenakis", "xen1"), AccountRef("evry-xenakis", "xen2")
HEADINGS = "Site;Identifiant;N° de facture;Date;Échéance;Libellé;Montant;Payé le;Montant payé;Mode de règlement"
COURS = "Evry - Xénakis;XEN 1;2026-0012;01/08/2026;30/09/2026;Cours;1 234,50 €;20/08/2026;600,00;carte"
LOCATION = "evry-xenakis;XEN 1;2026-0003;01/06/2026;31/08/2026;Location;90,00;;;"
MERLE = "evry-xenakis;XEN 2;2026-0020;25/08/2026;;;187;;;"


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """Make a folder with the PDFs, and two families."""
    for ref in (XEN1, XEN2):
        world.settle(ref, password=None)
    pdfs = tmp_path / "pdf"
    pdfs.mkdir()
    for number in ("2026-0012", "2026-0003", "2026-0020"):
        (pdfs / f"{number}.pdf").write_bytes(PDF + number.encode())
    return tmp_path


def write(folder: Path, *rows: str) -> Path:
    path = folder / "factures.csv"
    path.write_text("\n".join((HEADINGS, *rows)), encoding="cp1252")
    return path


def run_import(clef: Clef, folder: Path, *rows: str, options: str = "") -> CommandResult:
    return clef(f"invoices import {write(folder, *rows)} --pdfs {folder / 'pdf'} {options}")


def test_without_apply_it_is_told_and_nothing_is_written(clef: Clef, world: World, folder: Path) -> None:
    before = world.aws.everything(world.resources)

    result = run_import(clef, folder, COURS, LOCATION, MERLE)

    assert (result.code, result.err) == (0, "")
    assert "Nouvelles : 3\n" in result.out
    assert "2  evry-xenakis  xen1         2026-0012  1\xa0234,50\xa0€, du 1er août 2026\n" in result.out
    assert result.out.endswith(
        "Lignes lues : 3. Factures : 3 ; erreurs : 0.\nRien n'a été écrit : ajoutez --apply pour enregistrer.\n"
    )
    assert world.aws.everything(world.resources) == before


def test_a_pdf_that_no_line_names_is_shown(clef: Clef, folder: Path) -> None:
    result, data = (run_import(clef, folder, COURS, LOCATION, options=how) for how in ("", "--json"))

    assert result.code == 0
    assert "À vérifier : paiements en ligne, PDF sans ligne (laissés de côté) : 1\n" in result.out
    assert "« 2026-0020.pdf » : la facture manque-t-elle à la liste, ou le PDF est-il mal nommé ?\n" in result.out
    entry = json.loads(data.out)["entries"][-1]
    assert (entry["kind"], entry["line"], entry["code"]) == ("warning", None, "invoice_pdf_unlisted")


def test_with_apply_it_is_stored_once(clef: Clef, world: World, folder: Path) -> None:
    first = run_import(clef, folder, COURS, LOCATION, MERLE, options="--apply")
    again = run_import(clef, folder, COURS, LOCATION, MERLE, options="--apply --json")

    assert first.out.endswith("C'est enregistré.\n")
    assert again.json["counts"] == {"new": 0, "changed": 0, "unchanged": 3, "absent": 0, "error": 0, "warning": 0}
    assert world.services.store(Billing).find(XEN1).balance == 63_450 + 9_000
    assert len(world.aws.documents(world.resources)) == 3


def test_what_changed_is_shown_old_and_new_and_what_is_absent_is_told(clef: Clef, world: World, folder: Path) -> None:
    run_import(clef, folder, COURS, LOCATION, options="--apply")
    (folder / "pdf/2026-0003.pdf").write_bytes(PDF + b"new\n%%EOF")

    result = run_import(clef, folder, LOCATION.replace(";;;", ";02/09/2026;90,00;chèque"))

    text = " ".join(result.out.replace("\xa0", " ").split())
    assert "2026-0003 Paiements aucun 90,00 € le 2 septembre 2026 (chèque)" in text
    assert "2026-0003 PDF oui oui" in text
    assert "Absentes du fichier (elles restent au dossier) : 1" in result.out
    assert "Les factures absentes du fichier restent au dossier des familles." in result.out
    assert world.services.store(Billing).find(XEN1).overdue(world.now.date()) == 9_000


def test_what_is_wrong_is_told_with_its_row_and_left_out(clef: Clef, world: World, folder: Path) -> None:
    (folder / "pdf/2026-0003.pdf").write_bytes(b"a letter")

    result = run_import(clef, folder, COURS.replace("1 234,50 €", "env. 1 200"), LOCATION, MERLE, options="--apply")

    assert result.code == 3
    assert "« env. 1 200 » n'est pas un montant sûr ; exemple : 1 234,50. La facture est laissée de côté." in result.out
    assert "Le fichier de la facture 2026-0003 n'est pas un PDF. La facture est laissée de côté." in result.out
    assert "Erreurs (laissées de côté) : 2" in result.out
    assert world.services.store(Billing).find(XEN1).invoices == ()
    assert len(world.services.store(Billing).find(XEN2).invoices) == 1


def test_as_json_every_entry_is_told(clef: Clef, folder: Path) -> None:
    result = run_import(clef, folder, COURS, MERLE.replace("XEN 2", "XEN 9"), options="--json")

    assert result.code == 3
    assert result.json["applied"] is False
    assert result.json["rows"] == 2
    unknown, new, _ = sorted(result.json["entries"], key=lambda entry: entry["kind"])
    assert (new["kind"], new["number"], new["identifier"]) == ("new", "2026-0012", "xen1")
    assert (unknown["code"], unknown["line"], unknown["column"]) == ("invoice_family_unknown", 3, "N° de facture")


def test_columns_that_lack_are_named_with_where_to_name_them(clef: Clef, folder: Path) -> None:
    path = folder / "factures.csv"
    path.write_text("Site;Identifiant;Numéro;Solde\n", encoding="utf-8")

    result = clef(f"invoices import {path} --pdfs {folder / 'pdf'}")

    assert result.code == 1
    assert "« Date », « Montant »" in result.err
    assert "[billing.columns]" in result.err


def test_interrupted_it_says_how_far_it_was_and_goes_on_when_typed_again(
    clef: Clef, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(InvoiceReport):
        def __call__(self, event: InvoiceEvent) -> None:
            super().__call__(event)
            if self.count == 1:
                raise KeyboardInterrupt

    with monkeypatch.context() as machine:
        machine.setattr("agency.billing.import_invoices.InvoiceReport", Interrupted)
        result = run_import(clef, folder, COURS, MERLE, options="--apply")

    assert result.code == 130
    assert "Factures faites : 1 sur 2." in result.err
    assert run_import(clef, folder, COURS, MERLE, options="--apply").code == 0
    assert sum(len(world.services.store(Billing).find(ref).invoices) for ref in (XEN1, XEN2)) == 2


def test_when_aws_fails_it_says_how_far_it_was(clef: Clef, world: World, folder: Path) -> None:
    with world.aws.failing("PUT", "before"):
        result = run_import(clef, folder, COURS, options="--apply")

    assert result.code == 1
    assert "Factures faites : 0 sur 1." in result.err
    assert run_import(clef, folder, COURS, options="--apply").code == 0
