"""Services: the dependencies of a flow, in one frozen value."""

from collections.abc import Callable
from dataclasses import field, fields
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Devices
from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.sessions import Token
from chalicelib.infra.dynamo.database import Database, Table
from chalicelib.infra.record import Event, Record, StaffEvent
from chalicelib.mail.mailer import Mailer
from chalicelib.mail.post_box import PostBox
from chalicelib.settings.environment import Settings
from chalicelib.settings.wings import parts
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.audit_trail import AuditTrail
from chalicelib.stores.documents import Documents
from chalicelib.stores.enrolments import Enrolments
from chalicelib.stores.mailboxes import Mailboxes
from chalicelib.stores.periods import PeriodStore, PublicPages
from chalicelib.stores.sessions import Sessions
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.stores.notices import Notices
    from chalicelib.wings.teaching.services.lesson_stores import LessonStores

Store = TypeVar("Store", bound=Table)


@frozen
class Services:
    """Those of all functions, built once per Lambda by `wiring`. The edge or the job reads `clock` once per request.

    A kind of function that uses more stores has a class of its own (`lessons`, `admission`, `staff`).
    """

    settings: Settings
    clock: Callable[[], datetime]
    record: Record
    hasher: Hasher
    database: Database
    accounts: Accounts
    mailboxes: Mailboxes
    sessions: Sessions
    attempts: Attempts
    periods: PeriodStore
    enrolments: Enrolments
    audit_trail: AuditTrail
    documents: Documents
    public_pages: PublicPages
    post_box: PostBox
    mailer: Mailer

    @cached_property
    def notices(self) -> "Notices":
        """The notices on accounts."""
        from chalicelib.stores.notices import NoticeCounter, Notices  # noqa: PLC0415 - not for the start of all

        counts = [part.of(self.database, self.settings.office_table) for part in parts(NoticeCounter)]
        return Notices(self.accounts, self.record.pseudonyms, counts)

    def store(self, kind: type[Store]) -> Store:
        """Return a wing's store."""
        return kind(self.database, self.settings.table(kind.logical_name))

    @classmethod
    def over(cls, services: "Services") -> Self:
        """Build the services of a kind of function over those of all."""
        return cls(**{one.name: getattr(services, one.name) for one in fields(Services)})


class FamilyServices(Services):
    """The services of families."""

    @cached_property
    def lessons(self) -> "LessonStores":
        """The stores of lessons."""
        from chalicelib.wings.teaching.services.lesson_stores import LessonStores  # noqa: PLC0415 - not for the start of all

        return LessonStores(self)


@frozen
class Client:
    """The HTTP client, from the CDN's headers: a network address (an IPv6 one by its /64), and the request's id.

    `browser`: its kind, as `browser_of` names it. `devices`: the cookie by which accounts recognise a known browser.
    """

    address: str
    request: str
    devices: Devices = field(default=Devices(), repr=False)
    browser: str = ""


S_co = TypeVar("S_co", bound=Services, covariant=True)


@frozen
class Visit(Generic[S_co]):
    """All that an act takes besides its own input: the services of a kind of visitor, the client, and the one moment.

    `token`: of the browser's session, which a new one replaces. A page's request is a visit.
    """

    services: S_co
    client: Client
    now: datetime
    token: Token | None = None

    def record(
        self, event: Event, *, account: AccountRef | None = None, address: str | None = None, **details: str | int
    ) -> None:
        """Write an event of this visit to the record."""
        self.services.record.write(event, self.now, self.client.request, account=account, address=address, **details)

    def record_of_staff(
        self, event: StaffEvent, member: str | None, *, address: str | None = None, **details: str | int
    ) -> None:
        """Write an event of a member of staff, by the typed or stored address, to the record. None if it is unknown."""
        self.services.record.write_of_staff(event, self.now, self.client.request, member, address=address, **details)
