"""GET and POST /extranet/bureau/invitation/{lien}: accept an invitation. Opening the link changes nothing."""

from chalicelib.domain.identity.webauthn import challenge_of_link
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.staff.invitation import (
    Accepted,
    AccessChoice,
    InvitationGone,
    InvitedMember,
    accept,
    find_invited,
    find_sender,
)
from chalicelib.flows.staff.passkeys import passkey_options
from chalicelib.flows.staff.second_factor import SecondFactor, first_passkey, propose, verify_authenticator
from chalicelib.web.office.access import read_authenticator, read_new_password
from chalicelib.web.office.edge import DESK, STAFF, DeskRequest, FormBlueprint, door_page, entering_cookies
from chalicelib.web.office.proposed_authenticator import proposed_authenticator
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on

routes = FormBlueprint(__name__, STAFF)
_PATH = f"{DESK}/invitation/{{lien}}"


@routes.get(_PATH, right=None)
def show_invitation(request: DeskRequest) -> Response:
    """Show the invited member, and the form."""
    try:
        guest = find_invited(request.services, request.parts["lien"], request.now)
    except InvitationGone as ending:
        return _gone_page(request, ending)
    return _page(request, guest)


@routes.post(_PATH, right=None)
def accept_invitation(request: DeskRequest) -> Response:
    """Open the access and show the recovery codes, or show the form again.

    The secret of the link, in its address, proves the form: no other page can send it.
    """
    try:
        guest = find_sender(request, request.parts["lien"])
        return _codes_page(request, _accept(request, guest))
    except InvitationGone as ending:
        return _gone_page(request, ending)
    except FormRefusal as refusal:
        if guest.is_accepted:  # nothing can be corrected, and the page would reveal whether a code is right
            return _gone_page(request, InvitationGone())
        return _page(request, guest, feedback_on(refusal, request))


def _accept(request: DeskRequest, guest: InvitedMember) -> Accepted:
    request.check_lengths()
    choice = AccessChoice(read_new_password(request), _second_factor(request, guest))
    return accept(request, guest, choice)


def _second_factor(request: DeskRequest, guest: InvitedMember) -> SecondFactor:
    """Read the second factor: a passkey, or the code of an authenticator."""
    if key := request.field("cle"):
        return first_passkey(request.services, guest.secret, key, request.now)
    return verify_authenticator(
        request.services, guest.member.email, guest.place, read_authenticator(request), request.now
    )


def _kept_passkey(request: DeskRequest, guest: InvitedMember) -> str:
    """Read the answer of a passkey already made, to carry it through the corrected form."""
    key = request.field("cle")
    return key if key and not first_passkey(request.services, guest.secret, key, request.now).errors else ""


def _page(request: DeskRequest, guest: InvitedMember, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    network, member = request.services.settings.network, guest.member
    key = propose(request.services, member.email, guest.place, request.field("application"), request.now)
    return door_page(
        request,
        "invitation",
        feedback=feedback,
        invited=member,
        sites=[site for site in network.sites if site.code in member.sites],
        application=proposed_authenticator(network.name, key),
        asked=passkey_options(request.services, member, challenge_of_link(guest.secret)),
        kept=_kept_passkey(request, guest),
        path=_PATH.format(lien=request.parts["lien"]),
    )


def _codes_page(request: DeskRequest, entry: Accepted) -> Response:
    cookies = entering_cookies(request, entry.token, entry.member.email)
    return door_page(
        request,
        "recovery_codes",
        feedback=FormFeedback(headers=cookies),
        member=entry.member,
        codes=entry.codes,
        is_new=True,
    )


def _gone_page(request: DeskRequest, ending: InvitationGone) -> Response:
    """Answer 410 with the person to ask, the same for a forged, used or expired link."""
    feedback = feedback_on(ending, request)
    return door_page(request, "invitation_gone", feedback=FormFeedback(410, feedback.alert))
