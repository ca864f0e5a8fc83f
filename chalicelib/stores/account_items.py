"""The codec of an account."""

from typing import Any, Final

from chalicelib.domain.account.accounts import Account, FailingMailbox, MailedLetter, MailedPassword, Password
from chalicelib.domain.account.login_methods import IdentityLink, Passkey
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.family.corrections import Correction
from chalicelib.domain.family.households import Course, Household, Pupil, merge_pupils
from chalicelib.infra.dynamo.codec import PAIRS, Codec, Shape, by_key
from chalicelib.infra.dynamo.values import Item, moment

# Attributes of a pupil before it had courses (`_pupils`). They still exist on each course.
FORMER: Final = frozenset({"discipline", "level"})
_COURSES: Final = {Course: Codec(Course, absent={"discipline": ""})}
_PUPIL: Final = Codec(Pupil, shapes=_COURSES)
CORRECTION: Final = Codec(Correction, absent={"old": (), "new": ()}, flat={"actor"})
_MAILED: Final = Codec(MailedPassword, "digest")
_NOTICE: Final = Codec(Notice, "campaign", "mailbox")


def _pupils(items: list[Item]) -> tuple[Pupil, ...]:
    """Decode pupils. Before courses existed, its only one was stored on the pupil, once per list entry."""

    def with_courses(item: Item) -> Item:
        alone = {name: item[name] for name in FORMER if name in item}
        return item if "courses" in item or not alone else {**item, "courses": [alone]}

    return merge_pupils(_PUPIL.decode(with_courses(item)) for item in items)


def _mailed_password(digest: str, item: Item | int) -> MailedPassword:
    """Decode a mailed password. Older items have only its expiry, without its request."""
    if isinstance(item, int):
        return MailedPassword(digest, moment(item), "")
    return _MAILED.decode(item, digest)


def _notices_item(notices: tuple[Notice, ...]) -> dict[str, dict[str, Item]]:
    """Group each campaign's notices by mailbox."""
    item: dict[str, dict[str, Item]] = {}
    for notice in notices:
        item.setdefault(notice.campaign, {})[notice.mailbox] = _NOTICE.encode(notice)
    return item


def _notices(item: Item) -> tuple[Notice, ...]:
    return tuple(
        _NOTICE.decode(part, campaign, mailbox)
        for campaign, mailboxes in item.items()
        for mailbox, part in mailboxes.items()
    )


_PUPILS: Final = Shape(lambda pupils: list(map(_PUPIL.encode, pupils)), _pupils)
SHAPES: Final[dict[Any, Any]] = {
    # A missing or damaged hash is a mismatch at login, and must not prevent reading the account.
    Password: Codec(Password, absent={"hash": None}),
    Household: Codec(Household, shapes={"pupils": _PUPILS}),
    Correction: CORRECTION,
    "passkeys": by_key(Codec(Passkey, "id")),
    "links": by_key(Codec(IdentityLink, "subject")),
    "mailed_passwords": Shape(
        by_key(_MAILED).encode, lambda stored: tuple(_mailed_password(digest, part) for digest, part in stored.items())
    ),
    "letters": Shape(
        lambda letters: {letter.request: letter.at for letter in letters},
        lambda stored: tuple(MailedLetter(request, moment(at)) for request, at in stored.items()),
    ),
    "failing_mailboxes": by_key(Codec(FailingMailbox, "mailbox")),
    "imported": PAIRS,
    "notices": Shape(_notices_item, _notices),
}
ACCOUNT: Final = Codec(
    *(Account, "ref"),
    names={
        "mailed_passwords": "mailed",
        "display_identifier": "written",
        "failing_mailboxes": "failing",
        "access_corrections": "access",
        "correction_times": "corrected",
        "pending_email": "unproven",
        "code_times": "codes",
    },
    always={"role", "disabled", "mailed_passwords", "letters"},
    unstored={"view"},
    shapes=SHAPES,
)
