"""Enter the desk by ProConnect, the State's door for agents: invited addresses only, and with two factors there."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from chalicelib.domain.account.sealing import Seal
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FormRefusal, Unavailable, WriteConflict
from chalicelib.domain.staff.members import Changed, Member
from chalicelib.domain.staff.openid import (
    Agent,
    AnswerRefused,
    Question,
    check_id_token,
    check_userinfo,
    key_named_by,
    read_signed,
)
from chalicelib.domain.staff.refusals import AgentUnknown, ProviderSilent, ProviderUnclear
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.staff.code import open_wholly
from chalicelib.flows.staff.entering import StaffContext, is_as_listed
from chalicelib.flows.staff.notices import post_notice
from chalicelib.identity_provider import IdentityProvider
from chalicelib.services import Client, Services
from chalicelib.staff_services import identity_provider, staff_stores

RETURN_PATH: Final = "/extranet/bureau/agents/retour"
ANSWER_WITHIN: Final = timedelta(minutes=15)
_SCOPES: Final = "openid email given_name usual_name"


def is_offered(services: Services) -> bool:
    """Whether this network has the door."""
    return identity_provider(services) is not None


def ask(services: Services, now: datetime, *, again: bool = False) -> tuple[str, str]:
    """Make a question: the provider's address to send the browser to, and what the browser keeps of it.

    Raises `ProviderSilent`.
    """
    provider, question = _provider(services), Question.new(now, again=again)
    try:
        described = provider.describe(now)
    except (Unavailable, AnswerRefused):
        raise ProviderSilent from None
    essential = {"essential": True, "values": list(provider.party.acr_values)}
    asked = {
        "response_type": "code",
        "client_id": provider.party.client_id,
        "redirect_uri": services.settings.network.url(RETURN_PATH),
        "scope": _SCOPES,
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": question.challenge,
        "code_challenge_method": "S256",
        "claims": json.dumps({"id_token": {"acr": essential, "auth_time": {"essential": True}}}),
    } | ({"prompt": "login", "max_age": "0"} if again else {})
    joint = "&" if "?" in described.authorization_endpoint else "?"
    return f"{described.authorization_endpoint}{joint}{urlencode(asked)}", _sealed(services, question)


def take_answer(  # noqa: PLR0913, PLR0917 - what was asked, what came back, who asks, and when
    services: Services,
    kept: str,
    answer: Mapping[str, str],
    inside: StaffContext | None,
    client: Client,
    now: datetime,
) -> Token:
    """Open a session for who the provider answers for, or prove again who is inside.

    Raises `ProviderSilent`, `ProviderUnclear` for an answer that does not hold, `AgentUnknown` for who is not invited.
    """
    agent = None
    try:
        question = _opened(services, kept, now)
        agent = _agent(services, question, answer, now)
        invited = _invited(services, agent, now)
        if question.again:
            return _prove(services, invited, inside, now)
        return _enter(services, invited, agent, client, now)
    except AnswerRefused as refused:
        _record_refusal(services, agent, refused.why, client, now)
        raise ProviderUnclear from None
    except FormRefusal:
        _record_refusal(services, agent, "nobody", client, now)
        raise


def _record_refusal(services: Services, agent: Agent | None, why: str, client: Client, now: datetime) -> None:
    email = agent.email if agent else None
    services.record.write_of_staff(
        "staff_proconnect_refused", now, client.request, email, address=client.address, why=why
    )


def _agent(services: Services, question: Question, answer: Mapping[str, str], now: datetime) -> Agent:
    """Find whom the provider answers for: state, code, ID token, then what it says of the person (two calls)."""
    provider = _provider(services)
    if not hmac.compare_digest(answer.get("state", "").encode(), question.state.encode()):
        raise AnswerRefused("state")
    if answer.get("iss", provider.party.issuer) != provider.party.issuer:  # RFC 9207: no answer of another provider
        raise AnswerRefused("iss")
    if "error" in answer or not answer.get("code"):
        raise AnswerRefused("declined")
    try:
        uri = services.settings.network.url(RETURN_PATH)
        id_token, access_token = provider.redeem(answer["code"], question.verifier, uri, now)
        subject = check_id_token(_signed(provider, id_token, now), provider.party, question, now)
        said = _signed(provider, provider.userinfo(access_token, now), now)
        return check_userinfo(said, provider.party, subject, now)
    except Unavailable:
        raise ProviderSilent from None


def _signed(provider: IdentityProvider, token: str, now: datetime) -> Mapping[str, object]:
    return read_signed(token, provider.describe(now, with_key=key_named_by(token)).keys)


def _invited(services: Services, agent: Agent, now: datetime) -> StaffContext:
    """Find who was invited at this address, and is the same person there as before. Raises `AgentUnknown`."""
    stores = staff_stores(services)
    member, managers = services.database.read_together(stores.members.lookup(agent.email), stores.managers.lookup())
    if member is None or member.disabled or not is_as_listed(member, managers):
        raise AgentUnknown
    if not _may_enter(member, agent, now):
        raise AgentUnknown
    token = new_token()
    session = StaffSession.open(token, member, "password", now)
    return StaffContext(token, session, member, services.settings.network, managers)


def _may_enter(member: Member, agent: Agent, now: datetime) -> bool:
    """Whether it is the same person there as before; of who never came by this door, whether an invitation opens it.

    An address may have gone to somebody else there; and a reset, which forgets who it was, waits for a new invitation.
    """
    if member.agent:
        return hmac.compare_digest(member.agent, agent.subject)
    is_invited = member.invitation is not None and now < member.invitation.expires_at
    return is_invited or member.password is not None


def _enter(services: Services, invited: StaffContext, agent: Agent, client: Client, now: datetime) -> Token:
    after = replace(invited.member, agent=agent.subject, invitation=None)
    if not invited.member.agent:  # from now on another door opens this access
        changed = Changed.new("agent", now)
        post_notice(services, after, changed, client)
        after = after.with_change(changed)
    try:
        return open_wholly(services, invited, after, invited.token, client, now)
    except WriteConflict:
        raise AnswerRefused("overtaken") from None


def _prove(services: Services, invited: StaffContext, inside: StaffContext | None, now: datetime) -> Token:
    if inside is None or inside.member.email != invited.member.email or not invited.member.agent:
        raise AgentUnknown
    staff_stores(services).sessions.prove(inside.session, now)
    return inside.token


def _provider(services: Services) -> IdentityProvider:
    provider = identity_provider(services)
    if provider is None:
        raise ProviderSilent
    return provider


def _seal(services: Services) -> Seal:
    return Seal(services.settings.record_key, "question to an identity provider")


def _sealed(services: Services, question: Question) -> str:
    words = (question.state, question.nonce, question.verifier, str(int(question.asked_at.timestamp())))
    return urlsafe_b64encode(_seal(services).seal(*words, "again" if question.again else "")).decode().rstrip("=")


def _opened(services: Services, kept: str, now: datetime) -> Question:
    try:
        words = _seal(services).open(urlsafe_b64decode(kept + "=" * (-len(kept) % 4)))
    except (ValueError, UnicodeDecodeError):
        words = None
    if words is None:
        raise AnswerRefused("question_unknown")
    state, nonce, verifier, asked_at, again = words
    question = Question(state, nonce, verifier, datetime.fromtimestamp(int(asked_at), UTC), bool(again))
    if not question.asked_at <= now <= question.asked_at + ANSWER_WITHIN:
        raise AnswerRefused("question_old")
    return question
