"""The office accepts candidates: the decision is written first, and names the account; then the account is made.

The request decides who comes first: a family that withdraws, or another secretary. The account follows it, by one
write that may be made again: what a fault left undone, accepting again does.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime

from chalicelib.admission_services import admission_stores
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.admission.applications import Application, Candidate, CandidateRef, Decision, Standing, Wish
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.text import fold
from chalicelib.mail.posted_first import DELAY, PATIENCE, PostedFirst
from chalicelib.office.account import audit
from chalicelib.office.admission import accounts as made
from chalicelib.office.admission.accounts import NewIdentifier
from chalicelib.office.admission.decide import (
    CandidateDecision,
    CandidateSelection,
    RequestDecision,
    check,
    decide_candidate,
    find_seen,
    record_decisions,
    why,
)
from chalicelib.office.admission.find import audited_as
from chalicelib.office.admission.mails import decision_mail
from chalicelib.office.admission.places import Places, name_of, places_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services import Services
from chalicelib.stores.revising import RACES
from chalicelib.values import frozen


@frozen
class AccountChoice:
    """Which wish is accepted where that is not clear; and the account's identifier, or an account that is there.

    `slot`: of that very wish, as a page offers it.
    """

    site: str | None = None
    discipline: str | None = None
    slot: tuple[str, str, str] | None = None
    identifier: str = ""
    account: str = field(default="", repr=False)


@frozen
class AcceptedCandidate:
    """A candidate as it was accepted, and for which wish; the account that it then has."""

    entry: CandidateDecision
    slot: tuple[str, str, str]
    account: Account


@frozen
class AcceptedRequest:
    """What was accepted of a request, as it then stands."""

    application: Application
    candidates: tuple[AcceptedCandidate, ...]


@frozen
class _Plan:
    """What is about to be accepted: a candidate's decision, and the wish."""

    entry: CandidateDecision
    slot: tuple[str, str, str]


@frozen
class _Acceptance:
    """One acceptance: how the account is to be named, by whom and why, when."""

    services: Services
    choice: AccountChoice
    request: RequestDecision
    now: datetime


def accept(
    services: Services, selection: CandidateSelection, request: RequestDecision, choice: AccountChoice, now: datetime
) -> AcceptedRequest:
    """Accept candidates, and give them their account. Raises `OfficeRefusal`, `Unavailable`.

    A place must be held where places are counted. Again finds what is done, and does what a fault left.
    """
    run = _Acceptance(services, choice, check(request, now), now)
    application = find_seen(services, selection)
    decision = Decision("accepted", run.request.who, now, run.request.words)
    candidates = selection.candidates(application, decision, over=True)
    places = places_of(services, application.ref.season, now)
    plans = [_plan(run, application, one, decision, places) for one in candidates]
    fresh = [plan for plan in plans if plan.entry.is_new]
    named = _name_accounts(run, application, plans)
    if fresh:
        _audit(run, audited_as(application.ref), application, fresh)
        application = _write(run, application, fresh, named)
    return _with_accounts(run, application, plans)


def _plan(
    run: _Acceptance, application: Application, candidate: Candidate, decision: Decision, places: Places
) -> _Plan:
    standing = application.standing(candidate.key)
    entry = decide_candidate(application, candidate, decision, again=False)
    if not entry.is_new and standing.slot:
        return _Plan(entry, standing.slot)
    return _Plan(entry, _wish(application, candidate, run.choice, places).slot)


def _wish(application: Application, candidate: Candidate, choice: AccountChoice, places: Places) -> Wish:
    """Find the wish that is accepted: of the place that was taken; else the only one, if no places are counted for it.

    Of several, somebody says which: the first that needs no place is not what the family wishes for first. Raises
    `OfficeRefusal`, with what to do.
    """
    wishes = [wish for wish in candidate.wishes if _is_meant(wish, choice)]
    if not wishes:
        raise OfficeRefusal("request_wish_unknown", name=candidate.name, wishes=_wishes(candidate.wishes))
    hold = places.hold_of(CandidateRef(application.number, candidate.key), candidate)
    if hold and hold.wish in wishes and hold.state == "taken":
        return hold.wish
    if hold:
        code = "request_place_offered" if hold.state == "offered" else "request_place_elsewhere"
        raise OfficeRefusal(code, name=candidate.name, pool=hold.pool)
    is_counted = [places.pool_of(candidate, wish) is not None for wish in wishes]
    if is_counted == [False]:
        return wishes[0]
    if not all(is_counted):
        raise OfficeRefusal("request_wish_which", name=candidate.name, wishes=_wishes(wishes))
    pools = " ; ".join(dict.fromkeys(name_of(pool) for wish in wishes if (pool := places.pool_of(candidate, wish))))
    raise OfficeRefusal("request_holds_nothing", name=candidate.name, pools=pools, number=application.number)


def _is_meant(wish: Wish, choice: AccountChoice) -> bool:
    is_there = choice.site in {None, wish.site} and choice.slot in {None, wish.slot}
    return is_there and (choice.discipline is None or fold(choice.discipline) in fold(wish.discipline))


def _wishes(wishes: Iterable[Wish]) -> str:
    return " ; ".join(f"{wish.discipline} ({wish.site})" for wish in wishes)


