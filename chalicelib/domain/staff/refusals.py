"""Refusals of the staff's login."""

from chalicelib.domain.refusals import FormRefusal, LoginRefused, NotLoggedIn, SlowedDown


class StaffLoginRefused(LoginRefused):
    """Unknown address, wrong password, or an access closed or not accepted yet. The answer never shows which."""

    code = "staff_login_refused"


class StaffSlowedDown(SlowedDown):
    """Too many tries at the desk's login. The next one is accepted from `until`."""

    code = "staff_slowed_down"


class CodeAwaited(NotLoggedIn):
    """The password is proven, and the second factor missing: the member has to fill in its form."""


class CodeRefused(FormRefusal):
    """The code is not the current one, or is used already: the next one will work."""

    code = "staff_code_refused"


class KeyLost(FormRefusal):
    """The key of the code is missing from the stage: no code can work until a reset."""

    code = "staff_key_lost"


class ProofRefused(FormRefusal):
    """The password, asked again before a sensitive act, is wrong or missing."""

    code = "staff_proof_refused"


class InvitationGone(FormRefusal):
    """The link is invalid, older than 24 hours, or used. The answer never shows which."""

    code = "staff_invitation_gone"


class BrowserLinkGone(FormRefusal):
    """The link of a browser is unknown, over fifteen minutes old, or used. The answer never shows which."""

    code = "staff_link_gone"


class BrowserKeepsNothing(FormRefusal):
    """The form of a link comes without its page's cookie: a browser without cookies cannot become known."""

    code = "staff_browser_keeps_nothing"


class LinksSlowedDown(SlowedDown):
    """Too many links were requested from one client address. `until`: when the next one is accepted."""

    code = "staff_links_slowed_down"


class BrowsersSlowedDown(SlowedDown):
    """The day's limit of browsers made known by links is reached. `until`: when the next one may be."""

    code = "staff_browsers_slowed_down"


class ProviderSilent(FormRefusal):
    """ProConnect does not answer in time. The login by password still works."""

    code = "staff_provider_silent"


class ProviderUnclear(FormRefusal):
    """ProConnect's answer is invalid, was declined there, or has no second factor. The answer never shows which."""

    code = "staff_provider_unclear"


class AgentUnknown(FormRefusal):
    """The proven person is not, or no longer, invited here."""

    code = "staff_agent_unknown"


class AgentUnattached(FormRefusal):
    """The access has a password: ProConnect can only be attached to it after a login."""

    code = "staff_agent_unattached"


class AgentElsewhere(FormRefusal):
    """The account at ProConnect has another address than the access to attach it to."""

    code = "staff_agent_elsewhere"


class AgentMoved(FormRefusal):
    """The account at ProConnect belongs to the access of another address, `email`."""

    code = "staff_agent_moved"

    def __init__(self, email: str) -> None:
        super().__init__(self.code)
        self.email = email


class TooManyPasskeys(FormRefusal):
    """A member has the maximum number of passkeys: one has to be removed first."""

    code = "staff_too_many_passkeys"


class LastFactor(FormRefusal):
    """The only second factor cannot be removed."""

    code = "staff_last_factor"
