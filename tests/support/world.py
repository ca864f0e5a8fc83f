"""The world of a test: services on local AWS, a settable clock, families, mails, and a visitor's browser."""

import io
import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from werkzeug.test import Client as WerkzeugClient
from werkzeug.test import TestResponse

from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.account.devices import Devices
from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.keys import Use
from chalicelib.domain.account.sessions import Token
from chalicelib.infra.dynamo.database import Database
from chalicelib.infra.record import Record
from chalicelib.services.family import Client, Visit
from chalicelib.services.office import OfficeServices
from chalicelib.stores.periods import PeriodStore
from tests.support.aws import TestAws
from tests.support.french import loose, loose_in_page, loose_in_subject, plain
from tests.support.function_policy import held_to_the_policy
from tests.support.keys import key_ring
from tests.support.seen_pages import keep_page
from tools.local.aws import Resources
from tools.local.post import BATCH, Consumer, Mail, mails

PUBLIC_URL = "http://127.0.0.1:8000"
VERSION = "1.2.3+next, commit abc1234"
CDN_SECRET = "the secret that the tests' CDN sends"
CHEAP = Hasher(memory=8, passes=1)
OPENING_MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)  # 9 h 00 in Paris
ROSSIGNOL = AccountRef("evry-xenakis", "xen1")
PASSWORD = "Loriot6Jaune"
EMAIL = "rossignol@example.org"
_FUNCTIONS = {
    "/extranet/compte/agenda/": "calendars",
    "/extranet/enseignant/agenda/": "calendars",
    "/extranet/pre-inscription": "applicant",
    "/extranet/compte/acces": "sign_in",
    "/extranet/compte/mot-de-passe/connexions": "sign_in",
    "/extranet/bureau": "desk",
    "/extranet/enseignant": "desk",
}
PERIOD_READ = ["GetItem"]  # the calls of a page with the re-enrolment period, once in five minutes


class World:
    """One network on its opening morning."""

    def __init__(self, aws: TestAws, resources: Resources, office_services: OfficeServices) -> None:
        self.aws = aws
        self.resources = resources
        self.now = OPENING_MORNING
        aws.ses.clock = lambda: self.now
        self.log = io.StringIO()
        self.services = replace(
            office_services,
            clock=lambda: self.now,
            record=Record(office_services.record.pseudonyms, self.log),
            periods=PeriodStore(office_services.database, resources.office_table),  # they cache
        )
        self.client = Client("192.0.2.7", "request-1")
        self._requests = 1

    @property
    def database(self) -> Database:
        """The tables."""
        return self.services.database

    def wait(self, time: timedelta) -> datetime:
        """Advance the clock."""
        self.now += time
        return self.now

    def have_sites(self, count: int) -> None:
        """Give the network so many sites."""
        settings = self.services.settings
        sites = settings.network.sites
        more = (replace(sites[0], code=f"site-{number}") for number in range(len(sites), count))
        network = replace(settings.network, sites=(*sites, *more))
        self.services = replace(self.services, settings=replace(settings, network=network))

    def settle(self, ref: AccountRef = ROSSIGNOL, **values: Any) -> Account:
        """Store a family, by default with a chosen password and one address. `password` is in clear."""
        password = values.pop("password", PASSWORD)
        origin = values.pop("origin", "chosen")
        password_hash = self.services.hasher.hash(password) if password else None
        account = replace(
            Account(ref, "Famille Rossignol", (EMAIL,), new_stamp()),
            password=Password(password_hash, self.now, origin) if password_hash else None,
            **values,
        )
        self.services.accounts.enter_mailboxes(account)
        self.database.write_together(self.services.accounts.put(account))
        return account

    def account(self, ref: AccountRef = ROSSIGNOL) -> Account:
        """Read an account that exists."""
        account_before = self.services.accounts.find(ref)
        assert account_before is not None
        return account_before

    def new_client(self, address: str = "192.0.2.7", devices: str = "", use: Use = "devices") -> Client:
        """Make the client of another request. `devices`: the cookie of a known browser, for a use."""
        self._requests += 1
        return Client(address, f"request-{self._requests}", Devices(self.services.settings.key_ring(use), devices))

    def visit(
        self, token: Token | None = None, *, address: str = "192.0.2.7", devices: str = "", use: Use = "devices"
    ) -> Visit[OfficeServices]:
        """Begin another visit, now, perhaps of a browser with a session. `devices`: as in `new_client`."""
        return Visit(self.services, self.new_client(address, devices, use), self.now, token)

    def device(self, ref: AccountRef = ROSSIGNOL, before: str = "", use: Use = "devices") -> str:
        """Make the cookie of a browser that just logged in to an account, and to others before."""
        return Devices(self.services.settings.key_ring(use), before).remember(ref, self.now)

    def deliver(self) -> None:
        """Process the queues' messages, delayed or not."""
        self.aws.hurry()
        with held_to_the_policy("post", self.aws, self.resources):
            for queue in self.resources.queues:
                consumer = Consumer(self.aws, queue)
                while not consumer.is_idle() and consumer.work_once() == BATCH:
                    pass

    def deliver_patiently(self) -> None:
        """Process the queues' messages after five minutes, when the mails of unconfirmed changes are dropped."""
        self.wait(timedelta(minutes=5))
        self.deliver()

    def rotate(self, use: Use, *versions: int) -> None:
        """Set the versions of a use's keys, newest first, as after a rotation or a loss."""
        settings = self.services.settings
        settings = replace(settings, keys={**settings.keys, use: key_ring(use, *versions)})
        self.services = replace(self.services, settings=settings)

    def set_mode(self, mode: str) -> None:
        """Set whether the network asks for a chosen password."""
        network = self.services.settings.network
        passwords = replace(network.passwords, mode=mode)  # type: ignore[arg-type]  # one of the two
        settings = replace(self.services.settings, network=replace(network, passwords=passwords))
        self.services = replace(self.services, settings=settings)

    def mails(self) -> list[Mail]:
        """List the mails sent, newest last, with a keyboard's blanks and apostrophes."""
        return [_typed(mail) for mail in mails(self.aws)]

    def mailed_password(self) -> str:
        """Read the password in the newest mail."""
        match = re.search(r"^Mot de passe : (\S+)$", self.mails()[-1].text, re.MULTILINE)
        assert match
        return match.group(1)

    def events(self) -> list[dict[str, Any]]:
        """Read the lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@lru_cache(512)  # tests read the same mails repeatedly
def _typed(mail: Mail) -> Mail:
    """Convert a mail to a keyboard's blanks and apostrophes. Its typography is checked."""
    assert loose_in_subject(mail.subject) + loose(mail.text) + loose_in_page(mail.html) == []
    return replace(mail, subject=plain(mail.subject), text=plain(mail.text), html=plain(mail.html))


