"""Pages on S3: types and cache rules, changes only, and the paths invalidated in the CDN."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation.public_pages import PERIOD_PAGES
from chalicelib.settings.environment import load_network
from operations.deploy.aws import Aws
from operations.pages.bucket import FIVE_MINUTES, FOR_EVER, StoredObject
from operations.pages.build import build, build_for_any_stage, for_stage, good_until
from operations.pages.publish import PagesBucket, invalidate, security_line
from tests.support.aws import TestAws

HTML = "text/html; charset=utf-8"
PAGE = StoredObject("extranet/usager", b"<form>", HTML, FIVE_MINUTES)
OLD_STYLE = StoredObject("extranet/assets/style.1.css", b"a{}", "text/css; charset=utf-8", FOR_EVER)
STYLE = replace(OLD_STYLE, key="extranet/assets/style.2.css", body=b"b{}")
MADE = datetime(2027, 3, 15, tzinfo=UTC)

_numbers = itertools.count()


@pytest.fixture
def cloud(aws: TestAws) -> Aws:
    return Aws("eu-west-3", aws.endpoint_url)


@pytest.fixture
def bucket(cloud: Aws) -> Iterator[PagesBucket]:
    name, s3 = f"pages-{next(_numbers)}", cloud.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    pages_bucket = PagesBucket(cloud, name)
    yield pages_bucket
    pages_bucket.empty()
    s3.delete_bucket(Bucket=name)


def test_every_page_is_stored_with_its_type_and_how_long_it_may_be_kept(cloud: Aws, bucket: PagesBucket) -> None:
    objects = list(build(load_network(), Periods()))

    bucket.put_assets(objects)
    bucket.put_pages(objects)

    for page in objects:
        answer = cloud.client("s3").get_object(Bucket=bucket.name, Key=page.key)
        assert (answer["Body"].read(), answer["ContentType"], answer["CacheControl"]) == (
            page.body,
            page.content_type,
            page.cache_control,
        )


def test_pages_stored_for_any_stage_become_those_of_one_stage() -> None:
    url, day = "https://extranet.example.org", MADE.date()
    expected = list(build(load_network({"public_url": url}), Periods(), day))

    objects = for_stage(build_for_any_stage(), url, day)

    assert [page.key for page in objects if not page.body] == [*PERIOD_PAGES, "extranet/tirages"]
    assert objects == [
        page if there.body else replace(page, body=b"") for page, there in zip(expected, objects, strict=True)
    ]


def test_a_second_time_changes_nothing(aws: TestAws, bucket: PagesBucket) -> None:
    objects = list(build(load_network(), Periods()))
    bucket.put_assets(objects)
    bucket.put_pages(objects)
    aws.calls.clear()

    assert (bucket.put_assets(objects), bucket.put_pages(objects)) == ([], [])
    assert {"PUT", "POST", "DELETE"} & set(aws.calls) == set()


def test_only_what_changed_is_stored(bucket: PagesBucket) -> None:
    second = replace(PAGE, key="extranet/aide")
    bucket.put_pages([PAGE, second])

    assert bucket.put_pages([replace(PAGE, body=b"<form id>"), second]) == [PAGE.key]


@pytest.mark.parametrize(
    "stored_object", [replace(PAGE, content_type="text/html"), replace(PAGE, cache_control="public, max-age=60")]
)
def test_another_header_is_a_change(bucket: PagesBucket, stored_object: StoredObject) -> None:
    bucket.put_pages([PAGE])

    assert bucket.put_pages([stored_object]) == [PAGE.key]


def test_a_page_that_is_no_more_is_dropped_and_told(cloud: Aws, bucket: PagesBucket) -> None:
    former = replace(PAGE, key="extranet/ancienne")
    bucket.put_pages([PAGE, former])

    assert bucket.put_pages([PAGE]) == [former.key]
    assert "ancienne" not in str(cloud.client("s3").list_objects_v2(Bucket=bucket.name))


def test_former_assets_stay_for_pages_that_somebody_still_has_open(cloud: Aws, bucket: PagesBucket) -> None:
    bucket.put_assets([OLD_STYLE, PAGE])
    bucket.put_pages([OLD_STYLE, PAGE])

    assert bucket.put_assets([STYLE, PAGE]) == [STYLE.key]
    assert bucket.put_pages([STYLE, PAGE]) == []
    keys = [each["Key"] for each in cloud.client("s3").list_objects_v2(Bucket=bucket.name)["Contents"]]
    assert keys == [OLD_STYLE.key, STYLE.key, PAGE.key]


def test_emptying_takes_former_versions_too(cloud: Aws, bucket: PagesBucket) -> None:
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    bucket.put_pages([PAGE])
    bucket.put_pages([replace(PAGE, body=b"new")])

    assert bucket.empty() == 2
    assert bucket.empty() == 0
    assert PagesBucket(cloud, "no-such-bucket").empty() == 0


def distribution(cloud: Aws) -> str:
    config = {
        "CallerReference": "test",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "pages", "DomainName": "pages.s3.amazonaws.com",
                                              "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "pages",
            "ViewerProtocolPolicy": "redirect-to-https",
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            "MinTTL": 0,
        },
    }  # fmt: skip
    answer = cloud.client("cloudfront").create_distribution(DistributionConfig=config)
    return str(answer["Distribution"]["Id"])


def test_the_cdn_forgets_the_pages_that_changed_and_no_others(cloud: Aws) -> None:
    identifier, cloudfront = distribution(cloud), cloud.client("cloudfront")

    paths = invalidate(cloud, identifier, ["extranet", "extranet/pré-inscription"])

    assert paths == ["/extranet", "/extranet/pr%C3%A9-inscription"]
    [item] = cloudfront.list_invalidations(DistributionId=identifier)["InvalidationList"]["Items"]
    batch = cloudfront.get_invalidation(DistributionId=identifier, Id=item["Id"])["Invalidation"]["InvalidationBatch"]
    assert batch["Paths"]["Items"] == paths


def test_where_nothing_changed_the_cdn_is_not_asked(aws: TestAws, cloud: Aws) -> None:
    aws.calls.clear()

    assert invalidate(cloud, "no-such-distribution", []) == []
    assert aws.calls == []


@pytest.mark.parametrize(
    ("days", "advice"),
    [
        (0, "security.txt: good until "),
        (300, ": make deploy ARGS=--settings renews it"),
        (340, "security.txt: Warning: over since "),
    ],
)
def test_status_says_until_when_security_txt_is_good(cloud: Aws, bucket: PagesBucket, days: int, advice: str) -> None:
    bucket.put_pages(build(load_network(), Periods(), MADE.date()))

    line = security_line(cloud, bucket.name, MADE + timedelta(days=days))

    assert advice in line
    assert good_until(MADE.date()).isoformat() in line


def test_status_says_that_there_is_no_security_txt(cloud: Aws, bucket: PagesBucket) -> None:
    assert security_line(cloud, bucket.name, MADE).startswith("security.txt: Warning: it cannot be read (")
    bucket.put_pages([replace(PAGE, key=".well-known/security.txt", body=b"Contact: mailto:a@example.org")])
    assert "has no valid expiry date" in security_line(cloud, bucket.name, MADE)


def test_what_was_published_of_a_draw_is_never_dropped(cloud: Aws, bucket: PagesBucket) -> None:
    draw = replace(PAGE, key="extranet/tirages/2027-evry-xenakis.txt")
    bucket.put_pages([PAGE, draw])

    assert bucket.put_pages([PAGE]) == []
    assert draw.key in str(cloud.client("s3").list_objects_v2(Bucket=bucket.name))
