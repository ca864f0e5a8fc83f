"""Open a page of the desk by its token: find the session and its member, or redirect to the login form."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotLoggedIn, NotThere
from chalicelib.domain.staff.members import ManagerList, Member, Right, Role, allows
from chalicelib.domain.staff.recent_logins import RecentLogin
from chalicelib.domain.staff.staff_sessions import StaffSession, Stage
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Network, Site
from chalicelib.values import frozen


class CodeAwaited(NotLoggedIn):
    """The password is proven, and the second factor missing: the member has to fill in their form."""


@frozen
class StaffContext:
    """A logged-in member of staff: the token, its session, the member, and the network."""

    token: Token
    session: StaffSession
    member: Member
    network: Network
    managers: ManagerList = ManagerList()  # as read with the session
    form_proof: str = ""  # of a page's forms, as `login.form_proof` seals it

    @property
    def used_by(self) -> RecentLogin | None:
        """The login that used up this half-open session, if any."""
        return self.member.login_by(self.session.fingerprint) if self.session.stage == "password" else None

    @property
    def role(self) -> Role:
        """The current role."""
        return self.member.role

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites that this member sees, in the network's order. A manager sees all."""
        if self.role == "manager":
            return self.network.sites
        return tuple(site for site in self.network.sites if site.code in self.member.sites)

    @property
    def site_codes(self) -> tuple[str, ...]:
        """The codes of those sites."""
        return tuple(site.code for site in self.sites)

    def sees(self, site: str) -> bool:
        """Whether the member sees a site, by code."""
        return any(own.code == site for own in self.sites)

    def site(self, code: str) -> Site:
        """Find one of those sites. Raises `NotThere`."""
        site = next((site for site in self.sites if site.code == code), None)
        if site is None:
            raise NotThere
        return site

    def may(self, right: Right) -> bool:
        """Whether the role has a right. Pages hide the buttons of the others."""
        return allows(self.role, right)

    def author(self, why: str) -> Author:
        """Return the proven author with the typed reason, for the audit trail."""
        return Author(self.member.known_as, why)


def enter(visit: Visit[Services], stage: Stage = "open") -> StaffContext:
    """Find the session of a visit's token: two reads. Raises `NotLoggedIn`, or `CodeAwaited`.

    `stage`: how far the login must be. A manager missing from the list of managers has no access. A half-open session
    ends with its login.
    """
    context, _ = enter_with(visit, lambda _session: (), stage)
    if context.used_by:
        raise NotLoggedIn
    return context


def enter_with(
    visit: Visit[Services], more_lookups: Callable[[StaffSession], Sequence[Lookup[Any]]], stage: Stage = "open"
) -> tuple[StaffContext, tuple[Any, ...]]:
    """Find the session of a visit's token, with further lookups by its facts, in the same two reads."""
    services, token, now = visit.services, visit.token, visit.now
    stores = services.staff
    session = stores.sessions.find(token) if token else None
    if token is None or session is None or session.stage != stage:
        raise CodeAwaited if session and session.stage == "password" and now < session.expires_at else NotLoggedIn
    lookups: tuple[Lookup[Any], ...] = (
        stores.members.lookup(session.email),
        stores.managers.lookup(),
        *more_lookups(session),
    )
    member, managers, *results = services.database.read_together(*lookups)
    if member is None or not session.is_of(member, now) or not is_as_listed(member, managers):
        raise NotLoggedIn
    if stage == "open" and session.needs_touch(now):
        stores.sessions.touch(session, now)
    return StaffContext(token, session, member, services.settings.network, managers), tuple(results)


def is_as_listed(member: Member, managers: ManagerList) -> bool:
    """Whether a manager is in the list of managers. True for other roles."""
    return member.role != "manager" or member.email in managers