class Shown(TestResponse):
    """An answer. Its text has a keyboard's blanks and apostrophes, `data` is unchanged."""

    @property
    def text(self) -> str:
        """The text."""
        return plain(self.get_data(as_text=True))


class Visitor:
    """A browser without JavaScript: keeps its cookies, follows no redirect by itself, sends a browser's headers."""

    def __init__(self, front: Any, headers: Mapping[str, str] | None = None, world: World | None = None) -> None:
        self._world = world  # if given, the requests are checked against the policy of their function
        self._client = WerkzeugClient(front, Shown)
        self.headers = {"Sec-Fetch-Site": "same-origin"} if headers is None else dict(headers)
        self.verbatim: tuple[str, ...] = ()  # texts displayed verbatim, whatever their typography

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.send("GET", path, **more)

    def post(self, path: str, form: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        """Send a form."""
        headers = {**self.headers, **more.pop("headers", {})}
        request = {"data": dict(form or {}), "content_type": "application/x-www-form-urlencoded"} | more
        return self.send("POST", path, headers=headers, **request)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send any request. The typography of every page is checked."""
        with self._held(path):
            address = path.partition("#")[0]  # a browser sends no fragment
            answer = self._client.open(address, method=method, environ_base={"REMOTE_ADDR": "192.0.2.7"}, **more)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        page = answer.get_data(as_text=True) if is_page else ""
        keep_page(page)
        for text in self.verbatim:
            page = page.replace(text, "…")
        slips = loose_in_page(page)
        assert slips == [], f"{path} has {slips}"
        return answer

    def _held(self, path: str) -> AbstractContextManager[None]:
        function = next((name for beginning, name in _FUNCTIONS.items() if path.startswith(beginning)), "")
        if self._world is None or not function:
            return nullcontext()
        return held_to_the_policy(function, self._world.aws, self._world.resources)

    def log_in(self, ref: AccountRef = ROSSIGNOL, password: str = PASSWORD) -> TestResponse:
        """Send the form « Connexion »."""
        form = {"site": ref.site, "identifiant": ref.identifier, "mot_de_passe": password}
        return self.post("/extranet/compte/connexion", form)

    def show(self, cookie: str | None, name: str = "clef") -> None:
        """Send another cookie from now on."""
        self._client.set_cookie(name, cookie or "", domain="localhost")

    def cookie(self, name: str = "clef") -> str | None:
        """Read the session's cookie, or another. None if it is not set."""
        cookie = self._client.get_cookie(name)
        return cookie.value if cookie else None
