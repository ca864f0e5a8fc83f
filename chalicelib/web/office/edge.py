"""The edge of the desk: admits staff where their role opens. All else is answered like a page that does not exist."""

import json
import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl

from chalice.app import Request

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Devices
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.refusals import NotLoggedIn, NotThere, Unavailable
from chalicelib.domain.staff.members import Right
from chalicelib.domain.staff.staff_sessions import token_from
from chalicelib.flows.staff.entry import CodeAwaited, StaffContext, enter
from chalicelib.flows.staff.login import device_scope, form_proof, prove_again
from chalicelib.flows.staff.passkeys import prove_by_passkey
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import sentence
from chalicelib.services.family import Services, Visit
from chalicelib.services.office import OfficeServices
from chalicelib.values import frozen
from chalicelib.web import requests, responses
from chalicelib.web.edge import AnotherAccount, PageRequest, VisitorKind
from chalicelib.web.edge import FormBlueprint as FormBlueprint  # noqa: PLC0414 - with the names of this kind of visitor
from chalicelib.web.office import pending_form
from chalicelib.web.office.filters import Filters
from chalicelib.web.office.neighbours import ROW, TablePlace, page_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response

DESK: Final = "/extranet/bureau"
TEACHERS_DOOR: Final = "/extranet/enseignant"
WEEK_PAGE: Final = f"{TEACHERS_DOOR}/semaine"
LOGIN_PAGE: Final = f"{DESK}/connexion"
CODE_PAGE: Final = f"{DESK}/code"

QUESTION: Final = "-bureau-agent"  # ending of the cookie in which a browser keeps a pending request to ProConnect
_PLAIN: Final = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)  # an identifier that is written in an address unchanged
_SENTENCES: Final = {
    "texte": "Pour la famille",
    "mot": "Votre mot aux familles",
    "annulation": "Pour les familles",
    "raison": "Raison, pour le journal",
    "appreciation": "Appréciation",
    "avis_mots": "Avis, pour l'administration",
}
_ENCODED: Final = "_"  # prefix of any other, in base64url

_DONE: Final = "fait"  # the act that was just done, in the address of any page


@frozen
class DeskRequest(PageRequest[OfficeServices]):
    """One request of the desk: a `PageRequest` whose token is a member's, with its query and the member's context."""

    query: Mapping[str, str] = field(default_factory=dict)
    question: str = field(default="", repr=False)  # the sealed `AuthRequest` to ProConnect, kept by the browser
    inside: StaffContext | None = None
    address: str = ""  # of its page
    list_place: TablePlace | None = None  # of the table that its page, or the page of its form, was opened from

    @property
    def staff(self) -> StaffContext:
        """The member, on every page that asks for a right. Raises `NotLoggedIn` on the others."""
        if self.inside is None:
            raise NotLoggedIn
        return self.inside

    @property
    def family(self) -> AccountRef:
        """The family that the address names, by its `{site}` and `{famille}`. Raises `NotThere`."""
        return AccountRef(self.parts["site"], identifier_from_part(self.parts["famille"]))

    @property
    def is_entered(self) -> bool:
        """Whether a member is logged in already. The door then redirects to the desk."""
        try:
            enter(self)
        except NotLoggedIn:
            return False
        return True

    def devices_cookie(self, email: str) -> str:
        """Make the cookie by which a member, whose proofs were just given, is known in this browser from now on."""
        return self.client.devices.remember(device_scope(email), self.now)

    def note_opened(self, first: str, second: str) -> None:
        """Note a file that this session opened, by the parts of its key, for « Recherche »."""
        self.services.staff.sessions.note_opened(self.staff.session, first, second)

    def form_proof(self, template: str) -> str:
        """Seal a recent proof into the forms of a page, by its template and the subject that its address names."""
        page = json.dumps([template, *sorted(self.parts.items())], ensure_ascii=False)
        return form_proof(self, self.staff.session, page, self.field("confirme"))

    def prove_again(self, template: str) -> None:
        """Check a passkey's answer (`cle`) or the password (`mot_de_passe`), unless that was done five minutes ago.

        Nor for a form of the page of this template that was opened within those minutes.
        Raises `PasskeyRefused`, `ProofRefused` or `SlowedDown`: the form is shown again.
        """
        if self.form_proof(template):
            return
        if passkey := self.field("cle"):
            prove_by_passkey(self, self.staff, passkey)
            return
        password = trim(self.field("mot_de_passe"))
        prove_again(self, self.staff, password)


