"""A login at an identity provider: the request, sealed in its browser, and the answer brought back by that browser.

ProConnect for the staff, FranceConnect for families, each with its own seal, cookie and return address.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from urllib.parse import urlencode

from chalicelib.domain.identity.openid import AnswerRefused, AuthRequest, ClientRegistration, Identity, check_answer
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.identity_provider import IdentityProvider
from chalicelib.values import frozen

ANSWER_WITHIN: Final = timedelta(minutes=15)
_WORDS: Final = 5  # of a sealed request: its state, nonce, verifier, time and purpose


@frozen
class ProviderLogin:
    """Our login at one provider. Its answers come back to `return_url`, its logouts to `logout_url` if there is one."""

    registration: ClientRegistration
    secret: str = field(repr=False)
    seal: Seal
    scope: str
    return_url: str
    logout_url: str = ""

    def ask(self, now: datetime, *, again: bool = False, attaching: str = "") -> tuple[str, str]:
        """Make an authentication request: the address to redirect to, and the sealed request for the browser.

        Raises `Unavailable`, also for a provider that describes itself wrongly.
        """
        try:
            provider = self._provider.describe(now)
        except AnswerRefused as refusal:
            raise Unavailable(f"identity provider {refusal.why}") from refusal
        auth_request = AuthRequest.new(now, has_pkce=provider.has_pkce, again=again, attaching=attaching)
        query = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": self.return_url,
            "scope": self.scope,
            "state": auth_request.state,
            "nonce": auth_request.nonce,
            **self._level(auth_request),
        }
        if auth_request.verifier:
            query |= {"code_challenge": auth_request.challenge, "code_challenge_method": "S256"}
        return _with_query(provider.authorization_endpoint, query), self._sealed(auth_request)

    def open(self, cookie: str, now: datetime) -> AuthRequest:
        """Open the request that a browser kept. Raises `AnswerRefused`."""
        words = self.seal.open_sent(cookie, _WORDS)
        if words is None:
            raise AnswerRefused("question_unknown")
        state, nonce, verifier, asked_at, purpose = words
        moment, again = datetime.fromtimestamp(int(asked_at), UTC), purpose == "again"
        auth_request = AuthRequest(state, nonce, verifier, moment, again, "" if again else purpose)
        if not auth_request.asked_at <= now <= auth_request.asked_at + ANSWER_WITHIN:
            raise AnswerRefused("question_old")
        return auth_request

    def identify(self, auth_request: AuthRequest, answer: Mapping[str, str], now: datetime) -> Identity:
        """Identify the person of an answer: its parameters, the code, the ID token, then the user info.

        At most four calls, within `PATIENCE`. Raises `AnswerRefused`, `Unavailable`.
        """
        code = check_answer(answer, self.registration, auth_request)
        identity, id_token = self._provider.redeem(code, auth_request, self.return_url, now)
        end = self._provider.describe(now).end_session_endpoint
        if not end or not self.logout_url:
            return identity
        # The return after a logout changes nothing here: its state is compared with none.
        query = {"id_token_hint": id_token, "state": secrets.token_hex(32)}
        return replace(identity, logout=_with_query(end, query | {"post_logout_redirect_uri": self.logout_url}))

    @property
    def _provider(self) -> IdentityProvider:
        return _kept_provider(self.registration, self.secret)

    def _level(self, auth_request: AuthRequest) -> dict[str, str]:
        """Ask for the level of the login, and from inside for a login made just now."""
        prompt = {"prompt": "login"} if auth_request.is_from_inside else {}
        if not self.registration.of_agents:
            return {"acr_values": self.registration.acr_values[0], **prompt}
        essential = {"essential": True, "values": list(self.registration.acr_values)}
        claims = json.dumps({"id_token": {"acr": essential, "auth_time": {"essential": True}}})
        return {"claims": claims, **prompt, **({"max_age": "0"} if prompt else {})}

    def _sealed(self, auth_request: AuthRequest) -> str:
        asked_at = str(int(auth_request.asked_at.timestamp()))
        purpose = "again" if auth_request.again else auth_request.attaching
        return self.seal.seal_text(auth_request.state, auth_request.nonce, auth_request.verifier, asked_at, purpose)


@cache  # keeps the provider's description and keys
def _kept_provider(registration: ClientRegistration, secret: str) -> IdentityProvider:
    return IdentityProvider(registration, secret)


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
