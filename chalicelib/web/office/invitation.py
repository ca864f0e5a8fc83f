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
        invited = find_invited(request.services, request.parts["lien"], request.now)
    except InvitationGone as gone:
        return _gone_page(request, gone)
    return _page(request, invited)


@routes.post(_PATH, right=None)
def accept_invitation(request: DeskRequest) -> Response:
    """Open the access and show the recovery codes, or show the form again.

    The secret of the link, in its address, proves the form: no other page can send it.
    """
    try:
        invited = find_sender(request, request.parts["lien"])
        return _codes_page(request, _accept(request, invited))
    except InvitationGone as gone:
        return _gone_page(request, gone)
    except FormRefusal as refusal:
        if invited.is_accepted:  # nothing can be corrected, and the page would reveal whether a code is right
            return _gone_page(request, InvitationGone())
        return _page(request, invited, feedback_on(refusal, request))


def _accept(request: DeskRequest, invited: InvitedMember) -> Accepted:
    request.check_lengths()
    chosen = AccessChoice(read_new_password(request), _second_factor(request, invited))
    return accept(request, invited, chosen)


def _second_factor(request: DeskRequest, invited: InvitedMember) -> SecondFactor:
    """Read the second factor: a passkey, or the code of an authenticator."""
    if sent := request.field("cle"):
        return first_passkey(request.services, invited.secret, sent, request.now)
    return verify_authenticator(
        request.services, invited.member.email, invited.place, read_authenticator(request), request.now
    )


def _kept_passkey(request: DeskRequest, invited: InvitedMember) -> str:
    """Read the answer of a passkey already made, to carry it through the corrected form."""
    sent = request.field("cle")
    return sent if sent and not first_passkey(request.services, invited.secret, sent, request.now).refused else ""


def _page(request: DeskRequest, invited: InvitedMember, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    network, member = request.services.settings.network, invited.member
    proposed = propose(request.services, member.email, invited.place, request.field("application"), request.now)
    return door_page(
        request,
        "invitation",
        feedback=feedback,
        invited=member,
        sites=[site for site in network.sites if site.code in member.sites],
        application=proposed_authenticator(network.name, proposed),
        asked=passkey_options(request.services, member, challenge_of_link(invited.secret)),
        kept=_kept_passkey(request, invited),
        path=_PATH.format(lien=request.parts["lien"]),
    )


def _codes_page(request: DeskRequest, accepted: Accepted) -> Response:
    cookies = entering_cookies(request, accepted.token, accepted.member.email)
    return door_page(
        request,
        "recovery_codes",
        feedback=FormFeedback(headers=cookies),
        member=accepted.member,
        codes=accepted.codes,
        is_new=True,
    )


def _gone_page(request: DeskRequest, gone: InvitationGone) -> Response:
    """Answer 410 with the person to ask, the same for a forged, used or expired link."""
    feedback = feedback_on(gone, request)
    return door_page(request, "invitation_gone", feedback=FormFeedback(410, feedback.alert))
