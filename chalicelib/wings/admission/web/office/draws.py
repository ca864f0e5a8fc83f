"""/extranet/bureau/saison/tirages: a site's draw is looked at, prepared, run or cancelled. Each step is published."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.family.birth_dates import birth_date_from as day_from  # any day is typed as one's birth is
from chalicelib.domain.refusals import FieldsRefused, NotThere, Unavailable
from chalicelib.office.jobs.publication import find_publication, publish_soon
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, typed_days
from chalicelib.web.office.edge import DeskRequest
from chalicelib.web.office.season import SEASON_PAGE
from chalicelib.wings.admission.domain.draws import Draw, SiteDraws
from chalicelib.wings.admission.office.draws import (
    SeedPlan,
    all_draws,
    cancel_draw,
    prepare_draw,
    preview_draw,
    run_draw,
    site_draws,
)

routes = ActBlueprint(__name__)

DRAWS_PAGE: Final = f"{SEASON_PAGE}/tirages"
_DRAW: Final = f"{DRAWS_PAGE}/{{site}}"
_LIST: Final = "liste"
_DAYS: Final = ("jour",)


def _draws(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
    """List the draws of the sites that draw, and those of former seasons."""
    services, staff = request.services, request.staff
    admission = services.settings.network.admission
    all_of_sites = [draws for draws in all_draws(services, request.now) if staff.sees(draws.site)]
    drawing = [site.code for site in staff.sites if admission.order_of(site.code) == "draw"]
    current = [site_draws(services, code, request.now) for code in drawing]
    former = [
        draws for draws in all_of_sites if (draws.site, draws.season) not in {(own.site, own.season) for own in current}
    ]
    return {"current": current, "former": former}


routes.page(DRAWS_PAGE, "reader", ActPage("draws", "season", _draws), filters={})


def _find(request: DeskRequest) -> SiteDraws:
    code, network = request.parts["site"], request.services.settings.network
    draws = site_draws(request.services, code, request.now)
    if network.admission.order_of(code) != "draw" and not (draws.record.draw or draws.record.cancelled):
        raise NotThere
    return draws


def _plan(request: DeskRequest) -> SeedPlan:
    """Read the announced number. Raises `FieldsRefused`."""
    day = day_from(request.field("jour"))
    if day is None:
        raise FieldsRefused({"jour": ("day_unreadable",)})
    return SeedPlan(request.field("annonce"), day)


def _preview(request: DeskRequest) -> Draw:
    staff = request.staff
    return preview_draw(request.services, request.parts["site"], _plan(request), staff.member.known_as, request.now)


def _facts(request: DeskRequest, draws: SiteDraws, outcome: Outcome) -> dict[str, Any]:
    publication = find_publication(request.services)
    fields, is_day = typed_days(request, _DAYS)
    fields |= {name: request.field(name) for name in ("annonce", "nombre", "encore", "raison")}
    return {
        "draws": draws,
        "site": request.services.settings.network.site(draws.site),
        "path": f"{DRAWS_PAGE}/{draws.site}",
        "is_published": bool(publication and draws.moved_at and publication.at >= draws.moved_at),
        "preview": _preview(request) if outcome.form_name == _LIST and not outcome.code else None,
        "typed": fields,
        "is_day": is_day,
    }


DRAW: Final = ActPage(
    "draw",
    "season",
    _facts,
    _find,
    back=lambda request: f"{DRAWS_PAGE}/{request.parts['site']}",
    sentences={
        "liste": "La liste est arrêtée : les pages publiques la montrent dans un instant.",
        "tirage": "Le tirage est fait : les pages publiques le montrent dans un instant, et les places libres sont "
        "proposées dans l'heure.",
        "annulation": "La liste est annulée : elle reste publiée, avec la raison.",
    },
    fields={"draw_source": "annonce", "draw_seed_known": "jour", "draw_seed_malformed": "nombre"},
)
routes.page(_DRAW, "reader", DRAW)


@routes.act(f"{_DRAW}/examen", "manager", DRAW)
def look(request: DeskRequest, draws: SiteDraws) -> Any:  # noqa: ANN401 - the page itself
    """Show the list that would be frozen. Nothing is written."""
    return DRAW.show(request, draws, Outcome(form_name=_LIST))


def _site(request: DeskRequest) -> str:
    return request.parts["site"]


@routes.act(f"{_DRAW}/{_LIST}", "manager", DRAW, form=_LIST, is_proven_again=True, find=_site)
def freeze(request: DeskRequest, site: str) -> str:
    """Freeze the list as shown, and publish it with the announced number."""
    plan = replace(_plan(request), list_digest=request.field("vu") or "-")
    prepare_draw(request.services, site, plan, request.staff.member.known_as, request.now)
    return _published(request, "liste")


@routes.act(f"{_DRAW}/tirage", "manager", DRAW, is_proven_again=True, find=_site)
def run(request: DeskRequest, site: str) -> str:
    """Order the list by the announced number, typed twice: a draw is not run again."""
    if request.field("nombre") != request.field("encore"):
        raise FieldsRefused({"encore": ("draw_seed_differs",)})
    run_draw(request.services, site, request.field("nombre"), request.staff.member.known_as, request.now)
    return _published(request, "tirage")


@routes.act(f"{_DRAW}/annulation", "manager", DRAW, has_reason=True, is_proven_again=True)
def cancel(request: DeskRequest, draws: SiteDraws) -> str:
    """Cancel a prepared list. Families read the reason."""
    author = Author(request.staff.member.known_as, request.field("raison"))
    if draws.record.draw is None or request.field("vu") != draws.record.draw.digest:
        raise OfficeRefusal("draw_list_moved")
    cancel_draw(request.services, draws.site, author, request.now)
    return _published(request, "annulation")


def _published(request: DeskRequest, act: str) -> str:
    """Publish the act too. If that fails, the act stays done, and the page shows the delay."""
    with suppress(Unavailable):
        publish_soon(request.services, request.staff.member.known_as, request.now)
    return act
