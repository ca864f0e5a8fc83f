"""The office accepts a candidate: the decision, which names the account, is written first. Then the account is made.

A concurrent withdrawal or another secretary conflicts on the application. The account follows it, by one idempotent
write: accepting again completes an acceptance that a fault interrupted.
"""

import secrets
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from functools import partial

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.mail.outbox import DELAY, PATIENCE
from chalicelib.office.account import audit
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, Candidate, CandidateRef, Standing, Wish
from chalicelib.wings.admission.office import accounts
from chalicelib.wings.admission.office.accounts import NewIdentifier
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.decide import (
    AdmissionDecisionInput,
    CandidateDecision,
    CandidateVersion,
    check,
    note_author,
    preview_decision,
    write_decision,
)
from chalicelib.wings.admission.office.mails import decision_mail
from chalicelib.wings.admission.office.places import SeasonPlaces, places_again


@frozen
class AccountChoice:
    """The slot of the accepted wish, and the identifier of a new account or an existing account."""

    slot: tuple[str, str, str]
    identifier: str = ""
    account: str = field(default="", repr=False)


@frozen
class _Acceptance:
    """The name of the account, the author, reason and moment of the acceptance, and the season's places if known."""

    services: Services
    choice: AccountChoice
    decision_input: AdmissionDecisionInput
    now: datetime
    places: SeasonPlaces | None = field(default=None, repr=False)


def accept(  # noqa: PLR0913 - the decision, and the account
    services: Services,
    application: Application,
    version: CandidateVersion,
    decision_input: AdmissionDecisionInput,
    now: datetime,
    *,
    choice: AccountChoice,
    places: SeasonPlaces | None = None,
) -> CandidateDecision:
    """Accept a candidate as a page showed them, and give them their account. Raises `OfficeRefusal`, `Unavailable`.

    Where places are counted, the candidate must hold one. Idempotent: accepting again completes an interrupted
    acceptance. `places`: the season's, if they were read before. The candidate's are read again.
    """
    decision_input = replace(check(decision_input, now), verdict="accepted", until=None, again=False)
    run = _Acceptance(services, choice, decision_input, now, places)
    entry = preview_decision(application, version, decision_input, now)
    slot = (not entry.is_new and application.standing(entry.subject.key).slot) or _slot(run, application, entry)
    account = _name_account(run, application, slot[0])
    if entry.is_new:
        author = note_author(application, entry, run.decision_input)
        audit(services, audited_as(application.ref), "request_accepted", author, now)
        application = write_decision(services, application, entry, partial(_with_account, run, slot, account))
    _make_account(run, application, slot[0], entry)
    return replace(entry, is_final=True)


def _slot(run: _Acceptance, application: Application, entry: CandidateDecision) -> tuple[str, str, str]:
    """Check that the chosen wish may be accepted. Raises `OfficeRefusal`."""
    candidate, slot = entry.subject, run.choice.slot
    wish = next((wish for wish in candidate.wishes if wish.slot == slot), None)
    if wish is None:
        raise OfficeRefusal("request_wish_unknown", name=candidate.name, wishes=candidate.wishes)
    check_wish(application, candidate, wish, places_again(run.services, application, candidate, run.now, run.places))
    return slot


def check_wish(application: Application, candidate: Candidate, wish: Wish, places: SeasonPlaces) -> None:
    """Check that a wish may be accepted: its place is taken, or its places are not counted.

    Raises `OfficeRefusal` with the next step.
    """
    hold = places.hold_of(CandidateRef(application.number, candidate.key), candidate)
    if hold and not (hold.state == "taken" and hold.wish and hold.wish.slot == wish.slot):
        code = "request_place_offered" if hold.state == "offered" else "request_place_elsewhere"
        raise OfficeRefusal(code, name=candidate.name, pool=hold.pool)
    pool = places.pool_of(candidate, wish)
    if pool and not hold:
        raise OfficeRefusal("request_holds_nothing", name=candidate.name, pools=(pool,))


def _name_account(run: _Acceptance, application: Application, site: str) -> AccountRef:
    """Name the account of the application at a site: its existing one, else the requested one, else a new one."""
    services, choice, ref = run.services, run.choice, accounts.account_at(application, site)
    identifier = identifier_from(choice.account or choice.identifier)
    if ref and identifier not in {"", ref.identifier}:
        raise OfficeRefusal("request_account_given", identifier=ref.identifier, site=site)
    if ref:
        return ref
    if choice.account:
        return accounts.chosen_account(services, site, choice.account)
    if choice.identifier:
        return accounts.chosen_identifier(services, site, choice.identifier).ref
    check_mailbox(services, application, site)
    return accounts.generate_identifier(services, site, application.ref.season).ref


def check_mailbox(services: Services, application: Application, site: str) -> None:
    """Check that the application's address is on no family's file at a site. Raises `OfficeRefusal`."""
    if families := accounts.accounts_of_mailbox(services, application, site):
        names = " ; ".join(f"{one.display_identifier or one.ref.identifier} ({one.name})" for one in families)
        raise OfficeRefusal("request_has_account", accounts=names, site=site)


def _with_account(
    run: _Acceptance, slot: tuple[str, str, str], family: AccountRef, current: Application, standing: Standing
) -> Standing:
    first_ref = accounts.account_at(current, slot[0])  # another candidate of it may have been accepted concurrently
    ref, is_joined = first_ref or family, bool(run.choice.account and not first_ref)
    return replace(standing, account=(ref.site, ref.identifier), slot=slot, joined=is_joined)


def _make_account(run: _Acceptance, application: Application, site: str, entry: CandidateDecision) -> None:
    """Make an account complete, under another identifier if another family took its own first."""
    for _ in range(RACES):
        ref = accounts.account_at(application, site)
        if ref is None:
            raise Unavailable("the application names no account")
        account = run.services.accounts.find(ref)
        lacking = accounts.lacking(account, application, ref)
        if account and not lacking and accounts.is_own(account, application):
            return
        _post_again(run, application, lacking)
        kind: AuditAction = "request_joined" if account else "request_accepted"
        audit(run.services, ref, kind, note_author(application, entry, run.decision_input), run.now)
        if accounts.complete_account(run.services, application, _written(run.choice, ref)):
            return
        application = _rename(run, application, ref)
    raise Unavailable("other families take every identifier")


def _written(choice: AccountChoice, ref: AccountRef) -> NewIdentifier:
    """Spell an identifier: as typed, else in capitals."""
    text = " ".join(choice.identifier.split())
    return NewIdentifier(text if identifier_from(text) == ref.identifier else ref.identifier.upper(), ref)


def _post_again(run: _Acceptance, application: Application, lacking: Iterable[str]) -> None:
    """Post again the mails of candidates whose account came so late that the first mails were dropped."""
    request = f"request-{secrets.token_hex(8)}"
    decisions = {key: application.standing(key).decision for key in sorted(lacking)}
    late = [key for key, decision in decisions.items() if decision and run.now - decision.at >= PATIENCE / 2]
    mails = (decision_mail(run.services, application, key, request) for key in late)
    run.services.post_box.post(*mails, delay=DELAY)


def _rename(run: _Acceptance, application: Application, ref: AccountRef) -> Application:
    """Give the application another identifier at a site, after another family's account took this one."""
    free_ref = accounts.generate_identifier(run.services, ref.site, application.ref.season).ref
    old, new = (ref.site, ref.identifier), (free_ref.site, free_ref.identifier)

    def rename(current: Application) -> Application:
        for standing in current.standings:
            if standing.account == old:
                current = current.with_standing(replace(standing, account=new))
        return current

    return run.services.admission.applications.revise(application, rename)[1]
