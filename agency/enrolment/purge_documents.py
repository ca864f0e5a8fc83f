"""`clef families purge-documents`: the documents of a season that is over are erased; first it only counts them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.counting import counted
from agency.console.options import LOCAL, Apply, AsJson, Stage, Who
from agency.console.prompts import type_again
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.enrolment.uploads import Stored, family_of
from chalicelib.office.enrolment.purge_documents import DueDocuments, due
from chalicelib.office.enrolment.purge_documents import purge as purge_files
from chalicelib.settings import Network
from chalicelib.texts import size


def purge_documents(
    season: Annotated[str, typer.Argument(metavar="ANNÉE", help="L'année où la période s'est ouverte.")],
    *,
    who: Who,
    apply: Apply = False,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le nombre.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Effacer les pièces déposées pour une saison finie, et celles que des familles effacées ont laissées."""
    services = connect(stage).services
    now = services.clock()
    listed = due(services, season, now)
    if not as_json:
        _tell(listed, services.settings.network)
    erasure: Erasure | None = None
    if apply and listed.all:
        count = len(listed.all)
        type_again(f"Pour effacer ces {count} fichiers, sans retour, retapez leur nombre", str(count), yes=yes)
        erasure = purge_files(services, listed, who, now)
    _end(listed, erasure, as_json=as_json)


def _tell(listed: DueDocuments, network: Network) -> None:
    by_site: dict[str, list[Stored]] = defaultdict(list)
    for each in listed.of_season:
        by_site[family_of(each.key)[0]].append(each)
    rows = [(site.name, *_counted(by_site[site.code])) for site in network.sites]
    show.table("", ["Site", "Familles", "Fichiers", "Taille"], rows)
    if listed.of_nobody:
        files, total = len(listed.of_nobody), sum(each.size for each in listed.of_nobody)
        show.say(f"De familles qui ne sont plus là : {counted(files, 'fichier')}, {size(total)}.")


def _counted(files: Iterable[Stored]) -> tuple[int, int, str]:
    found = list(files)
    total = sum(each.size for each in found)
    return len({family_of(each.key) for each in found}), len(found), size(total) if total else "-"


def _end(listed: DueDocuments, erasure: Erasure | None, *, as_json: bool) -> None:
    erased = len(listed.all) if erasure else 0
    if as_json:
        due_files = {"season": len(listed.of_season), "nobody": len(listed.of_nobody)}
        show.as_json({"due": due_files, "erased": erased if erasure else None})
    elif erasure:
        files = counted(erased, "fichier effacé")
        show.say(f"{files}. Ce que les réinscriptions disent des pièces reste : qui et quand.")
    elif listed.all:
        show.say("Rien n'a été effacé : ajoutez --apply pour le faire.")
    else:
        show.say("Aucune pièce à effacer.")
