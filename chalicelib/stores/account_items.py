"""The item of an account: every field, encoded and decoded."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from chalicelib.domain.account.accounts import (
    Account,
    AccountRef,
    FailingMailbox,
    MailedLetter,
    MailedPassword,
    Password,
)
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, merge_pupils
from chalicelib.domain.search.summaries import summarise_account
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none
from chalicelib.stores.summaries import SUMMARY, compact


def family_item(account: Account) -> dict[str, Any]:
    """Encode these attributes. Empty ones are left out."""
    confirmed = account.confirmed
    return {
        "corrections": list(map(_correction_item, account.corrections)) or None,
        "access": list(map(_correction_item, account.access_corrections)) or None,
        "corrected": list(account.correction_times) or None,
        "confirmed": confirmed and {"by": confirmed.by, "at": confirmed.at},
        "unproven": account.pending_email and _pending_email_item(account.pending_email),
        "codes": list(account.code_times) or None,
    }


def family_facts(item: Item) -> dict[str, Any]:
    """Decode them, by the account's field names."""
    confirmed, unproven = item.get("confirmed"), item.get("unproven")
    return {
        "corrections": tuple(map(_correction, item.get("corrections", ()))),
        "access_corrections": tuple(map(_correction, item.get("access", ()))),
        "correction_times": tuple(map(moment, item.get("corrected", ()))),
        "confirmed": Confirmation(confirmed["by"], moment(confirmed["at"])) if confirmed else None,
        "pending_email": _pending_email(unproven) if unproven else None,
        "code_times": tuple(map(moment, item.get("codes", ()))),
    }


def _correction_item(correction: Correction) -> dict[str, Any]:
    return {
        "what": correction.what,
        "of": correction.of or None,
        "old": list(correction.old) or None,
        "new": list(correction.new) or None,
        "side": correction.actor.side,
        "who": correction.actor.who or None,
        "at": correction.at,
        "decision": correction.decision,
        "session": correction.session or None,
    }


def _correction(item: Item) -> Correction:
    return Correction(
        what=item["what"],
        old=tuple(item.get("old", ())),
        new=tuple(item.get("new", ())),
        actor=Actor(item["side"], item.get("who", "")),
        at=moment(item["at"]),
        decision=item["decision"],
        of=item.get("of", ""),
        session=item.get("session", ""),
    )


def _pending_email_item(pending_email: PendingEmail) -> dict[str, Any]:
    return {
        "name": pending_email.name,
        "email": pending_email.email,
        "by": pending_email.by,
        "asked_at": pending_email.asked_at,
        "replaced": pending_email.replaced or None,
        "guardian": pending_email.guardian or None,
        "mailed": [{"digest": code.digest, "request": code.request} for code in pending_email.mailed] or None,
        "tries": list(pending_email.tries) or None,
    }


def _pending_email(item: Item) -> PendingEmail:
    return PendingEmail(
        name=item["name"],
        email=item["email"],
        by=item["by"],
        asked_at=moment(item["asked_at"]),
        replaced=item.get("replaced", ""),
        guardian=item.get("guardian", ""),
        mailed=tuple(MailedCode(code["digest"], code["request"]) for code in item.get("mailed", ())),
        tries=tuple(item.get("tries", ())),
    )


def item_of(account: Account) -> dict[str, Any]:
    """Encode an account."""
    password = account.password
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "name": account.name,
        "role": account.role,
        "emails": list(account.emails),
        "disabled": account.disabled,
        "stamp": account.stamp,
        "password": password and {"hash": password.hash, "changed_at": password.changed_at, "origin": password.origin},
        "mailed": {
            password.digest: {"expires_at": password.expires_at, "request": password.request}
            for password in account.mailed_passwords
        },
        "letters": {letter.request: letter.at for letter in account.letters},
        "last_login": account.last_login,
        "written": account.display_identifier or None,
        "failing": {mailbox.mailbox: {"kind": mailbox.kind, "at": mailbox.at} for mailbox in account.failing_mailboxes}
        or None,
        "household": _household_item(account.household) or None,
        "imported": dict(account.imported) or None,
        "gone_at": account.gone_at,
        "family": account.family or None,
        "application": account.application or None,
        "separated_at": account.separated_at,
        "notices": _notices_item(account.notices) or None,
        **family_item(account),
        SUMMARY: compact(summarise_account(account)),
    }


# Attributes of a pupil before it had courses (`_pupil`). They still exist on each course.
FORMER: Final = frozenset({"discipline", "level"})


