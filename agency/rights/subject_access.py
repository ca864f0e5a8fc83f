"""`clef families export`: all data held on a family, written to files for it."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Identifier, Overwrite, SiteOfFamily, Stage, Why
from agency.console.output import plural
from agency.console.private_file import private_file
from agency.rights.personal_data import (
    application_data_json,
    application_data_text,
    personal_data_json,
    personal_data_text,
)
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.uploads import Kind, UploadedFile, kind_of, season_of, slot_of
from chalicelib.domain.text import fold
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.office.rights.subject_access import export as export_data
from chalicelib.presentation.office.accounts import join_words, name_and_identifier
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.office.rights import application_named, export_application
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.flows import file_name

_UNFIT: Final = re.compile(r"[^a-z0-9-]+")  # for the name of a file, on any system
_UNFIT_WORD: Final = re.compile(r"[^a-z0-9]+")  # the same, within a part of a name
_ENDINGS: Final[dict[Kind | None, str]] = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png", None: ".bin"}


def export(
    identifier: Identifier,
    *,
    why: Why,
    to: Annotated[Path, typer.Option("--to", help="Le dossier où écrire les deux fichiers.")] = Path(),
    site: SiteOfFamily = None,
    yes: Overwrite = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire tout ce qui est détenu sur une famille : un fichier JSON et un texte, lisibles par vous seul.

    Exemple : clef families export "MAG 3001" --why demande --to export
    """
    connection = connect(stage)
    services, author = connection.services, Author(connection.operator, why)
    if application := application_named(services, identifier):
        _export_application(services, application, author, to, yes=yes, as_json=as_json)
        return
    data = export_data(services, HelpdeskCase(identifier, site, author), services.clock())
    pseudonyms = services.record.pseudonyms
    text = personal_data_text(data, pseudonyms, services.settings.network)
    view = data.account.view if data.account.separated_at else None
    ref = AccountRef(data.account.ref.site, (view and view.login) or data.account.ref.identifier)
    stem = f"{ref.site}_{_UNFIT.sub('_', ref.identifier)}"
    files = _write_both(to, stem, personal_data_json(data, pseudonyms), text, yes=yes)
    pdfs = [_write(to, stem, f"_{name}", pdf) for name, pdf in _pdfs(services, data)]
    handed_in = (*data.uploads, *data.application_uploads)
    uploads = [_write(to, stem, f"_{name}", content) for name, content in _uploads(services, handed_in)]
    if as_json:
        output.print_json({"files": files + pdfs + uploads})
        return
    beside = [f"{plural(len(pdfs), 'facture')} en PDF"] * bool(pdfs)
    beside += [plural(len(uploads), "pièce déposée")] * bool(uploads)
    more = f", avec {' et '.join(beside)}" if beside else ""
    output.say(f"{name_and_identifier(data.account)} : écrit dans {files[0]} et {files[1]}{more}.")
    whom = f"{join_words(view.present)}, et à personne d'autre" if view else "la famille elle-même"
    output.say(f"Remettez-les à {whom}, puis effacez-les d'ici.")


def _export_application(
    services: OfficeServices, application: Application, author: Author, to: Path, *, yes: bool, as_json: bool
) -> None:
    data = export_application(services, application, author, services.clock())
    stem, text = application.number.lower(), application_data_text(data, services.settings.network)
    files = _write_both(to, stem, application_data_json(data), text, yes=yes)
    files += [_write(to, stem, f"_{name}", upload) for name, upload in _uploads(services, data.uploads)]
    if as_json:
        output.print_json({"files": files})
        return
    more = f", avec {plural(len(data.uploads), 'pièce déposée')}" if data.uploads else ""
    output.say(f"Demande {application.number} : écrite dans {files[0]} et {files[1]}{more}.")
    output.say(f"Envoyez-les à {application.email}, l'adresse prouvée de la demande, puis effacez-les d'ici.")


def _pdfs(services: OfficeServices, data: PersonalData) -> Iterator[tuple[str, bytes]]:
    """Read the PDFs of its invoices, each with the name that the family sees."""
    for invoice in chain.from_iterable(bills.invoices for bills in data.of(Bills)):
        pdf = services.documents.read(invoice.document) if invoice.document else None
        if pdf is not None:
            yield file_name(invoice), pdf


def _uploads(services: OfficeServices, files: Iterable[UploadedFile]) -> Iterator[tuple[str, bytes]]:
    """Read the uploads, each with a name made of its season and document."""
    for number, file in enumerate(files, 1):
        content = services.documents.read(file.key)
        if content is not None:
            code, _ = slot_of(file.key)
            kind = kind_of(content, len(content))
            yield _upload_name(f"piece-{number}", season_of(file.key), code, kind=kind), content


def _upload_name(*parts: str, kind: Kind | None) -> str:
    return "_".join(_UNFIT_WORD.sub("-", fold(part)).strip("-") for part in parts if part) + _ENDINGS[kind]


def _write_both(folder: Path, stem: str, data: object, text: str, *, yes: bool) -> list[Path]:
    """Write all as JSON and as text."""
    output.confirm_overwriting(*(_place(folder, stem, end) for end in (".json", ".txt")), yes=yes)
    content = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    return [_write(folder, stem, *file) for file in ((".json", f"{content}\n".encode()), (".txt", text.encode()))]


def _write(folder: Path, stem: str, end: str, content: bytes) -> Path:
    path = _place(folder, stem, end)
    with private_file(path) as file:
        file.write(content)
    return path


def _place(folder: Path, stem: str, end: str) -> Path:
    return folder / f"export_{stem}{end}"
