"""The deployment bucket: private and made once. The same package is stored once."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from operations.deploy.aws import Aws
from operations.deploy.commands import Stopped
from operations.deploy.store import DeploymentBucket
from operations.pages.publish import PagesBucket
from tests.support.aws import TestAws

_regions = itertools.cycle(["eu-west-1", "eu-central-1"])


@pytest.fixture
def store(aws: TestAws) -> Iterator[DeploymentBucket]:
    bucket = DeploymentBucket(Aws(next(_regions), aws.endpoint_url))
    yield bucket
    PagesBucket(bucket.aws, bucket.name).empty()
    s3 = bucket.aws.client("s3")
    if bucket.name in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.delete_bucket(Bucket=bucket.name)


def test_it_is_made_once_and_is_nobody_elses_to_read(store: DeploymentBucket) -> None:
    assert (store.make(), store.make()) == (True, False)
    s3 = store.aws.client("s3")
    assert store.name == f"clef-deploy-123456789012-{store.aws.region}"
    assert set(s3.get_public_access_block(Bucket=store.name)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_location(Bucket=store.name)["LocationConstraint"] == store.aws.region


def test_templates_expire_and_packages_stay_for_a_rollback(store: DeploymentBucket) -> None:
    store.make()

    rules = store.aws.client("s3").get_bucket_lifecycle_configuration(Bucket=store.name)["Rules"]
    assert [rule["Filter"]["Prefix"] for rule in rules if "Expiration" in rule] == ["templates/"]


def test_the_same_package_has_the_same_address_and_is_stored_once(aws: TestAws, store: DeploymentBucket) -> None:
    store.make()
    first = store.put_package(b"zip", "abc1234")
    aws.calls.clear()

    again = store.put_package(b"zip", "def5678")

    assert again == first
    assert "PUT" not in aws.calls
    assert store.put_package(b"another", "def5678") != first
    assert store.commit_of(store.address(first).removeprefix(f"s3://{store.name}/")) == "abc1234"
    assert store.read(first) == b"zip"


def test_cloudformation_reads_the_template_by_its_url(store: DeploymentBucket) -> None:
    store.make()

    url = store.put_template("Resources: {}", "prod")

    assert url.startswith(f"https://s3.{store.aws.region}.amazonaws.com/{store.name}/templates/prod/")
    assert store.put_template("Resources: {}", "prod") == url
    assert store.put_template("Resources: {A: {}}", "prod") != url


def test_a_package_of_nowhere_has_no_commit(store: DeploymentBucket) -> None:
    assert store.commit_of("packages/none.zip") is None


def test_a_bucket_that_is_somebody_elses_is_not_used(aws: TestAws, store: DeploymentBucket) -> None:
    with aws.failing("HEAD", "before", error=(403, "403")), pytest.raises(Stopped, match="another account holds"):
        store.make()


class Refusal:
    """S3's empty answer with 403 where the caller expects another owner."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        return iter(())


def owned_by_us(**headers: Any) -> Any:
    """Check the expected owner of a bucket, which moto does not. Here all buckets belong to one account."""
    request = headers["request"]
    expected = str(request.headers.get("x-amz-expected-bucket-owner", ""), "ascii")
    return AWSResponse(request.url, 403, HTTPHeaders(), Refusal()) if expected not in {"", "123456789012"} else None


def test_nothing_is_read_from_or_written_to_a_bucket_that_is_another_accounts(store: DeploymentBucket) -> None:
    victim = DeploymentBucket(Aws(store.aws.region, store.aws.endpoint_url))
    victim.aws.account = "210987654321"  # another account owns a bucket of that name
    store.aws.client("s3").create_bucket(
        Bucket=victim.name, CreateBucketConfiguration={"LocationConstraint": store.aws.region}
    )
    victim.aws.session.register("before-send.s3", owned_by_us)

    with pytest.raises(ClientError):
        victim.put_package(b"zip", "abc1234")
    with pytest.raises(ClientError):
        victim.put_template("Resources: {}", "prod")
    with pytest.raises(ClientError):
        victim.commit_of("packages/none.zip")
    with pytest.raises(Stopped, match="another account holds"):
        victim.make()
    PagesBucket(store.aws, victim.name).empty()
    store.aws.client("s3").delete_bucket(Bucket=victim.name)


def test_a_fault_of_s3_is_not_taken_for_a_missing_package(aws: TestAws, store: DeploymentBucket) -> None:
    store.make()

    with aws.failing("HEAD", "before", error=(403, "403")), pytest.raises(ClientError):
        store.commit_of("packages/any.zip")
