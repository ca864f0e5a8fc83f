"""Let a member of the office in to a family's re-enrolment, to fill in its own steps from its papers or a call."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.domain.account.accounts import AccountRef, View
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.enrolment.enrolments import PaperForm
from chalicelib.domain.family.corrections import OFFICE
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.family.reenrolment import EnrolmentContext, context_of, enrolment_lookups
from chalicelib.flows.family.visit import Visitor
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services, Visit


def enter(
    visit: Visit[Services], ref: AccountRef, token: Token, note: Callable[[PaperForm], object]
) -> EnrolmentContext:
    """Find a family and its re-enrolment, at once, as its own pages do. Raises `NotThere`, also for a closed account.

    The office speaks for the family, and sees all of its coordinates. No session of the family is opened.
    """
    services = visit.services
    lookups: tuple[Lookup[Any], ...] = (
        *services.periods.lookups(visit.now),
        services.accounts.lookup(ref),
        *enrolment_lookups(visit, ref),
    )
    *_, account, current, last = services.database.read_together(*lookups)
    site = services.settings.network.site(ref.site)
    if account is None or site is None or account.family or account.disabled or account.is_merging:
        raise NotThere
    session = Session.open(token, account, visit.now, by="login", previous_login=None)
    by_office = replace(account, view=View("", (OFFICE,)))
    visitor = Visitor(token, session, by_office, site, must_change=False, login=account, on_file=account)
    return replace(context_of(visit, visitor, (current, last)), note=note)