AnyRequest = TypeVar("AnyRequest", bound=DeskRequest)  # of a member of staff, or a teacher


@frozen
class DeskDoor(Generic[AnyRequest]):
    """A door of the desk: the right that a route asks for, and the only filters that its list takes.

    `right` None: open to all. `filters` None: any parameter.
    """

    right: Right | None
    filters: Filters | None = None

    def admit(self, request: AnyRequest) -> tuple[AnyRequest]:
        """Let in a member. A post must be proven, and of a page that this member opened.

        Raises `NotLoggedIn`, `AnotherAccount` or `NotThere`.
        """
        if self.right is None:
            return (request,)
        request.check_form_proof()
        request = self.enter(request)
        email = request.staff.member.email
        if request.is_unsafe and not pending_form.is_of(request.services, email, request.field("jeton")):
            raise AnotherAccount
        return (self.open(request, self.right),)

    def enter(self, request: AnyRequest) -> AnyRequest:
        """Find the member of the session."""
        return replace(request, inside=enter(request))

    def open(self, request: AnyRequest, right: Right) -> AnyRequest:
        """Open the page to a member with the right, at their own sites if the address names one, and to known filters.

        Raises `NotThere`: a page of another role or site is answered like one that does not exist.
        """
        staff, site = request.staff, request.parts.get("site")
        if not staff.may(right) or (site is not None and not staff.sees(site)):
            raise NotThere
        if self.filters is not None:
            _check_filters(self.filters, request, staff)
        return request


def _check_filters(filters: Filters, request: DeskRequest, staff: StaffContext) -> None:
    """Check that an address has only a list's own filters, and that it or a form has only their values.

    Raises `NotThere`, also for a site that the member does not see.
    """
    fields = request.form if request.is_unsafe else request.query
    checks = filters | {"site": staff.sees} if "site" in filters else filters
    is_known = request.is_unsafe or fields.keys() <= checks.keys() | {_DONE, ROW}
    if not is_known or not all(knows(fields[name]) for name, knows in checks.items() if fields.get(name)):
        raise NotThere


def desk_facts(request: Request, cookies: str, visit: Visit[Services]) -> dict[str, Any]:
    """Read the desk's other cookies, and the query. Raises `NotThere` for an address that repeats a parameter."""
    services, query = visit.services, requests.query(request)
    is_form = request.method == "POST"
    page_query = dict(parse_qsl(requests.page_before(request.headers, services).query)) if is_form else query
    devices = requests.cookie(cookies, f"{STAFF.cookie_name(services)}{responses.DEVICES}")
    return {
        "client": replace(visit.client, devices=Devices(services.settings.key_ring("staff-devices"), devices)),
        "question": requests.cookie(cookies, f"{responses.cookie_name(services)}{QUESTION}"),
        "query": query,
        "address": page_of(request.path.format(**request.uri_params or {}), query),
        "list_place": TablePlace.parse(page_query.get(ROW, "")),
    }


def _refuse(request: DeskRequest, path: str, refusal: Exception) -> Response:
    """Show a refusal of the office's flow, or redirect to the login form or to that of the code.

    A form that was sent is kept through the login, or its sentences are given back: nothing need be written twice.
    """
    if isinstance(refusal, AnotherAccount):
        return redirect(request.services, DESK)
    if isinstance(refusal, OfficeRefusal):
        return refused_page(request, refusal)
    texts = sentences_in(request)
    if isinstance(refusal, Unavailable):
        return given_back(request, texts, refusal)
    seal = pending_form.seal_form(request, path)
    if seal or texts:
        feedback = FormFeedback(401, sentence("staff_session_over"))
        return door_page(request, "session_over", feedback=feedback, typed=texts, carried=seal)
    return to_door(request, refusal, LOGIN_PAGE)


