"""`clef families purge-documents`: count the documents of a past season, then erase them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, Apply, AsJson, Stage
from agency.console.output import confirm_by_typing, plural
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.dossiers.uploads import UploadedFile, family_of
from chalicelib.office.enrolment.purge_documents import DueDocuments, due
from chalicelib.office.enrolment.purge_documents import purge as purge_files
from chalicelib.presentation.texts import size
from chalicelib.settings.environment import Network


def purge_documents(
    season: Annotated[str, typer.Argument(metavar="ANNÉE", help="L'année où la période s'est ouverte.")],
    *,
    apply: Apply = False,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le nombre.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Effacer les pièces déposées pour une saison finie, et celles que des familles effacées ont laissées.

    Exemple : clef families purge-documents 2027
    """
    connection = connect(stage)
    services = connection.services
    now = services.clock()
    due_documents = due(services, season, now)
    if not as_json:
        _print_due(due_documents, services.settings.network)
    erasure: Erasure | None = None
    if apply and due_documents.files:
        count = len(due_documents.files)
        confirm_by_typing(f"Pour effacer ces {count} fichiers, sans retour, retapez leur nombre", str(count), yes=yes)
        erasure = purge_files(services, due_documents, connection.operator, now)
    _print_outcome(due_documents, erasure, as_json=as_json)


def _print_due(due_documents: DueDocuments, network: Network) -> None:
    by_site: dict[str, list[UploadedFile]] = defaultdict(list)
    for file in due_documents.of_season:
        by_site[family_of(file.key)[0]].append(file)
    rows = [(site.name, *_count_files(by_site[site.code])) for site in network.sites]
    output.table("", ["Site", "Familles", "Fichiers", "Taille"], rows)
    if due_documents.of_nobody:
        files, total = len(due_documents.of_nobody), sum(file.size for file in due_documents.of_nobody)
        output.say(f"De familles qui ne sont plus là : {plural(files, 'fichier')}, {size(total)}.")


def _count_files(files: Iterable[UploadedFile]) -> tuple[int, int, str]:
    all_files = list(files)
    total = sum(file.size for file in all_files)
    return len({family_of(file.key) for file in all_files}), len(all_files), size(total) if total else "-"


def _print_outcome(due_documents: DueDocuments, erasure: Erasure | None, *, as_json: bool) -> None:
    count = len(due_documents.files) if erasure else 0
    if as_json:
        due_files = {"season": len(due_documents.of_season), "nobody": len(due_documents.of_nobody)}
        output.print_json({"due": due_files, "erased": count if erasure else None})
    elif erasure:
        files = plural(count, "fichier effacé")
        output.say(f"{files}. Ce que les réinscriptions disent des pièces reste : qui et quand.")
    elif due_documents.files:
        output.say("Rien n'a été effacé : ajoutez --apply pour le faire.")
    else:
        output.say("Aucune pièce à effacer.")
