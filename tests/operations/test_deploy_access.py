"""`make access`: refusals of the CDN by client, without an address, a query or the secret part of a path."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.pseudonyms import Pseudonyms
from operations.deploy.access import Question, parse_requests, show
from operations.deploy.commands import NotReady
from operations.deploy.keys import KeyStore
from tests.support.operator import Operator

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

NOW = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
SECRET = "s3cr3tAgenda"
HEAD = (
    "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "
    "cs(Referer) cs(User-Agent) cs-uri-query\n"
)


def line(time: str, address: str, path: str, status: str) -> str:
    return (
        f"2026-11-30\t{time}\tCDG50-P1\t812\t{address}\tPOST\td.cloudfront.net\t{path}\t{status}"
        f"\t-\tM%20ozilla\tq={SECRET}\n"
    )


@pytest.fixture
def logged(operator: Operator) -> Operator:
    operator.template = operator.template.replace(
        '"Pages": {', '"AccessLogs": {"Type": "AWS::S3::Bucket"}, "Pages": {', 1
    )
    operator.deploy()
    [bucket] = [
        each["Name"]
        for each in operator.aws.client("s3").list_buckets()["Buckets"]
        if each["Name"].startswith(f"{operator.stage.stack}-accesslogs")
    ]
    household = "2001:db8:1:2:3:4:5:6"
    files = {
        "2026-11-30-09.aaaa": line("09:10:00", "192.0.2.7", "/extranet/compte/connexion", "429") * 3,
        "2026-11-30-10.bbbb": line("10:05:00", household, f"/extranet/compte/agenda/{SECRET}", "403")
        + line("10:06:00", "192.0.2.7", "/extranet", "200")
        + line("10:59:00", "192.0.2.7", "/extranet", "403"),
        "2026-11-29-09.cccc": line("09:10:00", "192.0.2.9", "/extranet", "403"),
    }
    for name, lines in files.items():
        key = f"cdn/the-distribution_id.{name}.gz"
        operator.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=gzip.compress((HEAD + lines).encode()))
    operator.output = []
    return operator


def test_the_refused_are_counted_under_the_pseudonyms_of_the_record(logged: Operator) -> None:
    keys = KeyStore(logged.aws.client("ssm"), logged.stage.name).keys()
    pseudonym = Pseudonyms(keys.record_key).of_address

    assert show(logged.aws, logged.stage, logged.output.append, Question(NOW, timedelta(hours=2))) == 0

    assert logged.output[0].startswith("5 requests in the log since 2026-11-30 08:30 UTC, 4 of them answered 403, 429.")
    assert logged.output[1:] == [
        f"     3  {pseudonym('192.0.2.7')}  30/11 09:10 to 30/11 09:10",
        "         3  429 POST /extranet/compte/connexion",
        f"     1  {pseudonym('2001:db8:1:2::')}  30/11 10:05 to 30/11 10:05",
        "         1  403 POST /extranet/compte/agenda/…",
    ]
    assert SECRET not in logged.text()


def test_an_address_is_shown_only_on_demand(logged: Operator) -> None:
    question = Question(NOW, timedelta(hours=2), ("403",), shows_addresses=True)

    show(logged.aws, logged.stage, logged.output.append, question)

    assert [text.split()[1] for text in logged.output[1::2]] == ["2001:db8:1:2::"]


def test_a_stage_without_logs_says_so(operator: Operator) -> None:
    operator.deploy()

    with pytest.raises(NotReady, match="has no access logs"):
        show(operator.aws, operator.stage, operator.output.append, Question(NOW, timedelta(hours=1)))


def test_columns_are_found_by_their_names() -> None:
    text = "#Fields: sc-status cs-uri-stem cs-method c-ip time date\n403\t/\tGET\t192.0.2.7\t10:00:00\t2026-11-30"

    (request,) = parse_requests(text.splitlines())

    assert (request.at, request.address, request.place) == (datetime(2026, 11, 30, 10, tzinfo=UTC), "192.0.2.7", "/")
