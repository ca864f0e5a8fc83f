"""The mailed code that proves a login without a password: typed in the browser that asked for it, valid once."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.logins import opening_emails
from chalicelib.domain.account.mailed_codes import (
    CODES_A_DAY,
    CODES_AN_HOUR,
    NUMBERS_A_DAY,
    NUMBERS_AN_HOUR,
    Code,
    CodeUsedUp,
    QuestionKind,
    name_of_mailed,
)
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.account.spellings import matching_account, refs_spelt
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.lost_password import count_request, login_of_address, logins_meant
from chalicelib.flows.login_methods.entry import open_logins, read_failures
from chalicelib.flows.mailed_codes import match_code, store_new_code
from chalicelib.mail import letters
from chalicelib.mail.account_jobs import LoginCode
from chalicelib.mail.mailer import Undeliverable
from chalicelib.services.family import Visit
from chalicelib.services.login_methods import LoginMethodServices as Services


def ask_code(visit: Visit[Services], request: LoginCodeRequest) -> str:
    """Post a request without any look-up. Return it signed, for the browser. Raises `LostSlowedDown`.

    It is counted together with the requests for lost passwords.
    """
    count_request(visit, "sign_in_code_slowed")
    question = request.sign(visit.services.settings.key_ring("questions"))
    visit.services.post_box.post(LoginCode(request=visit.client.request, asked_at=visit.now, question=question))
    visit.record("sign_in_code_asked", address=visit.client.address, purpose=request.purpose)
    return question


def code_request_of(services: Services, question: str) -> LoginCodeRequest | None:
    """Read a signed request. None if we did not sign it."""
    return LoginCodeRequest.read(services.settings.key_ring("questions"), question)


def prove_code(visit: Visit[Services], request: LoginCodeRequest, text: str) -> tuple[Account, ...]:
    """Return the logins that the code mailed for a request proves, read again.

    Raises `FieldsRefused` alike for a wrong code and for a request without a mailed code. Raises `CodeUsedUp`, also if
    the logins were closed or lost the address since then, and `SlowedDown` for a client address that fails too often.
    """
    services = visit.services
    failures = read_failures(visit)
    code = match_code(visit, services.codes, request.name, request.expires_at, text)
    if code is None:
        services.attempts.reserve(failures, LOGIN_OF_ADDRESS, visit.now)
        visit.record("sign_in_code_refused", address=visit.client.address)
        raise FieldsRefused({"code": ("applicant_code_wrong",)})
    logins = tuple(_logins(services, request))
    if not logins or code.owner != _owner(services, request, logins):
        raise CodeUsedUp
    services.database.write_together(services.codes.put(code.use(visit.now)))
    return logins


def _logins(services: Services, request: LoginCodeRequest) -> Iterator[Account]:
    """List the open logins that a request is about."""
    if request.identifier and not request.mailbox:
        spelt = open_logins(services, *refs_spelt(request.site, request.identifier))
        login = matching_account(request.identifier, spelt)
        logins = [login] if login else []
    elif request.identifier:
        # A wrong site is forgiven if only one has the identifier and the address, as at login.
        everywhere = logins_meant(services, request.identifier, request.mailbox)
        here = [login for login in everywhere if login.ref.site == request.site]
        logins = here or (everywhere if len(everywhere) == 1 else [])
    else:
        refs = services.mailboxes.find(request.mailbox).refs
        accounts = services.database.read_together(*map(services.accounts.lookup, refs)) if refs else ()
        holders = (login_of_address(services, account, request.mailbox) for account in accounts if account)
        logins = list({login.ref: login for login in holders if login}.values())
    return (login for login in logins if not login.disabled)


def mail_code(services: Services, job: LoginCode, now: datetime) -> None:
    """Mail the code of a request to the addresses on file of its logins. Raises `Unavailable`.

    The job is then delivered again, and at worst a second code is mailed for the same request: both work.
    """
    request = code_request_of(services, job.question)
    if request is None or now >= request.expires_at:
        services.record.write("sign_in_code_dropped", now, job.request, reason="stale")
        return
    logins = tuple(_logins(services, request))
    if reason := _mail(services, request, logins, job, now) if logins else "unknown":
        services.record.write("sign_in_code_dropped", now, job.request, reason=reason)
    else:
        ref, count = logins[0].ref, len(logins)
        services.record.write("sign_in_code_mailed", now, job.request, account=ref, accounts=count)


def _owner(services: Services, request: LoginCodeRequest, logins: tuple[Account, ...]) -> str:
    """Name the owner of a code: its question, and all the addresses on file that it may be mailed to, as they are."""
    addresses = () if request.mailbox else sorted(_emails(services, request, logins))
    return services.record.pseudonyms.of(request.site, request.identifier, request.mailbox, *addresses)


def proof_of_code(services: Services, request: LoginCodeRequest, login: Account) -> str:
    """Return the proof of a login by the code of a request: the addresses on file that it may have been mailed to."""
    return " ".join(_emails(services, request, (login,)))


def _mail(
    services: Services, request: LoginCodeRequest, logins: tuple[Account, ...], job: LoginCode, now: datetime
) -> str:
    """Send one code to each address, at most three an hour and six a day. Return the reason if none is sent."""
    network = services.settings.network
    emails = [email for email in _emails(services, request, logins) if _may_mail(services, request, email, job, now)]
    if not emails:
        return "too_soon"
    empty = Code(request.name, _owner(services, request, logins), "sign-in", request.asked_at)
    code = store_new_code(services, services.codes, empty)
    if not code:
        return "enough"
    sites = tuple(dict.fromkeys(network.site(login.ref.site) for login in logins))
    facts = {"network": network, "sites": sites, "purpose": request.purpose, "code": code, "until": request.expires_at}
    reason = "undeliverable"
    for email in emails:
        with suppress(Undeliverable):
            services.mailer.send(letters.fill("sign_in_code", email, now, facts), logins[0].ref)
            reason = ""
    return reason


def _emails(services: Services, request: LoginCodeRequest, logins: tuple[Account, ...]) -> tuple[str, ...]:
    """List the addresses on file to mail: the one that was typed, or all that may receive the login's passwords."""
    on_file = dict.fromkeys(email for login in logins for email in opening_emails(login))
    is_mailbox = services.record.pseudonyms.is_mailbox
    return tuple(email for email in on_file if not request.mailbox or is_mailbox(request.mailbox, email))


def _may_mail(services: Services, request: LoginCodeRequest, email: str, job: LoginCode, now: datetime) -> bool:
    """Count a mail if the limit allows it. A logged-in family has a count of its own, which no stranger uses."""
    count = "codes of a session" if request.purpose == "prove" else "codes of a login"
    name = name_of_mailed(services.record.pseudonyms, email, count)
    kind: QuestionKind = "number" if _is_public(request) else "email"
    return services.codes.count_mail(name, job.request, now, kind)


def mails_at_most(request: LoginCodeRequest) -> tuple[int, int]:
    """Return how many codes are mailed to one address in an hour and in a day, for a request like this."""
    if _is_public(request):
        return NUMBERS_AN_HOUR.ceiling, NUMBERS_A_DAY.ceiling
    return CODES_AN_HOUR.ceiling, CODES_A_DAY.ceiling


def _is_public(request: LoginCodeRequest) -> bool:
    """Whether a request names an identifier alone, which a stranger may know: fewer codes are mailed."""
    return request.purpose == "link" and not request.mailbox
