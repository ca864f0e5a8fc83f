"""Wiring: builds the services once per Lambda. The only module that makes AWS clients."""

import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from http import HTTPStatus
from typing import Any, TypeVar

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session

from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.infra.dynamo.database import Database
from chalicelib.infra.record import Record
from chalicelib.mail.mailer import Mailer
from chalicelib.mail.post_box import PostBox
from chalicelib.services.family import Services
from chalicelib.settings.environment import Settings, load_settings
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.audit_trail import AuditTrail
from chalicelib.stores.documents import Documents
from chalicelib.stores.enrolments import Enrolments
from chalicelib.stores.mailboxes import Mailboxes
from chalicelib.stores.periods import PeriodStore, PublicPages
from chalicelib.stores.sessions import Sessions

Kind = TypeVar("Kind", bound=Services)


def _now() -> datetime:
    """Read the clock, in whole seconds, as stored."""
    return datetime.now(UTC).replace(microsecond=0)


# Seconds. Passwords and receipts are sent at once by two consumers, which may exceed the rate of SES.
_SES_PAUSES = (0.2, 0.4, 0.8)
_SPEAK_JSON = ("dynamodb", "sqs", "sesv2")  # S3 speaks XML


# The key of many items in an answer of DynamoDB. Bytes, which this version never writes, are left to the SDK.
_MANY_ITEMS = {"Query": "Items", "Scan": "Items", "BatchGetItem": "Responses"}
_BYTES = (b'"B":', b'"BS":', b'"B" :', b'"BS" :')


def _read_json(**event: Any) -> None:  # noqa: ANN401 - botocore's own
    """Refuse an answer that is no JSON object. The SDK takes it for an empty one: a failed write would look done.

    Many items are passed on as they came, for the stores to decode. The SDK would first walk through every value, which
    takes four times as long as all other work of reading a table.
    """
    answer = event["response_dict"]
    if answer["status_code"] != HTTPStatus.OK:
        return
    content = json.loads(answer["body"])
    if not isinstance(content, dict):
        raise TypeError("AWS answered with something else than a JSON object")
    many = _MANY_ITEMS.get(event["operation_model"].name)
    if many in content and not any(kind in answer["body"] for kind in _BYTES):
        event["customized_response_dict"][many] = content.pop(many)
        answer["body"] = json.dumps(content).encode()


def build(settings: Settings, calls: int = 2, patience: int = 2, loader: Loader | None = None) -> Services:
    """Build the services. SQS, SES and S3 clients are made on first use, as most requests need none of them.

    A call that AWS leaves without an answer is made `calls` times, within seven seconds in all. The four calls of a
    login then fit in the Lambda's own time (28 s), so that a family gets its « try again » page even if AWS fails.
    `patience`: the time limit of one call in seconds, longer for the office, which reads whole tables.
    `loader`: of botocore's data, if another session has read some.
    """
    session = Session()
    if loader:
        session.register_component("data_loader", loader)
    for service in _SPEAK_JSON:
        session.register(f"before-parse.{service}", _read_json)
    config = Config(connect_timeout=1, read_timeout=patience, retries={"mode": "standard", "total_max_attempts": calls})
    parts = {
        # A mail whose answer was lost may have been sent: the queue, or a person, decides whether to retry.
        "sesv2": Config(read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}),
        # Signed by the newest scheme, regardless of the machine's defaults. A local endpoint has no host for each
        # bucket.
        "s3": Config(signature_version="s3v4", s3={"addressing_style": "path" if settings.endpoint_url else "virtual"}),
    }

    @cache
    def client(name: str) -> Any:  # noqa: ANN401 - botocore makes a client's class at run time
        return session.create_client(
            name, config=config.merge(parts[name]) if name in parts else config, endpoint_url=settings.endpoint_url
        )

    database = Database(client("dynamodb"))
    record = Record(Pseudonyms(settings.record_key))
    mailboxes = Mailboxes(database, settings.mailboxes_table, record.pseudonyms)
    accounts = Accounts(database, settings.accounts_table, mailboxes)
    return Services(
        settings=settings,
        clock=_now,
        record=record,
        hasher=Hasher(),
        database=database,
        accounts=accounts,
        mailboxes=mailboxes,
        sessions=Sessions(database, settings.sessions_table),
        attempts=Attempts(database, settings.attempts_table),
        periods=PeriodStore(database, settings.office_table),
        enrolments=Enrolments(database, settings.enrolments_table),
        audit_trail=AuditTrail(database, settings.office_table),
        documents=Documents(partial(client, "s3"), settings.documents_bucket),
        public_pages=PublicPages(partial(client, "s3"), settings.pages_bucket or ""),
        post_box=PostBox(
            partial(client, "sqs"), settings.mail_queue_url, settings.slow_mail_queue_url, partial(client, "lambda")
        ),
        mailer=Mailer(
            partial(client, "sesv2"),
            settings.network.sender,
            settings.network.sender_address,
            settings.configuration_set,
            _SES_PAUSES if calls > 1 else (),
        ),
    )


_services: Services | None = None


def services(kind: type[Kind]) -> Kind:
    """Return the services of this process, which are built once: those of a Lambda at its start."""
    global _services  # noqa: PLW0603 - a Lambda is one process with one set of services
    if _services is None:
        _services = kind.over(build(load_settings()))
    if not isinstance(_services, kind):
        raise TypeError(f"this process has no {kind.__module__}.{kind.__name__}")
    return _services


def start(kind: type[Services] = Services, *stores: str) -> None:
    """Build the services of a Lambda at its init. A wrong setting fails before the first request, which is faster.

    `stores`: names of stores to build too, since the function surely uses them.
    """
    global _services  # noqa: PLW0603 - the same
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        _services = kind.over(build(load_settings()))
        for name in stores:
            getattr(_services, name)
        gc.freeze()  # permanent objects are not traversed again
        gc.enable()


@contextmanager
def using(services: Services) -> Iterator[None]:
    """Replace the services inside the block, for tests, which set the clock."""
    global _services  # noqa: PLW0603 - the same
    before, _services = _services, services
    try:
        yield
    finally:
        _services = before
