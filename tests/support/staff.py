"""Members of staff in a test's world, and their browser, which logs in by the real forms."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, Unavailable
from chalicelib.domain.staff.browser_links import invitation_link, read_link
from chalicelib.domain.staff.members import Member, Role, Totp, link_digest, new_link_secret
from chalicelib.domain.staff.recent_logins import RecentLogin
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.domain.staff.totp import PERIOD, code_at, step_at
from chalicelib.flows.staff import login as flows
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.entry import enter as flow_enter
from chalicelib.flows.staff.login import StaffCredentials
from chalicelib.flows.staff.login_code import seal_key
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff_stores import StaffStores
from tests.support.world import Visitor, World

T = TypeVar("T")
DESK = "/extranet/bureau"
SECRETARY = "troglodyte@example.org"
MANAGER = "fauvette@example.org"
READER = "bergeronnette@example.org"
TEACHER = "roitelet@example.org"
PASSWORD = "partition oubliee sous la pluie"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SITES = ("evry-xenakis",)
NAMES = {SECRETARY: "Basile Troglodyte", MANAGER: "Odile Fauvette", READER: "Colombe Bergeronnette"}
ROLES: dict[str, Role] = {SECRETARY: "secretary", MANAGER: "manager", READER: "reader", TEACHER: "teacher"}


def stores(world: World) -> StaffStores:
    """Return the staff stores."""
    return world.services.staff


def member(world: World, email: str = SECRETARY, role: Role | None = None, **values: Any) -> Member:
    """Store a member who accepted an invitation, by default with the role of their address, at one site."""
    role = role or ROLES[email]
    sites = values.pop("sites", () if role == "manager" else SITES)
    person = Member(email, NAMES.get(email, "Gaspard Roitelet"), role, sites, new_stamp(), world.now, **values)
    totp = Totp(seal_key(world.services, email, KEY))
    person = person.with_proofs(world.services.hasher.hash(PASSWORD), totp, (), world.now)
    stores(world).members.create(person)
    if role == "manager":
        stores(world).managers.add(email)
    return person


def enter_as_manager(world: World, email: str = MANAGER) -> None:
    """Add an address to the list of managers, with a login: it counts as a remaining manager."""
    managers = stores(world).managers
    managers.add(email)
    managers.note_entry(email, managers.read())


def links(world: World) -> list[tuple[str, str]]:
    """Read the address and secret of each mailed invitation link, newest last."""
    matches = re.findall(
        r"/extranet/bureau/invitation/(\S+)$", "\n".join(mail.text for mail in world.mails()), re.MULTILINE
    )
    return [words for link in matches if (words := read_link(world.services.settings.key_ring("staff-links"), link))]


def opens(world: World, secret: str, email: str = SECRETARY) -> bool:
    """Whether the secret of a link opens the invitation of a member now."""
    person = stores(world).members.find(email)
    return bool(person and person.invitation and person.invitation.is_opened_by(secret, world.now))


def code(world: World) -> str:
    """Return the authenticator's next code. Each works once, so the clock advances by a step."""
    world.wait(timedelta(seconds=PERIOD))
    return code_at(KEY, step_at(world.now))


def log_in(world: World, visitor: Visitor, email: str = SECRETARY, password: str = PASSWORD) -> None:
    """Submit both login forms."""
    answer = visitor.post(f"{DESK}/connexion", {"courriel": email, "mot_de_passe": password})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DESK}/code")
    answer = visitor.post(f"{DESK}/code", {"code": code(world)})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)


def enter(world: World, visitor: Visitor, email: str = SECRETARY, **values: Any) -> Member:
    """Store a member, and send a session of theirs from now on."""
    person = stores(world).members.find(email) or member(world, email, **values)
    token = new_token()
    session = StaffSession.open(token, person, "open", world.now)
    world.database.write_together(stores(world).sessions.put(session))
    visitor.show(token.cookie, "clef-bureau")
    return person


