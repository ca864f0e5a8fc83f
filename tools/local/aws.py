"""AWS on this machine: moto behind HTTP, one request at a time, with the resources of `.chalice/resources.yaml`."""

import json
import logging
import os
import pickle
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from botocore.session import Session
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.core.common_types import TYPE_RESPONSE
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionContext
from moto.core.utils import method_names_from_class
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler, DynamoResult
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from moto.ses.models import RawMessage, ses_backends
from moto.sqs.models import sqs_backends
from werkzeug.serving import make_server

from chalicelib.settings.wings import WINGS
from operations.package.template_files import read_template
from tools.local.functions import Functions
from tools.local.ses import Ses, Wsgi
from tools.local.uploads import KEY_ID, SECRET, UploadPolicy

RESOURCES = Path(__file__).parents[2] / ".chalice" / "resources.yaml"
REGION = "eu-west-3"
_CORE_TABLES = ("Accounts", "Mailboxes", "Sessions", "Attempts", "Office", "Enrolments", "Staff")
TABLES = (*_CORE_TABLES, *(name for wing in WINGS for name in wing.all_tables))
# moto requires credentials but ignores them. `uploads.py` checks those of forms and links.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": KEY_ID,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Resources:
    """The created resources: their names are the Lambda's environment."""

    accounts_table: str
    mailboxes_table: str
    sessions_table: str
    attempts_table: str
    office_table: str
    enrolments_table: str
    staff_table: str
    wing_tables: dict[str, str]  # by their settings
    mail_queue_url: str
    slow_mail_queue_url: str
    pages_bucket: str
    documents_bucket: str
    desk_jobs_function: str
    rolls_function: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(map(self.table, TABLES))

    def table(self, logical: str) -> str:
        """Return the name of a table."""
        setting = f"{logical.lower()}_table"
        return self.wing_tables.get(setting) or str(getattr(self, setting))

    @property
    def queues(self) -> tuple[str, str]:
        """The addresses of the mail queues, the urgent one first."""
        return self.mail_queue_url, self.slow_mail_queue_url

    def environment(self) -> dict[str, str]:
        """Convert to environment variables."""
        settings = asdict(self)
        tables = settings.pop("wing_tables")
        return {f"CLEF_{name.upper()}": value for name, value in (settings | tables).items()}


def _execute_without_lookup(result: DynamoResult, _context: ActionContext) -> TYPE_RESPONSE:
    """Write a DynamoDB answer directly: moto looks up each attribute under eight names, which takes half of a call."""
    present = {name: value for name, value in dict(result.result).items() if value is not None}  # type: ignore[call-overload]
    return HTTPStatus.OK, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(present, default=_on_the_wire)


def _on_the_wire(value: object) -> str | float:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"DynamoDB sends nothing of this type: {type(value).__name__}")


