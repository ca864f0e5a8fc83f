"""`clef`: the table of contents of the command line, and what becomes of a refusal, an outage or a Ctrl-C."""

import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from agency.billing import commands as invoices
from agency.campaign import commands as campaign
from agency.campaign import letters, progress, remind
from agency.console import show
from agency.console.ending import Code, ending
from agency.console.french import in_french
from agency.desk import commands as desk
from agency.enrolment import commands as enrolments
from agency.enrolment import decide as enrolment_decide
from agency.enrolment import documents as enrolment_documents
from agency.enrolment import export as enrolment_files
from agency.enrolment import period
from agency.rights import commands as rights

app = typer.Typer(
    name="clef",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback would show what families are called
    add_completion=False,
    epilog="Codes de sortie : 0 fait ; 1 échec ; 2 commande mal écrite ; 3 fait, mais il reste à regarder ; "
    "4 arrêté par prudence ; 130 interrompu.",
)
app.add_typer(period.commands, name="period")
app.add_typer(desk.commands, name="desk")
app.add_typer(rights.commands, name="families")  # `import` too: the same group
app.add_typer(invoices.commands, name="invoices")
campaign.commands.command("letters")(letters.letters)
app.add_typer(campaign.commands, name="campaign")
for command in (
    *(enrolment_decide.accept, enrolment_decide.decline, enrolment_decide.ask),
    *(enrolment_files.export, enrolment_files.report, enrolment_documents.documents),
):
    enrolments.commands.command()(command)
app.add_typer(enrolments.commands, name="enrolments")
app.command("progress")(progress.progress)
app.command("remind")(remind.remind)


def _show_version(*, asked: bool) -> None:
    if asked:
        show.say(f"clef {version('clef')}")
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a machine that shuts down ends it like a Ctrl-C
    with ending():
        code = in_french(app)(typed, prog_name="clef", standalone_mode=False)
        if code == Code.INTERRUPTED:  # what Typer makes of a Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code or Code.DONE)