def _audit(
    run: _Acceptance,
    ref: AccountRef,
    application: Application,
    plans: Iterable[_Plan],
    kind: AuditAction = "request_accepted",
) -> None:
    author = Author(run.request.who, why(application, [plan.entry for plan in plans], run.request))
    audit(run.services, ref, kind, author, run.now)


def _name_accounts(run: _Acceptance, application: Application, plans: Iterable[_Plan]) -> Mapping[str, AccountRef]:
    """Name the account of each site. Raises `OfficeRefusal`."""
    sites = tuple(dict.fromkeys(plan.slot[0] for plan in plans))
    if (run.choice.identifier or run.choice.account) and len(sites) > 1:
        raise OfficeRefusal("request_sites_many", sites=", ".join(sites))
    return {site: _name_account(run, application, site) for site in sites}


def _name_account(run: _Acceptance, application: Application, site: str) -> AccountRef:
    """Name the account that the request was given at a site; else the one that is asked for, or a new one."""
    services, choice, given = run.services, run.choice, made.given_at(application, site)
    asked = identifier_from(choice.account or choice.identifier)
    if given and asked not in {"", given.identifier}:
        raise OfficeRefusal("request_account_given", identifier=given.identifier, site=site)
    if given:
        return given
    if choice.account:
        return made.chosen_account(services, site, choice.account)
    if choice.identifier:
        return made.chosen_identifier(services, site, choice.identifier).ref
    known = made.accounts_of_mailbox(services, application, site)
    if known:
        names = " ; ".join(f"{one.display_identifier or one.ref.identifier} ({one.name})" for one in known)
        raise OfficeRefusal("request_has_account", accounts=names, site=site)
    return made.generate_identifier(services, site, application.ref.season).ref


def _write(
    run: _Acceptance, application: Application, fresh: list[_Plan], named: Mapping[str, AccountRef]
) -> Application:
    """Write the decisions with the accounts that they name, if all is as it was read; their mails are posted before."""
    slots = {plan.entry.candidate.key: plan.slot for plan in fresh}

    def name_account(found: Application, standing: Standing) -> Standing:
        slot = slots[standing.key]
        given = made.given_at(found, slot[0])  # a sibling may have been accepted meanwhile
        ref, joined = given or named[slot[0]], bool(run.choice.account and not given)
        return replace(standing, account=(ref.site, ref.identifier), slot=slot, joined=joined)

    def record(found: Application) -> Application:
        return record_decisions(application, found, [plan.entry for plan in fresh], name_account)

    mails, request = PostedFirst(run.services.post_box), f"request-{secrets.token_hex(8)}"

    def post(_before: Application, after: Application) -> None:
        mails.post(*(decision_mail(run.services, after, plan.entry.candidate.key, request) for plan in fresh))

    return admission_stores(run.services).applications.revise(application, record, post)[1]


def _with_accounts(run: _Acceptance, application: Application, plans: list[_Plan]) -> AcceptedRequest:
    """Make the accounts whole, site by site."""
    accounts = {}
    for site in dict.fromkeys(plan.slot[0] for plan in plans):
        own = [plan for plan in plans if plan.slot[0] == site]
        application, accounts[site] = _with_account(run, application, site, own)
    done = (AcceptedCandidate(plan.entry, plan.slot, accounts[plan.slot[0]]) for plan in plans)
    return AcceptedRequest(application, tuple(done))


def _with_account(
    run: _Acceptance, application: Application, site: str, plans: list[_Plan]
) -> tuple[Application, Account]:
    """Make an account whole; where another family came first with its identifier, under another one."""
    for _ in range(RACES):
        ref = made.given_at(application, site)
        if ref is None:
            raise Unavailable("the request names no account")
        known = run.services.accounts.find(ref)
        lacking = made.lacking(known, application, ref)
        if known and not lacking and made.is_own(known, application):
            return application, known
        _tell_again(run, application, lacking)
        _audit(run, ref, application, plans, "request_joined" if known else "request_accepted")
        account = made.make_whole(run.services, application, _written(run.choice, ref))
        if account:
            return application, account
        application = _rename(run, application, ref)
    raise Unavailable("other families take every identifier")


def _written(choice: AccountChoice, ref: AccountRef) -> NewIdentifier:
    """Find how an identifier is written: as it was typed, else in capitals."""
    typed = " ".join(choice.identifier.split())
    return NewIdentifier(typed if identifier_from(typed) == ref.identifier else ref.identifier.upper(), ref)


def _tell_again(run: _Acceptance, application: Application, lacking: Iterable[str]) -> None:
    """Post the mails again of candidates that were on no account for so long that those posted first were let go."""
    request = f"request-{secrets.token_hex(8)}"
    decisions = {key: application.standing(key).decision for key in sorted(lacking)}
    late = [key for key, decision in decisions.items() if decision and run.now - decision.at >= PATIENCE / 2]
    mails = (decision_mail(run.services, application, key, request) for key in late)
    run.services.post_box.post(*mails, delay=DELAY)


def _rename(run: _Acceptance, application: Application, taken: AccountRef) -> Application:
    """Give the request another identifier at a site, where another family's account came first with this one."""
    other = made.generate_identifier(run.services, taken.site, application.ref.season).ref
    named, new = (taken.site, taken.identifier), (other.site, other.identifier)

    def rename(found: Application) -> Application:
        for standing in found.standings:
            if standing.account == named:
                found = found.with_standing(replace(standing, account=new))
        return found

    return admission_stores(run.services).applications.revise(application, rename)[1]
