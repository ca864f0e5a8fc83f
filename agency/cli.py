"""`clef`: the table of contents of the command line, and what becomes of a refusal, an outage or a Ctrl-C."""

import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from agency.admission import decide as admission
from agency.admission import documents as request_documents
from agency.admission import draw, places
from agency.admission import export as requests_export
from agency.admission import report as requests_report
from agency.admission import requests as new_requests
from agency.admission import show as request
from agency.billing import import_invoices, removal
from agency.campaign import letters, progress, remind, send
from agency.console import output
from agency.console.encodings import write_in_any_encoding
from agency.console.exit_codes import ExitCode, exit_with_code
from agency.console.french import in_french
from agency.desk import access, changes, email, find, logins, suppression
from agency.desk import show as desk
from agency.enrolment import decide, documents, export, period, purge_documents, reenrolments, report
from agency.enrolment import show as enrolment
from agency.rights import erasure, purge, purge_requests, subject_access
from agency.roster import import_families, imports, index
from agency.staff import access as staff
from agency.staff import invite, links, list_staff

app = typer.Typer(
    name="clef",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback would show what families are called
    add_completion=False,
    epilog="Codes de sortie : 0 fait ; 1 échec ; 2 commande mal écrite ; 3 fait, mais il reste à regarder ; "
    "4 arrêté par prudence ; 130 interrompu.",
)


def _group(name: str, description: str, commands: Mapping[str, Callable[..., None]]) -> None:
    group = typer.Typer(help=description, no_args_is_help=True)
    for word, command in commands.items():
        group.command(word)(command)
    app.add_typer(group, name=name)


_group(
    "period",
    "La période de réinscription, pour tous les sites ou pour un seul.",
    {"set": period.announce, "clear": period.clear, "show": period.show},
)
_group(
    "desk",
    "Au téléphone : trouver une famille, comprendre, débloquer. Personne ne voit ni ne choisit un mot de passe.",
    {
        "find": find.find,
        "show": desk.show,
        "unlock": access.unlock,
        "disable": access.disable,
        "enable": access.enable,
        "email": email.email,
        "resend": access.resend,
        "invite": logins.invite,
        "separate": logins.separate,
        "unsuppress": suppression.unsuppress,
    },
)
_group(
    "families",
    "Les familles : fichier annuel, droits d'accès et d'effacement.",
    {
        "import": import_families.import_families,
        "imports": imports.imports,
        "index": index.index,
        "purge": purge.purge,
        "purge-documents": purge_documents.purge_documents,
        "changes": changes.changes,
        "export": subject_access.export,
        "erase": erasure.erase,
        "erasures": erasure.erasures,
    },
)
_group(
    "invoices",
    "Les factures : la liste et les PDF, au dossier des familles.",
    {"import": import_invoices.import_invoices, "remove": removal.remove},
)
_group(
    "campaign",
    "Le communiqué aux familles, par mail et par courrier.",
    {"send": send.send, "letters": letters.letters},
)
_group(
    "enrolments",
    "Les réinscriptions : qui en est où, ce que demande chaque famille, ce que l'administration en décide.",
    {
        "list": reenrolments.list_pupils,
        "show": enrolment.show,
        "accept": decide.accept,
        "decline": decide.decline,
        "ask": decide.ask,
        "export": export.export,
        "report": report.report,
        "documents": documents.documents,
    },
)
_group(
    "draw",
    "Le tirage au sort des places d'un site : la liste est arrêtée et publiée, puis un nombre public en donne l'ordre.",
    {"prepare": draw.prepare, "run": draw.run, "show": draw.show, "cancel": draw.cancel, "publish": draw.publish},
)
_group(
    "places",
    "Les places des nouveaux élèves : combien il y en a, à qui elles sont proposées, qui attend.",
    {"import": places.import_places, "show": places.show, "offer": places.offer, "advance": places.advance},
)
_group(
    "requests",
    "Les demandes de pré-inscription : qui demande quoi, ce qu'on en décide, le compte de qui est accepté.",
    {
        "list": new_requests.list_requests,
        "show": request.show,
        "wait": admission.wait,
        "accept": admission.accept,
        "decline": admission.decline,
        "ask": admission.ask,
        "export": requests_export.export,
        "report": requests_report.report,
        "purge": purge_requests.purge_requests,
        "documents": request_documents.documents,
    },
)
_group(
    "staff",
    "Le personnel qui travaille au bureau, sur le web : qui y entre, et jusqu'où.",
    {
        "invite": invite.invite,
        "list": list_staff.list_staff,
        "roles": staff.roles,
        "disable": staff.disable,
        "enable": staff.enable,
        "reset": staff.reset,
        "acts": list_staff.acts,
        "link": links.link,
        "unlink": links.unlink,
        "links": links.links,
        "timetables": links.timetables,
    },
)
app.command("progress")(progress.progress)
app.command("remind")(remind.remind)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        output.say(f"clef {version('clef')}")
        raise typer.Exit


@app.callback()
def clef(
    *,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Montrer la version.")
    ] = False,
) -> None:
    """Clef, côté administration : du fichier annuel à chaque famille prête."""


def main(typed: Sequence[str] | None = None) -> NoReturn:
    """Run one command, and end with its code; without words, those of the command line."""
    write_in_any_encoding()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a machine that shuts down ends it like a Ctrl-C
    with exit_with_code():
        code = in_french(app)(typed, prog_name="clef", standalone_mode=False)
        if code == ExitCode.INTERRUPTED:  # what Typer makes of a Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code or ExitCode.DONE)