def to_door(request: DeskRequest, refusal: Exception, door: str) -> Response:
    """Redirect to the form of the code, or to the door, which says if a session is over."""
    if isinstance(refusal, CodeAwaited):
        return redirect(request.services, CODE_PAGE)
    return redirect(request.services, f"{door}?fait=terminee" if request.token else door)


def given_back(request: DeskRequest, texts: Mapping[str, str], failure: Unavailable) -> Response:
    """Give back the sentences of a form sent while the service fails. Without any, raise the failure."""
    if not texts:
        raise failure
    request.record("unavailable", what=str(failure))
    feedback = FormFeedback(503, headers={"Retry-After": "60"})
    return responses.page(request.services, "office/given_back", feedback=feedback, typed=texts)


STAFF: Final = VisitorKind(
    services=OfficeServices,
    request=DeskRequest,
    door=DeskDoor,
    refusals=(AnotherAccount, NotLoggedIn, OfficeRefusal, Unavailable),
    refuse=_refuse,
    token_from=token_from,
    cookie="-bureau",
    more_facts=desk_facts,
    error_page="office/error",
)
redirect: Final = STAFF.redirect


def sentences_in(request: DeskRequest) -> dict[str, str]:
    """Read the sentences of a form that its session's own browser sent, each by its label."""
    labels = _SENTENCES if request.token else {}
    return {label: typed for name, label in labels.items() if (typed := request.field(name))}


def door_page(
    request: DeskRequest, name: str, *, feedback: FormFeedback = NO_FEEDBACK, folder: str = "office", **facts: object
) -> Response:
    """Render `templates/FOLDER/NAME.html` for a visitor at the door. `carried`: a sealed form that the login keeps."""
    facts = {"carried": pending_form.carried(request), "now": request.now} | facts
    return responses.page(request.services, f"{folder}/{name}", feedback=feedback, **facts)


def entering_cookies(request: DeskRequest, token: Token, email: str) -> dict[str, str | list[str]]:
    """Build the header of a page that opens a session, and makes the browser known."""
    services = request.services
    return responses.set_cookies(services, *STAFF.cookies(token.cookie, request.devices_cookie(email)))


def desk_page(
    request: DeskRequest,
    name: str,
    tab: str,
    *,
    feedback: FormFeedback = NO_FEEDBACK,
    folder: str = "office",
    **facts: object,
) -> Response:
    """Render `templates/FOLDER/NAME.html`, which extends `office/inside.html`, for a member.

    It has `staff`, `tab`, `now`, the `release`, its `list_place` if it was opened from a table, its `own_address`, and
    `proof`, which each of its forms carries as `jeton`.
    """
    staff = request.staff
    return responses.page(
        request.services,
        f"{folder}/{name}",
        feedback=feedback,
        staff=replace(staff, form_proof=request.form_proof(name)),
        tab=tab,
        now=request.now,
        list_place=request.list_place,
        own_address=request.address,
        release=request.services.settings.version,
        proof=pending_form.member_proof(request.services, staff.member.email, staff.token),
        **facts,
    )


def refused_page(request: DeskRequest, refusal: OfficeRefusal) -> Response:
    """Show a refusal of the office's flow, and its remedy, on a page without a form to show it on."""
    return desk_page(request, "refused", "", feedback=FormFeedback(422, sentence_of(refusal, request.staff.network)))


def family_path(ref: AccountRef, beginning: str = "familles") -> str:
    """Write the address of a family's page: `/extranet/bureau/BEGINNING/SITE/FAMILLE`."""
    return f"{DESK}/{beginning}/{ref.site}/{part_of(ref.identifier)}"


def part_of(identifier: str) -> str:
    """Write an identifier as a part of an address."""
    if _PLAIN.fullmatch(identifier):
        return identifier
    return _ENCODED + encode(identifier.encode())


def identifier_from_part(part: str) -> str:
    """Read an identifier back. Raises `NotThere` for a part that `part_of` never writes."""
    if part in {"", _ENCODED}:  # no key of a table is empty
        raise NotThere
    if not part.startswith(_ENCODED):
        return part
    try:
        identifier = decode(part.removeprefix(_ENCODED)).decode()
    except ValueError:
        raise NotThere from None
    if part_of(identifier) != part:
        raise NotThere
    return identifier
