"""GET /extranet/bureau: today's work, task by task, at all sites of a member. A teacher is redirected to its week."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.today import LISTED, ApplicationsToday, SiteToday, StuckFamily, applications_today, today_at
from chalicelib.presentation import texts
from chalicelib.presentation.office.enrolments import STATE_TOKENS
from chalicelib.presentation.office.sendings import HEIGHT, WIDTH, SendingCurve, sending_curve, sum_days
from chalicelib.presentation.texts import day, day_and_hour, hour, retry_at
from chalicelib.values import frozen
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.applications import APPLICATIONS_PAGE
from chalicelib.web.office.edge import DESK, STAFF, WEEK_PAGE, StaffRequest, desk_page, family_path, redirect
from chalicelib.web.responses import Response

routes = FormBlueprint(__name__, STAFF)

_LIST: Final = f"{DESK}/reinscriptions"
# In the order of the office's work: the state, and its words for one pupil and for several.
_TO_DECIDE: Final[tuple[tuple[State, str, str], ...]] = (
    ("submitted", "réinscription envoyée, à décider", "réinscriptions envoyées, à décider"),
    ("changed", "réinscription modifiée depuis l'envoi", "réinscriptions modifiées depuis l'envoi"),
)
_OF_FAMILIES: Final[tuple[tuple[State, str, str], ...]] = (
    ("to_complete", "réinscription à compléter par la famille", "réinscriptions à compléter par les familles"),
    ("draft", "brouillon, pas encore envoyé", "brouillons, pas encore envoyés"),
    ("none", "élève sans réponse", "élèves sans réponse"),
)
_TO_CHECK: Final = (
    "réinscription à décider, avec des pièces à regarder",
    "réinscriptions à décider, avec des pièces à regarder",
)
_TO_READ: Final = ("demande à lire", "demandes à lire")
_TO_ENROL: Final = ("demande dont la place est acceptée, à inscrire", "demandes dont la place est acceptée, à inscrire")
_ENDING: Final = (
    "demande dont la proposition se termine aujourd'hui",
    "demandes dont la proposition se termine aujourd'hui",
)
_ABSENT: Final = ("élève avec trois absences non excusées", "élèves avec trois absences non excusées")
_UNUSED: Final = (
    "famille n'a encore jamais demandé de mot de passe",
    "familles n'ont encore jamais demandé de mot de passe",
)
_TOKENS: Final = {state: token for token, state in STATE_TOKENS.items()}


@frozen
class TodayLine:
    """A count, its words, the address of its list, its site among several, and its oldest day."""

    count: int
    words: str
    path: str
    site: str = ""
    since: str = ""


@routes.get(DESK, right="staff")
def show_today(request: StaffRequest) -> Response:
    """Show today's work."""
    if request.staff.may("teacher"):
        return redirect(request.services, WEEK_PAGE)
    return desk_page(request, "today", "today", **_facts(request))


def _facts(request: StaffRequest) -> dict[str, Any]:
    staff, services, now = request.staff, request.services, request.now
    days = today_at(services, staff.sites, now, with_last_season=staff.may("manager"))
    applications = applications_today(services, staff.site_codes, now)
    reenrolments = [line for own in days for line in _to_decide(own, is_alone=len(days) == 1)]
    absences = [line for own in days for line in _absences(own, is_alone=len(days) == 1)]
    failing, stuck = [one for own in days for one in own.failing], [one for own in days for one in own.stuck]
    failing_since = min(filter(None, (own.failing_since for own in days)), default=None)
    return {
        "tasks": [
            (title, lines)
            for title, lines in (
                ("Réinscriptions", reenrolments),
                ("Demandes de pré-inscription", _applications(applications)),
                ("Absences", absences),
            )
            if lines
        ],
        "failing": failing[:LISTED],
        "failing_count": sum(own.failing_count for own in days),
        "failing_since": f"depuis le {day(failing_since)}" if failing_since else "",
        "stuck": stuck[:LISTED],
        "stuck_count": sum(own.stuck_count for own in days),
        "of_families": [(own, _period(own, request), _of_families(own, request)) for own in days],
        "counted_at": hour(min(own.at for own in days)) if any(own.at != now for own in days) else "",
        "curves": _curves(days, now.astimezone(PARIS).date()) if staff.may("manager") else (),
        "curve_size": (WIDTH, HEIGHT),
        "reason_of": lambda family: _reason(family, request),
        "path_of": family_path,
    }


