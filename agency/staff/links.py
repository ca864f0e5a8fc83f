"""`clef staff link|unlink|links|timetables`: whose names of the yearly file are whose, and the timetables made anew."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.staff.options import Email
from chalicelib.domain.account.audit import Author
from chalicelib.office.sites import select_sites
from chalicelib.office.staff import links as office
from chalicelib.office.staff.members import StaffRequest
from chalicelib.office.teaching.timetables import rebuild
from chalicelib.presentation.texts import day

Name = Annotated[str, typer.Argument(metavar="NOM", help="Le nom du professeur, comme au fichier annuel.")]
Site = Annotated[str, typer.Option("--site", metavar="CODE", help="Le site où le fichier écrit ce nom.")]
AnySite = Annotated[str | None, typer.Option("--site", metavar="CODE", help="Un seul site ; sinon, tous.")]


def link(
    email: Email, name: Name, *, site: Site, why: Why, who: Who, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Relier un enseignant à son nom du fichier annuel : il voit dès la page suivante les cours de ce nom."""
    services = connect(stage).services
    result = office.link(services, StaffRequest(email, Author(who, why)), site, name, services.clock())
    _print_result(result, "relié à", as_json=as_json)


def unlink(
    email: Email, name: Name, *, site: Site, why: Why, who: Who, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Détacher un nom d'un enseignant : les cours de ce nom ne sont plus les siens."""
    services = connect(stage).services
    result = office.unlink(services, StaffRequest(email, Author(who, why)), site, name, services.clock())
    _print_result(result, "détaché de", as_json=as_json)


def links(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer quels noms du fichier annuel sont à qui, et les cours confiés en remplacement."""
    found = office.list_links(connect(stage).services)
    if as_json:
        output.print_json({"teachers": list(map(_link_json, found))})
        return
    rows = [(*_who(one), own.site, own.name, "") for one in found for own in one.teacher.links]
    rows += [
        (*_who(one), share.site, share.teacher, f"remplacement du {day(share.first_on)} au {day(share.last_on)}")
        for one in found
        for share in one.teacher.shares
    ]
    if rows:
        output.table("", ("Nom", "Adresse", "Site", "Au fichier", "Remarque"), rows)
    else:
        output.say("Personne n'est relié : « clef staff link ADRESSE NOM --site CODE ».")


def timetables(*, site: AnySite = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Refaire les emplois du temps d'après les dossiers des familles ; l'import du fichier annuel le fait déjà."""
    services = connect(stage).services
    codes = [one.code for one in select_sites(services.settings.network, site)]
    made = rebuild(services, codes, services.clock())
    if as_json:
        rebuilt = [
            {"site": one.site, "teachers": one.teachers, "courses": one.courses, "pupils": one.pupils} for one in made
        ]
        output.print_json({"timetables": rebuilt})
        return
    rows = [(one.site, str(one.teachers), str(one.courses), str(one.pupils)) for one in made]
    output.table("", ("Site", "Professeurs", "Cours", "Élèves, par cours"), rows)


def _who(one: office.LinkedMember) -> tuple[str, str]:
    return (one.member.name if one.member else "", one.teacher.email)


def _print_result(result: office.LinkResult, done: str, *, as_json: bool) -> None:
    member, own = result.member, result.link
    if as_json:
        output.print_json(
            {
                "email": member.email,
                "site": own.site,
                "name": own.name,
                "changed": result.changed,
                "also": result.others,
            }
        )
        return
    said = "" if result.changed else " C'était déjà ainsi, rien n'a changé."
    output.say(f"« {own.name} » ({own.site}) : {done} {member.known_as}.{said}")
    if result.others:
        output.say(f"Ce nom est aussi relié à {', '.join(result.others)} : les mêmes cours sont à chacun.")


def _link_json(one: office.LinkedMember) -> dict[str, object]:
    return {
        "email": one.teacher.email,
        "role": one.member and one.member.role,
        "links": [{"site": own.site, "name": own.name} for own in one.teacher.links],
        "shares": [
            {
                "site": share.site,
                "teacher": share.teacher,
                "course": share.course,
                "first_on": share.first_on,
                "last_on": share.last_on,
                "by": share.by,
            }
            for share in one.teacher.shares
        ],
    }
