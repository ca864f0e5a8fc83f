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
    listed = list_imports(services, services.clock())
    if as_json:
        output.print_json({"imports": list(map(import_json, listed))})
    elif listed:
        headings = ("Commencé", "Par", "Fichier", "SHA-256", "Lignes lues", "Ce qui a été fait", "Terminé")
        output.table("", headings, map(_row, listed))
        output.say(
            "Pour revenir sur un import : étudiez à nouveau le fichier d'avant (« clef families import FICHIER ») ; "
            "l'étude montre ce qui reviendrait, et ce qui ne reviendrait pas."
        )
    else:
        output.say("Aucun fichier annuel n'a été appliqué depuis un an.")


def _row(imported: AppliedImport) -> tuple[object, ...]:
    return (
        day_and_hour(imported.begun_at),
        imported.by,
        imported.file or "déposé au bureau",
        imported.sha256[:12],
        imported.rows,
        counts_text(imported) if imported.done_at else f"prévu : {counts_text(imported)}",
        day_and_hour(imported.done_at) if imported.done_at else "non : appliquez à nouveau le même fichier",
    )


def import_json(imported: AppliedImport) -> dict[str, Any]:
    """Describe an applied import for another program."""
    return {
        "id": imported.id,
        "at": imported.begun_at,
        "done_at": imported.done_at,
        "by": imported.by,
        "door": imported.door,
        "file": imported.file or None,
        "sha256": imported.sha256,
        "rows": imported.rows,
        "rows_left_out": imported.left_out,
        "families": imported.families,
        "counts": imported.counts,
        "gone_disabled": imported.disables_gone,
    }
