"""`clef families export|erase|erasures`: what is held on a family; `purge` and `changes` hang there too."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.counting import counted
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.console.private_file import private_file
from agency.console.prompts import type_again
from agency.console.wait_for_requests import settle
from agency.desk.account_words import REASONS, named
from agency.desk.changes import changes
from agency.enrolment import uploaded
from agency.enrolment.purge_documents import purge_documents
from agency.rights.personal_data import as_data, as_text
from agency.rights.purge import purge, tell_erasure
from agency.roster import commands as families
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author, Counts, Erasure, ErasureReason
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.enrolment.uploads import kind_of, season_of, slot_of
from chalicelib.flows.billing import file_name
from chalicelib.office.desk.access import Asked
from chalicelib.office.rights.access import Held
from chalicelib.office.rights.access import export as export_held
from chalicelib.office.rights.erasure import erase as erase_account
from chalicelib.office.rights.erasure import preview
from chalicelib.services import Services
from chalicelib.texts import day_and_hour

Identifier = Annotated[str, typer.Argument(metavar="IDENTIFIANT", help="L'identifiant de la famille.")]
Site = Annotated[str | None, typer.Option(help="Le code d'un site ; utile si l'identifiant existe à plusieurs.")]

_UNFIT: Final = re.compile(r"[^a-z0-9-]+")  # for the name of a file, on any system


class Reason(StrEnum):
    """Why a family is erased: one of three, for a free text might name it."""

    ASKED = "demande"
    DUPLICATE = "doublon"
    MISTAKE = "erreur"


_REASONS: Final[dict[Reason, ErasureReason]] = {
    Reason.ASKED: "asked",
    Reason.DUPLICATE: "duplicate",
    Reason.MISTAKE: "mistake",
}

commands = families.commands
commands.command()(purge)
commands.command("purge-documents")(purge_documents)
commands.command()(changes)


@commands.command()
def export(
    identifier: Identifier,
    *,
    why: Why,
    who: Who,
    to: Annotated[Path, typer.Option("--to", help="Le dossier où écrire les deux fichiers.")] = Path(),
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire tout ce qui est détenu sur une famille : un fichier JSON et un texte, lisibles par vous seul."""
    services = connect(stage).services
    held = export_held(services, Asked(identifier, site, Author(who, why)), services.clock())
    pseudonyms = services.record.pseudonyms
    found = services.settings.network.site(held.account.ref.site)
    data = json.dumps(as_data(held, pseudonyms), ensure_ascii=False, indent=1, default=str)
    text = as_text(held, pseudonyms, found.name if found else held.account.ref.site)
    files = [_write(to, held.account.ref, *each) for each in ((".json", data + "\n"), (".txt", text))]
    pdfs = [_write(to, held.account.ref, f"_{name}", pdf) for name, pdf in _pdfs(services, held)]
    uploads = [_write(to, held.account.ref, f"_{name}", content) for name, content in _uploads(services, held)]
    if as_json:
        show.as_json({"files": files + pdfs + uploads})
        return
    beside = [f"{counted(len(pdfs), 'facture')} en PDF"] * bool(pdfs)
    beside += [counted(len(uploads), "pièce déposée")] * bool(uploads)
    more = f", avec {' et '.join(beside)}" if beside else ""
    show.say(f"{named(held.account)} : écrit dans {files[0]} et {files[1]}{more}.")
    show.say("Remettez-les à la famille elle-même, puis effacez-les d'ici.")


def _pdfs(services: Services, held: Held) -> Iterator[tuple[str, bytes]]:
    """Read the PDFs of its invoices, each with the name that the family sees."""
    for invoice in held.bills.invoices:
        pdf = services.documents.read(invoice.document) if invoice.document else None
        if pdf is not None:
            yield file_name(invoice), pdf


def _uploads(services: Services, held: Held) -> Iterator[tuple[str, bytes]]:
    """Read what it uploaded, each with a name that tells its season and what it was asked for."""
    for number, stored in enumerate(held.uploads, 1):
        content = services.documents.read(stored.key)
        if content is not None:
            code, _ = slot_of(stored.key)
            kind = kind_of(content, len(content))
            yield uploaded.file_name(f"piece-{number}", season_of(stored.key), code, kind=kind), content


def _write(folder: Path, ref: AccountRef, end: str, content: str | bytes) -> Path:
    path = folder / f"export_{ref.site}_{_UNFIT.sub('_', ref.identifier)}{end}"
    with private_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


@commands.command()
def erase(
    identifier: Identifier,
    *,
    why: Annotated[Reason, typer.Option("--why", help="Pourquoi : un de ces mots, car le journal n'a pas à nommer.")],
    who: Who,
    site: Site = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper l'identifiant.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Effacer une famille de toutes les tables, sans retour ; relancez la même commande si elle est interrompue."""
    connection = connect(stage)
    services = connection.services
    now = services.clock()
    held = preview(services, identifier, site, now)
    account = held.account
    if not as_json:
        _preview(held)
    type_again("Pour l'effacer, retapez son identifiant", account.ref.identifier, yes=yes, read=identifier_from)
    erasure = Erasure.of((account.ref,), who, _REASONS[why], now)
    tell_erasure(erase_account(services, account, erasure, lambda: settle(connection)), as_json=as_json)


def _preview(held: Held) -> None:
    account = held.account
    show.say(f"{named(account)}, {account.ref.site} : va disparaître, sans retour,")
    pupils, emails = counted(len(account.household.pupils), "élève"), counted(len(account.emails), "adresse")
    sessions, tries = counted(len(held.sessions), "session"), counted(len(held.tries), "essai")
    uploads = counted(len(held.uploads), "pièce déposée")
    show.say(f"  - le compte, son foyer ({pupils}) et {emails}")
    show.say(f"  - {sessions}, {tries}, {counted(len(held.acts), 'demande notée')}")
    show.say(f"  - {counted(len(held.enrolments), 'réinscription')} et {uploads}")
    show.say(f"  - {counted(len(held.bills.invoices), 'facture')}, PDF compris")
    show.say(f"  - sa mention dans les communiqués de {counted(len(held.mentions), 'autre compte')}")


@commands.command()
def erasures(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer les effacements : quand, combien, par qui, pourquoi ; jamais de qui."""
    found = list(connect(stage).services.acts.erasures())
    if as_json:
        content = [
            {
                "at": e.at,
                "who": e.who,
                "reason": e.reason,
                "asked": dict(e.asked),
                "erased": e.erased and dict(e.erased),
            }
            for e in found
        ]
        show.as_json({"erasures": content})
        return
    rows = [
        (
            day_and_hour(e.at),
            e.who,
            REASONS[e.reason],
            _counts(e.asked),
            "non confirmé" if e.erased is None else _counts(e.erased),
        )
        for e in found
    ]
    show.table("", ["Quand", "Par", "Pourquoi", "Demandé", "Effacé"], rows)


def _counts(counts: Counts) -> str:
    return ", ".join(f"{site} : {count}" for site, count in counts) or "aucun"
