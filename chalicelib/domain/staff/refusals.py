"""What staff are refused at their own door."""

from chalicelib.domain.refusals import FormRefusal, LoginRefused, NotLoggedIn, SlowedDown


class StaffLoginRefused(LoginRefused):
    """Unknown address, wrong password, or an access that is closed or not accepted yet: never told which."""

    code = "staff_login_refused"


class StaffSlowedDown(SlowedDown):
    """Too many tries at the desk's door; the next one is looked at from `until` on."""

    code = "staff_slowed_down"


class CodeAwaited(NotLoggedIn):
    """The password was shown, and the second factor is still to come: the way on is its form."""


class CodeRefused(FormRefusal):
    """Not the code of this moment, or one that served already: the next one will do."""

    code = "staff_code_refused"


class KeyLost(FormRefusal):
    """A key that proves the code is gone from the stage: no other code will do, a reset will."""

    code = "staff_key_lost"


class ProofRefused(FormRefusal):
    """The password shown again, before an act that needs it, is wrong or missing."""

    code = "staff_proof_refused"


class InvitationGone(FormRefusal):
    """The link is none of ours, older than 24 hours, or was used: never told which."""

    code = "staff_invitation_gone"


class BrowserLinkGone(FormRefusal):
    """The link of a browser is unknown, over fifteen minutes old, or used: the page never says which."""

    code = "staff_link_gone"


class BrowserKeepsNothing(FormRefusal):
    """The form of a link comes without the cookie that its page gave: a browser that keeps none cannot be known."""

    code = "staff_browser_keeps_nothing"


class LinksSlowedDown(SlowedDown):
    """Too many links were asked for from one client address. `until`: when the next request is taken."""

    code = "staff_links_slowed_down"


class BrowsersSlowedDown(SlowedDown):
    """The day's limit of browsers made known by links is reached. `until`: when the next one may be."""

    code = "staff_browsers_slowed_down"


class PasskeyRefused(FormRefusal):
    """A passkey that did not answer, or not as asked. `why`: which check it failed, for the record alone."""

    code = "staff_passkey_refused"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ProviderSilent(FormRefusal):
    """ProConnect does not answer, or not in time: the other door is open."""

    code = "staff_provider_silent"


class ProviderUnclear(FormRefusal):
    """ProConnect's answer does not hold, was declined there, or came without a second factor: never told which."""

    code = "staff_provider_unclear"


class AgentUnknown(FormRefusal):
    """Who was proven is not invited here, or no more."""

    code = "staff_agent_unknown"


class AgentUnattached(FormRefusal):
    """The access has a password, so that ProConnect is attached to it from inside alone."""

    code = "staff_agent_unattached"


class AgentElsewhere(FormRefusal):
    """The account at ProConnect has another address than the access that it should be attached to."""

    code = "staff_agent_elsewhere"


class AgentMoved(FormRefusal):
    """The account at ProConnect opens the access of another address, `email`: it has moved there, not here."""

    code = "staff_agent_moved"

    def __init__(self, email: str) -> None:
        super().__init__(self.code)
        self.email = email


class TooManyPasskeys(FormRefusal):
    """A member has as many passkeys as anybody may have: one of them must go first."""

    code = "staff_too_many_passkeys"


class LastFactor(FormRefusal):
    """The only second factor there is cannot go before there is another."""

    code = "staff_last_factor"
