"""`clef families imports`: the yearly files applied in the last year, with their authors and results."""

from typing import Any

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.office.roster.applied_imports import list_imports
from chalicelib.presentation.office.findings import counts_text
from chalicelib.presentation.texts import day_and_hour


def imports(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer les fichiers annuels appliqués depuis un an : quand, par qui, quel fichier, et ce qui a été fait.

    Exemple : clef families imports
    """
    services = connect(stage).services
    all_imports = list_imports(services, services.clock())
    if as_json:
        output.print_json({"imports": list(map(import_json, all_imports))})
    elif all_imports:
        headings = ("Commencé", "Par", "Fichier", "SHA-256", "Lignes lues", "Ce qui a été fait", "Terminé")
        output.table("", headings, map(_row, all_imports))
        output.say(
            "Pour revenir sur un import : étudiez à nouveau le fichier d'avant (« clef families import FICHIER ») ; "
            "l'étude montre ce qui reviendrait, et ce qui ne reviendrait pas."
        )
    else:
        output.say("Aucun fichier annuel n'a été appliqué depuis un an.")


def _row(import_done: AppliedImport) -> tuple[object, ...]:
    return (
        day_and_hour(import_done.begun_at),
        import_done.by,
        import_done.file or "déposé au bureau",
        import_done.sha256[:12],
        import_done.rows,
        counts_text(import_done) if import_done.done_at else f"prévu : {counts_text(import_done)}",
        day_and_hour(import_done.done_at) if import_done.done_at else "non : appliquez à nouveau le même fichier",
    )


def import_json(import_done: AppliedImport) -> dict[str, Any]:
    """Describe an applied import for another program."""
    return {
        "id": import_done.id,
        "at": import_done.begun_at,
        "done_at": import_done.done_at,
        "by": import_done.by,
        "door": import_done.door,
        "file": import_done.file or None,
        "sha256": import_done.sha256,
        "rows": import_done.rows,
        "rows_left_out": import_done.left_out,
        "families": import_done.families,
        "counts": import_done.counts,
        "gone_disabled": import_done.disables_gone,
    }