def invite(world: World, email: str = SECRETARY, role: Role | None = None, **values: Any) -> str:
    """Store an invited member, and return the link, `{lien}` of their page."""
    role, secret = role or ROLES[email], new_link_secret()
    sites = values.pop("sites", () if role == "manager" else SITES)
    person = Member(email, NAMES.get(email, "Gaspard Roitelet"), role, sites, new_stamp(), world.now, **values)
    person = person.with_invitation(link_digest(secret), "Odile Fauvette <fauvette@example.org>", world.now)
    stores(world).members.create(person)
    if role == "manager":
        stores(world).managers.add(email)
    return invitation_link(world.services.settings.key_ring("staff-links"), email, secret)


def just_in(world: World) -> RecentLogin:
    """Make a recent login, from an address of its own."""
    return RecentLogin(new_stamp(), new_stamp(), "client", world.now)


def open_file(world: World, first: str, second: str) -> None:
    """Open a session of the desk, and in it a file, by the parts of its key."""
    opened_by = Member(SECRETARY, NAMES[SECRETARY], "secretary", SITES, new_stamp(), world.now)
    session = StaffSession.open(new_token(), opened_by, "open", world.now)
    world.database.write_together(stores(world).sessions.put(session))
    stores(world).sessions.note_opened(session, first, second)


def read_member(world: World, email: str = SECRETARY) -> Member:
    """Read a member who exists."""
    there = stores(world).members.find(email)
    assert there is not None
    return there


def code_of(world: World, key: str) -> str:
    """Return the current code of an authenticator with this key."""
    return code_at("".join(key.split()), step_at(world.now))


def half_enter(world: World, email: str = SECRETARY, password: str = PASSWORD, devices: str = "") -> StaffContext:
    """Log in with an address and a password, and return the half-open session."""
    token = flows.log_in(world.visit(devices=devices, use="staff-devices"), StaffCredentials(email, password))
    return flow_enter(world.visit(token), "password")


def half_open(world: World, email: str = SECRETARY) -> StaffContext:
    """Open a half-open session of an existing member, without a password attempt."""
    token = new_token()
    session = StaffSession.open(token, read_member(world, email), "password", world.now)
    world.database.write_together(stores(world).sessions.put(session))
    return flow_enter(world.visit(token), "password")


def entered(world: World, email: str = SECRETARY) -> StaffContext:
    """Store a member who is logged in, and return the open session."""
    person = stores(world).members.find(email) or member(world, email)
    token = new_token()
    world.database.write_together(stores(world).sessions.put(StaffSession.open(token, person, "open", world.now)))
    return flow_enter(world.visit(token))


def is_in(world: World, token: Token) -> bool:
    """Whether a token opens the desk."""
    try:
        flow_enter(world.visit(token))
    except NotLoggedIn:
        return False
    return True


def in_parallel(number: int, act: Callable[[int], T]) -> list[T | type[Exception] | OfficeRefusal]:
    """Run threads at once. Returns each result, a refusal's class, or a refusal of the office."""
    together = threading.Barrier(number)

    def run(index: int) -> T | type[Exception] | OfficeRefusal:
        together.wait(timeout=10)
        try:
            return act(index)
        except (FormRefusal, NotLoggedIn) as refusal:
            return type(refusal)
        except OfficeRefusal as refusal:
            return refusal

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run acts at once. Returns « done », or the code of a refusal of the office."""

    def outcome(act: Callable[[], object]) -> str:
        try:
            act()
        except OfficeRefusal as refusal:
            return refusal.code
        return "done"

    return [str(end) for end in in_parallel(len(acts), lambda which: outcome(acts[which]))]


def outcome_of(act: Callable[[], object], confirmation: str) -> str:
    """Return the name of an act's refusal or failure, or the word for its success."""
    try:
        act()
    except (FormRefusal, NotLoggedIn, Unavailable) as refusal:
        return type(refusal).__name__
    return confirmation
