"""The stage's secrets: made once, kept encrypted, rotated without a moment in which the CDN is refused."""

import itertools

import pytest
from botocore.exceptions import ClientError

from operations.deploy.keys import Keys, KeyStore, digest_of
from tests.support.aws import TestAws

_numbers = itertools.count()


@pytest.fixture
def store(aws: TestAws) -> KeyStore:
    return KeyStore(aws.client("ssm"), f"stage-{next(_numbers)}")


def test_secrets_are_made_once_and_kept(store: KeyStore) -> None:
    made = store.keys()

    assert store.keys() == made
    assert min(len(made.record_key), len(made.cdn_secret)) >= 43
    assert made.record_key != made.cdn_secret
    assert made.digests == digest_of(made.cdn_secret)


def test_they_are_kept_encrypted_under_the_stages_name(aws: TestAws, store: KeyStore) -> None:
    made = store.keys()

    [kept] = aws.client("ssm").get_parameters(Names=[store.name("cdn-secret")])["Parameters"]
    assert kept["Type"] == "SecureString"
    assert kept["Name"].startswith("/clef/stage-")
    assert made.cdn_secret not in kept["Value"].split(":")[0]


def test_they_are_not_shown_where_they_are_printed(store: KeyStore) -> None:
    made = store.keys()

    assert made.record_key not in repr(made)
    assert made.cdn_secret not in repr(made)


def test_a_rotation_accepts_the_former_secret_beside_the_new_one(store: KeyStore) -> None:
    before = store.keys()

    during = store.rotate()

    assert during.cdn_secret != before.cdn_secret
    assert during.record_key == before.record_key
    assert during.digests == f"{digest_of(during.cdn_secret)} {digest_of(before.cdn_secret)}"
    assert store.keys() == during


def test_a_rotation_that_was_not_deployed_goes_on_with_the_same_secrets(store: KeyStore) -> None:
    store.keys()
    begun = store.rotate()

    assert store.rotate() == begun


def test_a_rotation_that_stopped_before_its_new_secret_makes_one(aws: TestAws, store: KeyStore) -> None:
    before = store.keys()
    aws.client("ssm").put_parameter(
        Name=store.name("cdn-former-digest"), Value=digest_of(before.cdn_secret), Type="SecureString"
    )

    assert store.rotate().cdn_secret != before.cdn_secret


def test_a_rotation_that_stops_at_any_write_still_accepts_what_the_cdn_sends(aws: TestAws, store: KeyStore) -> None:
    sent = store.keys().cdn_secret

    for spared in (0, 1):
        denied = aws.failing("PutParameter", "before", spared=spared, error=(400, "AccessDeniedException"))
        with denied, pytest.raises(ClientError):
            store.rotate()
        assert digest_of(sent) in store.keys().digests.split()


def test_the_former_secret_is_refused_once_the_rotation_is_over(store: KeyStore) -> None:
    store.keys()
    during = store.rotate()

    after = store.retire()

    assert after == Keys(during.record_key, during.cdn_secret)
    assert store.retire() == after


def test_two_operators_who_start_at_once_get_the_same_secrets(store: KeyStore, aws: TestAws) -> None:
    first = store.keys()

    assert KeyStore(aws.client("ssm"), store.name("").split("/")[2]).keys() == first


def test_nothing_is_left_of_a_stage_that_is_gone(aws: TestAws, store: KeyStore) -> None:
    store.rotate()

    store.forget()

    assert aws.client("ssm").get_parameters_by_path(Path=store.name("").rstrip("/"))["Parameters"] == []
    store.forget()