def _dispatch_by_signature(other_apps: Wsgi) -> Wsgi:
    """Send most requests to the service they are signed for, without moto's search for it."""
    apps = {name: create_backend_app(name) for name in ("dynamodb", "s3", "sqs")}

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        signed_for = re.search(r"/(\w+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
        return apps.get(signed_for[1] if signed_for else "", other_apps)(environ, start_response)

    return dispatch


class LocalAws:
    """Moto's server, one request at a time, because moto's conditional writes are not atomic as DynamoDB's are."""

    def __init__(self) -> None:
        os.environ.update(CREDENTIALS)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line per request
        setattr(DynamoResult, "execute_result", _execute_without_lookup)  # noqa: B010 - another class's attribute
        # Moto compares the keys of a batch without their tables. `tests/support/dynamo_limits.py` compares both.
        setattr(DynamoHandler, "_contains_duplicates", lambda *_: False)  # noqa: B010 - the same
        responses.method_names_from_class = cache(method_names_from_class)  # type: ignore[attr-defined]  # found once
        self._session = Session()
        self.client = cache(self.make_client)
        self.ses = Ses(_dispatch_by_signature(DomainDispatcherApplication(create_backend_app)))
        self._lock = threading.Lock()
        self.functions = Functions(UploadPolicy(self.ses))
        self.app = self.functions.around(self.wrap(self.functions))
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.endpoint_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wrap(self, app: Wsgi) -> Wsgi:
        """Run before moto: one request at a time."""

        def one_at_a_time(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            with self._lock:
                return list(app(environ, start_response))

        return one_at_a_time

    def make_client(self, name: str) -> Any:  # noqa: ANN401 - botocore makes the class of a client as it runs
        """Make a client of a service. `client` makes one of each, and keeps it."""
        return self._session.create_client(name, endpoint_url=self.endpoint_url)

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()

    def create(self, prefix: str, sender: str) -> Resources:
        """Make tables, queues, bucket and sender. Names begin with the prefix."""
        resources = read_template()["Resources"]
        tables = {
            f"{logical.lower()}_table": self._table(f"{prefix}-{logical.lower()}", resources[logical]["Properties"])
            for logical in TABLES
        }
        self.client("sesv2").create_email_identity(EmailIdentity=sender)
        return Resources(
            **{setting: tables.pop(setting) for setting in [f"{logical.lower()}_table" for logical in _CORE_TABLES]},
            wing_tables=tables,
            **self._queues(prefix, resources),
            pages_bucket=self._bucket(f"{prefix}-pages"),
            documents_bucket=self._bucket(f"{prefix}-documents"),
            desk_jobs_function=f"{prefix}-desk-jobs",
            rolls_function=f"{prefix}-rolls",
        )

    def _bucket(self, name: str) -> str:
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return name

    def _table(self, name: str, properties: dict[str, Any]) -> str:
        dynamodb = self.client("dynamodb")
        keys = ("AttributeDefinitions", "BillingMode", "KeySchema", "GlobalSecondaryIndexes")
        definition = {key: properties[key] for key in keys if key in properties}
        dynamodb.create_table(TableName=name, **definition)
        if "TimeToLiveSpecification" in properties:
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"])
        return name

    def _queues(self, prefix: str, resources: dict[str, Any]) -> dict[str, str]:
        sqs = self.client("sqs")
        dead = sqs.create_queue(QueueName=f"{prefix}-dead-letters")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        urls = {}
        for logical, name in (("MailQueue", "mail"), ("SlowMailQueue", "slow-mail")):
            properties = resources[logical]["Properties"]
            limit = properties["RedrivePolicy"]["maxReceiveCount"]
            attributes = {
                "VisibilityTimeout": str(properties["VisibilityTimeout"]),
                "MessageRetentionPeriod": str(properties["MessageRetentionPeriod"]),
                "RedrivePolicy": f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {limit}}}',
            }
            url = sqs.create_queue(QueueName=f"{prefix}-{name}", Attributes=attributes)["QueueUrl"]
            urls[f"{name.replace('-', '_')}_queue_url"] = url
        return urls

    @staticmethod
    def has_messages(queue_url: str) -> bool:
        """Whether a queue has messages to receive now."""
        backends: BackendDict[Any] = sqs_backends
        return bool(backends[DEFAULT_ACCOUNT_ID][REGION].queues[queue_url.rpartition("/")[2]].messages)

    @staticmethod
    def sent_messages() -> list[RawMessage]:
        """List the raw mails accepted by SES, newest last."""
        backends: BackendDict[Any] = ses_backends
        return list(backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)

    def save(self) -> bytes:
        """Copy the tables, the buckets and the suppression list, to be restored."""
        with self._lock:
            return pickle.dumps(self._stored())

    def restore(self, state: bytes) -> None:
        """Restore a copy, with empty queues and without a mail."""
        with self._lock:
            for current, before in zip(self._stored(), pickle.loads(state), strict=True):  # noqa: S301 - our own bytes
                current.clear()
                current.update(before)
            for queue in self._queues_now():
                queue._messages.clear()  # noqa: SLF001 - moto allows a purge once a minute
            mails: BackendDict[Any] = ses_backends
            mails[DEFAULT_ACCOUNT_ID][REGION].sent_messages.clear()
            self.ses.mails.clear()
            self.functions.events.clear()

    def hasten(self, by: timedelta) -> None:
        """Let the delayed messages wait so much less."""
        with self._lock:
            for queue in self._queues_now():
                for message in queue._messages:  # noqa: SLF001 - moto lists only those to receive now
                    message.delayed_until -= by.total_seconds() * 1000

    @staticmethod
    def _queues_now() -> list[Any]:
        backends: BackendDict[Any] = sqs_backends
        return list(backends[DEFAULT_ACCOUNT_ID][REGION].queues.values())

    def _stored(self) -> list[dict[str, Any]]:
        tables: BackendDict[Any] = dynamodb_backends
        buckets: BackendDict[Any] = s3_backends
        return [
            tables[DEFAULT_ACCOUNT_ID][REGION].tables,
            buckets[DEFAULT_ACCOUNT_ID]["aws"].buckets,
            self.ses.suppressions,
        ]
