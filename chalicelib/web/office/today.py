"""GET /extranet/bureau: today's work, task by task, at all sites of a member. A teacher is redirected to their week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.helpdesk.turns import NAMED, own_files
from chalicelib.office.today import LISTED, SiteToday, StuckFamily, today_at
from chalicelib.presentation import texts
from chalicelib.presentation.office.sendings import HEIGHT, WIDTH, SendingCurve, sending_curve, sum_days
from chalicelib.presentation.texts import day, day_and_hour, hour, retry_at
from chalicelib.settings.wings import has, parts
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.access import ACCESS_PAGE
from chalicelib.web.office.edge import DESK, STAFF, WEEK_PAGE, DeskRequest, desk_page, family_path, redirect
from chalicelib.web.office.parts import FilesPart, TodayLine, TodayTask
from chalicelib.web.responses import Response

routes = FormBlueprint(__name__, STAFF)

_LIST: Final = f"{DESK}/reinscriptions"
# Each line of a site: its words for one and for several, and its list with its filters.
_WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    "submitted": ("réinscription envoyée, à décider", "réinscriptions envoyées, à décider", _LIST, "&etat=envoyee"),
    "to_check": (
        "réinscription à décider, avec des pièces à regarder",
        "réinscriptions à décider, avec des pièces à regarder",
        _LIST,
        "&etat=envoyee&piece=fournies",
    ),
    "changed": (
        "réinscription modifiée depuis l'envoi",
        "réinscriptions modifiées depuis l'envoi",
        _LIST,
        "&etat=modifiee",
    ),
    "to_complete": (
        "réinscription à compléter par la famille",
        "réinscriptions à compléter par les familles",
        _LIST,
        "&etat=a-completer",
    ),
    "draft": ("brouillon, pas encore envoyé", "brouillons, pas encore envoyés", _LIST, "&etat=brouillon"),
    "none": ("élève sans réponse", "élèves sans réponse", _LIST, "&etat=sans-reponse"),
    "unused": (
        "famille n'a encore jamais demandé de mot de passe",
        "familles n'ont encore jamais demandé de mot de passe",
        f"{DESK}/saison/avancement",
        "",
    ),
}


@routes.get(DESK, right="staff")
def show_today(request: DeskRequest) -> Response:
    """Show today's work."""
    if request.staff.may("teacher"):
        return redirect(request.services, WEEK_PAGE if has("teaching") else ACCESS_PAGE)
    return desk_page(request, "today", "today", **_facts(request))


def _facts(request: DeskRequest) -> dict[str, Any]:
    staff, services, now, wings = request.staff, request.services, request.now, parts(TodayTask)
    days = today_at(services, staff.sites, now, with_last_season=staff.may("manager"))
    tasks = (
        ("Réinscriptions", [_line(own, name, days) for name in ("submitted", "to_check", "changed") for own in days]),
        *((task.title, task.lines(request, days)) for task in wings),
    )
    failing_since = min(filter(None, (own.failing_since for own in days)), default=None)
    today = now.astimezone(PARIS).date()
    is_acting = staff.may("secretary")
    kinds = parts(FilesPart)
    finders = {kind.place: partial(kind.find, request) for kind in kinds}
    turns = own_files(services, staff.member, staff.site_codes, staff.managers, today, finders) if is_acting else None
    places = {turn.site for turn in turns.in_hand} if turns else set()
    warnings = (task.year_warning(request) for task in wings if staff.may("manager"))
    return {
        "year_warning": next(filter(None, warnings), ""),
        "tasks": [(title, shown) for title, lines in tasks if (shown := [line for line in lines if line.count])],
        "turns": turns,
        "own_lists": [
            *([("Leurs réinscriptions", f"{_LIST}?suivi=moi")] if places - {kind.place for kind in kinds} else []),
            *((kind.words, kind.path) for kind in kinds if kind.place in places),
        ],
        "at_most": NAMED,
        "failing": [one for own in days for one in own.failing][:LISTED],
        "failing_count": sum(own.failing_count for own in days),
        "failing_since": f"depuis le {day(failing_since)}" if failing_since else "",
        "stuck": [one for own in days for one in own.stuck][:LISTED],
        "stuck_count": sum(own.stuck_count for own in days),
        "of_families": [(own, _period(own, request), _of_families(own, request)) for own in days],
        "counted_at": hour(min(own.at for own in days)) if any(own.at != now for own in days) else "",
        "curves": _curves(days, today) if staff.may("manager") else (),
        "curve_size": (WIDTH, HEIGHT),
        "reason_of": lambda family: _reason(family, request),
        "path_of": family_path,
    }


def _period(site: SiteToday, request: DeskRequest) -> str:
    return texts.period(site.period, request.now) if site.period else "Aucune période de réinscription n'est annoncée."


def _line(site: SiteToday, name: str, days: Sequence[SiteToday] = ()) -> TodayLine:
    """Count one kind of work of a site, named if there are several."""
    counts: dict[str, int] = {"to_check": site.to_check, "unused": site.dormant or 0}
    count, since = (counts | dict(site.counts)).get(name, 0), site.since.get(name)
    *words, path, filters = _WORDS[name]
    oldest = f"la plus ancienne depuis le {day(since)}" if since else ""
    return TodayLine(
        *(count, words[count > 1], f"{path}?site={site.site.code}{filters}"),
        site=site.site.name if len(days) > 1 else "",
        since=oldest,
    )


def _of_families(site: SiteToday, request: DeskRequest) -> list[TodayLine]:
    """List the answers that a site awaits from families. Before the period opens, pupils without one are left out."""
    is_begun = site.period is not None and site.period.state(request.now) != "before"
    names = ("to_complete", "draft", *(("none",) if is_begun else ()), *(("unused",) if has("campaign") else ()))
    return [line for name in names if (line := replace(_line(site, name), since="")).count]


def _curves(days: Sequence[SiteToday], today: date) -> list[SendingCurve]:
    """Draw the sendings of all sites, then of each. None before the first."""
    sendings, before = sum_days(own.sendings for own in days), sum_days(own.sent_before for own in days)
    if not (sendings or before):
        return []
    curves = [sending_curve(own.site.name, own.sendings, own.sent_before, today) for own in days]
    return [sending_curve("Tous les sites", sendings, before, today), *(curves if len(days) > 1 else ())]


def _reason(family: StuckFamily, request: DeskRequest) -> str:
    if family.reason == "frozen":
        return f"gelé par la famille le {day_and_hour(family.at)} (« Ce n'est pas moi »)"
    return f"trop d'essais ratés : le prochain à partir de {retry_at(family.at, request.now)}"