def _household_item(household: Household) -> dict[str, Any]:
    parts = {
        "guardians": [
            {
                "name": guardian.name,
                "email": guardian.email or None,
                "telephone": guardian.telephone or None,
                "address": list(guardian.address) or None,
                "login": guardian.login or None,
            }
            for guardian in household.guardians
        ],
        "address": list(household.address),
        "pupils": [
            {
                "name": pupil.name,
                "born_on": pupil.born_on.isoformat() if pupil.born_on else None,
                "courses": list(map(_course_item, pupil.courses)) or None,
            }
            for pupil in household.pupils
        ],
        "payer": household.payer,
    }
    return {name: part for name, part in parts.items() if part}


def _household(item: Item) -> Household:
    return Household(
        guardians=tuple(map(_guardian, item.get("guardians", ()))),
        address=tuple(item.get("address", ())),
        pupils=merge_pupils(map(_pupil, item.get("pupils", ()))),
        payer=item.get("payer", ""),
    )


def _guardian(item: Item) -> Guardian:
    return Guardian(
        name=item["name"],
        email=item.get("email", ""),
        telephone=item.get("telephone", ""),
        address=tuple(item.get("address", ())),
        login=item.get("login", ""),
    )


def _course_item(course: Course) -> dict[str, str]:
    return {name: fact for name, fact in asdict(course).items() if fact}


def _pupil(item: Item) -> Pupil:
    """Decode a pupil. Before courses existed, its only one was stored on the pupil, once per list entry."""
    alone = {name: item[name] for name in ("discipline", "level") if name in item}
    courses = item.get("courses", [alone] if alone else [])
    born_on = date.fromisoformat(item["born_on"]) if "born_on" in item else None
    return Pupil(item["name"], born_on, tuple(map(_course, courses)))


def _course(item: Item) -> Course:
    return Course(item.get("discipline", ""), *(item.get(name, "") for name in ("level", "teacher", "slot", "place")))


def _notices_item(notices: tuple[Notice, ...]) -> dict[str, dict[str, Any]]:
    """Group each campaign's notices by mailbox."""
    item: dict[str, dict[str, Any]] = {}
    for notice in notices:
        item.setdefault(notice.campaign, {})[notice.mailbox] = {
            "state": notice.state,
            "at": notice.at,
            "writer": notice.writer,
            "companions": [list(companion) for companion in notice.companions] or None,
        }
    return item


def _notice(campaign: str, mailbox: str, item: Item) -> Notice:
    companions = tuple((site, identifier) for site, identifier in item.get("companions", ()))
    return Notice(campaign, mailbox, item["state"], moment(item["at"]), companions, item["writer"])


def _password(item: Item) -> Password:
    """Decode a password. A missing or damaged hash is a mismatch at login, and must not prevent reading the account."""
    return Password(item.get("hash"), moment(item["changed_at"]), item["origin"])  # type: ignore[arg-type]


def _mailed_password(digest: str, item: Item | int) -> MailedPassword:
    """Decode a mailed password. Older items have only its expiry, without its request."""
    if isinstance(item, int):
        return MailedPassword(digest, moment(item), "")
    return MailedPassword(digest, moment(item["expires_at"]), item["request"])


def account_from(item: Item | None) -> Account | None:
    """Decode an account. None without an item."""
    if item is None:
        return None
    return Account(
        ref=AccountRef(item["site"], item["identifier"]),
        name=item["name"],
        emails=tuple(item["emails"]),
        stamp=item["stamp"],
        role=item["role"],
        disabled=item["disabled"],
        password=_password(item["password"]) if item.get("password") else None,
        mailed_passwords=tuple(_mailed_password(digest, password) for digest, password in item["mailed"].items()),
        letters=tuple(MailedLetter(request, moment(at)) for request, at in item["letters"].items()),
        last_login=moment_or_none(item.get("last_login")),
        display_identifier=item.get("written", ""),
        failing_mailboxes=tuple(
            FailingMailbox(mailbox, failure["kind"], moment(failure["at"]))
            for mailbox, failure in item.get("failing", {}).items()
        ),
        household=_household(item.get("household", {})),
        imported=tuple(item.get("imported", {}).items()),
        gone_at=moment_or_none(item.get("gone_at")),
        family=item.get("family", ""),
        application=item.get("application", ""),
        separated_at=moment_or_none(item.get("separated_at")),
        notices=tuple(
            _notice(campaign, mailbox, notice)
            for campaign, mailboxes in item.get("notices", {}).items()
            for mailbox, notice in mailboxes.items()
        ),
        item=item,
        **family_facts(item),
    )
