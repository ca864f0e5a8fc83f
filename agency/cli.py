"""`clef`: the table of contents of the command line, and its answer to a refusal, an outage or a Ctrl-C."""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Final, NoReturn

import typer
from typer.completion import install  # type: ignore[attr-defined]  # it is Typer's own import
from typer.main import get_command

from agency.console.encodings import write_in_any_encoding
from agency.console.exit_codes import ExitCode, exit_with_code
from agency.console.lazy_group import LazyGroup
from chalicelib.settings.wings import WINGS
from chalicelib.wings import ALL_WINGS

# Each group: its description, and its commands by the places of their functions.
GROUPS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "period": (
        "La période de réinscription, pour tous les sites ou pour un seul.",
        {
            "set": "agency.enrolment.period:announce",
            "clear": "agency.enrolment.period:clear",
            "show": "agency.enrolment.announcement:show",
        },
    ),
    "families": (
        "Les familles : fichier annuel, droits d'accès et d'effacement.",
        {
            "import": "agency.roster.import_families:import_families",
            "imports": "agency.roster.imports:imports",
            "index": "agency.roster.index:index",
            "purge": "agency.rights.purge:purge",
            "purge-documents": "agency.enrolment.purge_documents:purge_documents",
            "export": "agency.rights.subject_access:export",
            "erase": "agency.rights.erasure:erase",
            "erasures": "agency.rights.erasure:erasures",
        },
    ),
    "enrolments": (
        "Les réinscriptions : qui en est où, le fichier pour votre logiciel, le bilan. Décider se fait au bureau.",
        {
            "list": "agency.enrolment.reenrolments:list_pupils",
            "export": "agency.enrolment.export:export",
            "report": "agency.enrolment.report:report",
        },
    ),
    "staff": (
        "La première personne responsable du réseau, et le personnel du bureau, qu'elle invite ensuite elle-même.",
        {
            "invite": "agency.staff.access:invite",
            "list": "agency.staff.access:list_staff",
            "reset": "agency.staff.access:reset",
        },
    ),
    "export": (
        "Tout un déploiement, dans un dossier aux formats ouverts : pour le quitter, ou en garder une copie.",
        {"all": "agency.transfer.export_all:export_all", "check": "agency.transfer.export_all:check"},
    ),
    "import": (
        "Tout un déploiement, repris d'un export dans un déploiement neuf.",
        {"all": "agency.transfer.import_all:import_all"},
    ),
    **{name: group for wing in WINGS for name, group in wing.commands.items()},
}
# What wings left out keep has its retention, by commands that the help does not list: a stage may have nothing of them.
_RETENTION: Final = {
    name: (description, rest)
    for wing in ALL_WINGS
    if wing not in WINGS
    for name, (description, functions) in wing.commands.items()
    if (rest := {word: place for word, place in functions.items() if place.startswith("agency.rights.")})
}
COMMANDS: Final = {
    "status": "agency.status:status",
    **{name: place for wing in WINGS for name, place in wing.single_commands.items()},
    "rehearse": "agency.rehearsal.rehearse:rehearse",
}

# Commands of earlier versions, by their group, and where their work is done now.
_AT_DESK: Final = "cela se fait au bureau, sous « {} »"
_DECISIONS: Final = ("show", "wait", "accept", "decline", "ask", "documents")
_OF_STAFF: Final = ("roles", "disable", "enable", "acts", "link", "unlink", "links")
_FORMER: Final[Mapping[str, Mapping[str, str]]] = {
    "clef": {"desk": _AT_DESK.format("Recherche")} | dict.fromkeys(("draw", "places"), _AT_DESK.format("Saison")),
    "families": {"changes": _AT_DESK.format("Recherche », « Coordonnées changées")},
    "invoices": {"remove": _AT_DESK.format("Factures")},
    "enrolments": dict.fromkeys(_DECISIONS, _AT_DESK.format("Réinscriptions")),
    "requests": dict.fromkeys(_DECISIONS, _AT_DESK.format("Demandes")),
    "staff": dict.fromkeys(_OF_STAFF, _AT_DESK.format("Personnel"))
    | {"timetables": "chaque import et chaque nuit le font"},
}

app = typer.Typer(
    name="clef",
    cls=LazyGroup,
    no_args_is_help=True,
    epilog="Codes de sortie : 0 fait ; 1 échec ; 2 commande mal écrite ; 3 fait, mais il reste à regarder ; "
    "4 arrêté par prudence ; 130 interrompu.",
)


@cache
def command_line() -> LazyGroup:
    """Build the command line, without importing a module of any command."""
    root = get_command(app)
    assert isinstance(root, LazyGroup)  # noqa: S101 - as `app` says
    next(option for option in root.params if option.name == "install_completion").callback = _install_completion
    for name, (description, functions) in {**_RETENTION, **GROUPS}.items():
        hides = name in _RETENTION
        group = LazyGroup(name=name, help=description, functions=functions, hidden=hides, no_args_is_help=True)
        group.former = {} if hides else _FORMER.get(name, {})
        root.add_command(group)
    root.former = _FORMER["clef"]
    root.add_functions(COMMANDS)
    return root


def _install_completion(_context: object, _option: object, is_wanted: bool | None) -> None:  # noqa: FBT001 - Typer's call
    """Install the completion as Typer does, and answer in French."""
    if is_wanted:
        shell, path = install()
        print(f"Complétion de {shell} écrite dans {path} : ouvrez un nouveau terminal.")
        raise typer.Exit


def _show_version(*, is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version  # noqa: PLC0415 - 20 ms of CPU, which only the version pays

        print(f"clef {version('clef')}")
        raise typer.Exit


@app.callback()
def clef(
    *,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Montrer la version.")
    ] = False,
) -> None:
    """Clef, côté administration : du fichier annuel à chaque famille prête."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command typed, and exit with its code."""
    write_in_any_encoding()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it looks for them in every installed package: 20 ms
    gc.set_threshold(200_000)  # the default walks through all modules again and again as they are imported: 30 ms
    atexit.register(gc.freeze)  # the exit would walk through all of them twice more: 120 ms
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a shutdown of the machine ends it like a Ctrl-C
    with exit_with_code():
        code = command_line()(arguments, prog_name="clef", standalone_mode=False)
        if code == ExitCode.INTERRUPTED:  # Typer's code for a Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code or ExitCode.DONE)
