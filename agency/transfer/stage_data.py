"""The data of a stage as AWS holds them: items of tables, objects of the bucket, events of the record."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from agency.console.connection import Connection
from agency.transfer.folder import MANIFEST, Json, signed_words
from chalicelib.infra.batches import batches
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.wings import WINGS
from operations.deploy.aws import ignoring
from operations.deploy.stack import named_resources

TABLES: Final = (
    *("Accounts", "Mailboxes", "Office", "Enrolments", "Staff"),
    *(table for wing in WINGS for table in wing.tables),
)
# Sessions, tries, codes, jobs, counted letters, files to import, and which days a stage's own pages have stay behind.
PASSING_TABLES: Final = ("Sessions", "Attempts", *(table for wing in WINGS for table in wing.passing_tables))
PASSING_KEYS: Final = {
    "Staff": ("@client", "@client/link", "@code", "@job", "@session", "@try"),
    "Mailboxes": ("@letters",),
    "Office": ("periods-published",),
}
PASSING_OBJECTS: Final = "imports/"
READ_AT_ONCE: Final = 100  # the limit of BatchGetItem
_AT_ONCE: Final = 8  # calls in parallel
_MARK: Final = "clef export all"


class StageData:
    """Reads and writes the data of a stage. Raises botocore's errors."""

    def __init__(self, connection: Connection) -> None:
        settings, self._aws, self._stack = connection.services.settings, connection.aws, connection.stack
        self.tables = {name: settings.table(name) for name in TABLES}
        self._bucket = settings.documents_bucket
        self._dynamo, self._s3 = self._aws.client("dynamodb"), self._aws.client("s3")  # before threads begin

    def items(self, table: str, now: datetime) -> Iterator[Json]:
        """Read the items of a table that do not pass (Scan)."""
        for page in self._dynamo.get_paginator("scan").paginate(TableName=self.tables[table], ConsistentRead=True):
            yield from (item for item in page["Items"] if is_kept(table, item, now))

    def find_items(self, table: str, keys: Sequence[Json]) -> Iterator[Json]:
        """Read items by their keys (BatchGetItem, again for those it leaves out)."""
        request: Any = {self.tables[table]: {"Keys": keys, "ConsistentRead": True}}
        while request:
            answer = self._dynamo.batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(self.tables[table], ())
            request = answer["UnprocessedKeys"]

    def create_item(self, table: str, item: Json) -> None:
        """Write an item, unless its key has one (PutItem)."""
        with ignoring("ConditionalCheckFailedException"):
            self._dynamo.put_item(
                TableName=self.tables[table], Item=item, ConditionExpression="attribute_not_exists(site)"
            )

    def objects(self) -> Iterator[Json]:
        """List the objects that do not pass, by key (ListObjectsV2)."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
            yield from (item for item in page.get("Contents", ()) if not item["Key"].startswith(PASSING_OBJECTS))

    def find_object(self, key: str) -> Json | None:
        """Open an object (GetObject). None if it was deleted since it was listed."""
        with ignoring("NoSuchKey"):
            answer: Json = self._s3.get_object(Bucket=self._bucket, Key=key)
            return answer
        return None

    def put_object(self, key: str, **content: Any) -> None:  # noqa: ANN401 - boto's
        """Write an object in one piece, so that its ETag stays (PutObject)."""
        self._s3.put_object(Bucket=self._bucket, Key=key, **content)

    def logs(self) -> dict[str, str]:
        """List the log groups by their names in the template. A `make run` has none."""
        return named_resources(self._aws, self._stack, ResourceType="AWS::Logs::LogGroup") if self._stack else {}

    def events(self, group: str) -> Iterator[Json]:
        """Read the events of a log group, as far back as it keeps them (FilterLogEvents)."""
        pages = self._aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        return (event for page in pages for event in page["events"])


def is_kept(table: str, item: Json, now: datetime) -> bool:
    """Whether an item is exported: not one that only passes, nor an expired one. DynamoDB deletes late."""
    passes = {item["site"]["S"], item["identifier"]["S"]} & set(PASSING_KEYS.get(table, ()))
    return not passes and float(item.get("expires", {}).get("N", "inf")) > now.timestamp()


def key_marks(connection: Connection) -> Json:
    """Compute check values of a stage's secrets, for an import to compare. They reveal no secret."""
    services = connection.services
    versions = {str(key.version): key.mac(_MARK).hex()[:20] for key in services.settings.key_ring("jobs").keys}
    return {"record": services.record.pseudonyms.of(_MARK), "versions": versions}


def sign(connection: Connection, manifest: Json) -> str:
    """Sign a manifest under the stage's newest key of jobs: « version.signature » (docs/export.md, « Signature »)."""
    return connection.services.settings.key_ring("jobs").sign(_MARK, signed_words(manifest))


def signing_version(connection: Connection, manifest: Json) -> str:
    """Return the version of the stage's key that signed a manifest. Empty without a signature by a key that is here.

    Raises `OfficeRefusal` for a manifest that names a key of this stage and was changed after its signature.
    """
    signature, marks = str(manifest.get("signature", "")), key_marks(connection)["versions"]
    version = signature.partition(".")[0]
    if connection.services.settings.key_ring("jobs").verify(signature, _MARK, signed_words(manifest)):
        return version
    if version in marks and manifest["keys"]["versions"].get(version) == marks[version]:
        raise OfficeRefusal("export_damaged", file=MANIFEST)
    return ""


def in_parallel(act: Callable[[Json], Any], parts: Iterable[Json]) -> Iterator[Any]:
    """Call `act` for some parts at once, and yield the results in order. Memory holds one batch."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for batch in batches(parts, READ_AT_ONCE):
            yield from pool.map(act, batch)