def _period(own: SiteToday, request: StaffRequest) -> str:
    return texts.period(own.period, request.now) if own.period else "Aucune période de réinscription n'est annoncée."


def _to_decide(own: SiteToday, *, is_alone: bool) -> Iterable[TodayLine]:
    """List the re-enrolments of a site that wait for a decision. Zero is left out."""
    lines = [(own.counts.get(state, 0), words, {"etat": _TOKENS[state]}, state) for state, *words in _TO_DECIDE]
    checked = {"etat": _TOKENS["submitted"], "piece": "fournies"}
    lines.insert(1, (own.to_check, list(_TO_CHECK), checked, "to_check"))  # type: ignore[arg-type] # its name in `since`
    for count, words, filters, name in lines:
        since = own.since.get(name)
        if count:
            yield _line(count, words, _LIST, own, filters, since=since, is_alone=is_alone)


def _absences(own: SiteToday, *, is_alone: bool) -> Iterable[TodayLine]:
    if own.often_absent:
        path, since = f"{DESK}/absences", own.absent_since
        yield _line(own.often_absent, _ABSENT, path, own, {}, since=since, is_alone=is_alone)


def _line(  # noqa: PLR0913 - a line is all of these
    count: int,
    words: Sequence[str],
    path: str,
    own: SiteToday,
    filters: dict[str, str],
    *,
    since: date | None,
    is_alone: bool,
) -> TodayLine:
    address = f"{path}?{urlencode({'site': own.site.code} | filters)}"
    oldest = f"la plus ancienne depuis le {day(since)}" if since else ""
    return TodayLine(count, words[count > 1], address, "" if is_alone else own.site.name, oldest)


def _applications(today: ApplicationsToday) -> list[TodayLine]:
    """List the applications that wait, at all sites together."""
    lines = (
        (today.to_read, _TO_READ, "envoyee", "la plus ancienne depuis le {}", day),
        (today.to_enrol, _TO_ENROL, "place-acceptee", "la plus ancienne depuis le {}", day),
        (today.ending, _ENDING, "place-proposee", "la première à {}", hour),
    )
    return [
        TodayLine(
            *(len(moments), words[len(moments) > 1], f"{APPLICATIONS_PAGE}?etat={token}"),
            since=since.format(write(moments[0])),
        )
        for moments, words, token, since, write in lines
        if moments
    ]


def _of_families(own: SiteToday, request: StaffRequest) -> list[TodayLine]:
    """List the answers that a site awaits from families. Before the period opens, pupils without one are left out."""
    is_begun = own.period is not None and own.period.state(request.now) != "before"
    lines = [
        _line(own.counts[state], words, _LIST, own, {"etat": _TOKENS[state]}, since=None, is_alone=True)
        for state, *words in _OF_FAMILIES
        if own.counts.get(state) and (is_begun or state != "none")
    ]
    if own.unused:
        lines.append(_line(own.unused, _UNUSED, f"{DESK}/saison/avancement", own, {}, since=None, is_alone=True))
    return lines


def _curves(days: Sequence[SiteToday], today: date) -> list[SendingCurve]:
    """Draw the sendings of all sites, then of each. None before the first."""
    sent, before = sum_days(own.sent for own in days), sum_days(own.sent_before for own in days)
    if not (sent or before):
        return []
    each = [sending_curve(own.site.name, own.sent, own.sent_before, today) for own in days]
    return [sending_curve("Tous les sites", sent, before, today), *(each if len(days) > 1 else ())]


def _reason(family: StuckFamily, request: StaffRequest) -> str:
    if family.reason == "frozen":
        return f"gelé par la famille le {day_and_hour(family.at)} (« Ce n'est pas moi »)"
    return f"trop d'essais ratés : le prochain à partir de {retry_at(family.at, request.now)}"
