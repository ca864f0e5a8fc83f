"""The stage's secrets: made once, kept encrypted, rotated while the CDN and all keys stay accepted."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.account.keys import USES, KeyRing
from operations.deploy.commands import Stopped
from operations.deploy.keys import VERSIONS, KeyStore, derive, digest_of, parameter_of
from operations.deploy.stack import StackState
from tests.support.aws import TestAws

_numbers = itertools.count()
NOW = datetime(2026, 11, 29, 22, tzinfo=UTC)


def serving(versions: str = "") -> StackState:
    """Make the state of a deployed stack with some versions of the keys."""
    outputs = {VERSIONS: versions} if versions else {"PagesBucket": "pages"}
    return StackState("id", "clef-trial", "UPDATE_COMPLETE", "", outputs)


@pytest.fixture
def store(aws: TestAws) -> KeyStore:
    return KeyStore(aws.client("ssm"), f"stage-{next(_numbers)}")


def test_secrets_are_made_once_and_kept(store: KeyStore) -> None:
    keys = store.keys()

    assert store.keys() == keys
    assert min(len(keys.record_key), len(keys.cdn_secret)) >= 43
    assert keys.record_key != keys.cdn_secret
    assert keys.digests == digest_of(keys.cdn_secret)


def test_they_are_kept_encrypted_under_the_stages_name(aws: TestAws, store: KeyStore) -> None:
    keys = store.keys()

    [parameter] = aws.client("ssm").get_parameters(Names=[store.name("cdn-secret")])["Parameters"]
    assert parameter["Type"] == "SecureString"
    assert parameter["Name"].startswith("/clef/stage-")
    assert keys.cdn_secret not in parameter["Value"].split(":")[0]


def test_they_are_not_shown_where_they_are_printed(store: KeyStore) -> None:
    keys = store.keys()

    assert keys.record_key not in repr(keys)
    assert keys.cdn_secret not in repr(keys)


def test_a_rotation_accepts_the_former_secret_beside_the_new_one(store: KeyStore) -> None:
    before = store.keys()

    during = store.rotate()

    assert during.cdn_secret != before.cdn_secret
    assert during.record_key == before.record_key
    assert during.digests == f"{digest_of(during.cdn_secret)} {digest_of(before.cdn_secret)}"
    assert store.keys() == during


def test_a_rotation_that_was_not_deployed_goes_on_with_the_same_secrets(store: KeyStore) -> None:
    store.keys()
    keys = store.rotate()

    assert store.rotate() == keys


def test_a_rotation_that_stopped_before_its_new_secret_makes_one(aws: TestAws, store: KeyStore) -> None:
    before = store.keys()
    aws.client("ssm").put_parameter(
        Name=store.name("cdn-former-digest"), Value=digest_of(before.cdn_secret), Type="SecureString"
    )

    assert store.rotate().cdn_secret != before.cdn_secret


def test_a_rotation_that_stops_at_any_write_still_accepts_what_the_cdn_sends(aws: TestAws, store: KeyStore) -> None:
    secret = store.keys().cdn_secret

    for skips in (0, 1):
        denial = aws.failing("PutParameter", "before", skips=skips, error=(400, "AccessDeniedException"))
        with denial, pytest.raises(ClientError):
            store.rotate()
        assert digest_of(secret) in store.keys().digests.split()


def test_the_former_secret_is_refused_once_the_rotation_is_over(store: KeyStore) -> None:
    store.keys()
    during = store.rotate()

    after = store.retire()

    assert after == replace(during, former_digest=None)
    assert store.retire() == after


def test_two_operators_who_start_at_once_get_the_same_secrets(store: KeyStore, aws: TestAws) -> None:
    first = store.keys()

    assert KeyStore(aws.client("ssm"), store.name("").split("/")[2]).keys() == first


def test_nothing_is_left_of_a_stage_that_is_gone(aws: TestAws, store: KeyStore) -> None:
    store.rotate()

    store.forget()

    assert aws.client("ssm").get_parameters_by_path(Path=store.name("").rstrip("/"))["Parameters"] == []
    store.forget()


@pytest.mark.parametrize(
    ("secret", "salt", "info", "digest"),
    [
        (
            b"\x0b" * 22,
            bytes(range(0x0D)),
            bytes(range(0xF0, 0xFA)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)),
            bytes(range(0x60, 0xB0)),
            bytes(range(0xB0, 0x100)),
            (
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
        ),
        (
            b"\x0b" * 22,
            b"",
            b"",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_keys_are_derived_as_rfc_5869_says(secret: bytes, salt: bytes, info: bytes, digest: str) -> None:
    assert derive(secret, info, salt, len(digest) // 2).hex() == digest  # appendix A, cases 1 to 3


def test_each_use_and_version_has_a_key_of_its_own_and_shows_none(store: KeyStore) -> None:
    keys = store.keys().with_new_version([1], NOW)

    parameters = keys.parameters()

    rings = {use: KeyRing.parse(parameters[parameter_of(use)]) for use in USES}
    secrets = [key.secret for ring in rings.values() for key in ring.keys]
    assert {tuple(key.version for key in ring.keys) for ring in rings.values()} == {(2, 1)}
    assert len(set(secrets)) == len(secrets) == 2 * len(USES)
    assert parameters[VERSIONS] == "2 1"
    assert parameter_of("staff-totp") == "KeyStaffTotp"
    assert not [version.secret for version in keys.versions if version.secret in repr(keys)]


def test_a_rotation_leaves_two_former_versions(store: KeyStore) -> None:
    keys = store.keys()

    for number in range(1, 4):
        keys = keys.with_new_version([number], NOW)

    assert [version.number for version in keys.versions] == [4, 3, 2]
    assert keys.with_new_version([3, 2, 1], NOW) == keys  # begun but not deployed: it is continued
    assert [version.number for version in keys.retired().versions] == [4]


def test_what_is_stored_comes_back_as_it_was(store: KeyStore) -> None:
    keys = store.keys()

    keys_after = store.write(keys, keys.settled(NOW).versions)

    assert keys_after.is_settled
    assert store.keys() == keys_after
    assert json.loads(store._read("keys") or "")[0].keys() == {"version", "secret", "made_at", "settled_at"}  # noqa: SLF001


@pytest.mark.parametrize("moment", ["before the look", "after the look"])
def test_of_two_rotations_at_once_the_second_leaves_the_firsts_versions(aws: TestAws, moment: str) -> None:
    ssm, stage = aws.client("ssm"), f"stage-{next(_numbers)}"
    first, second = KeyStore(ssm, stage), KeyStore(ssm, stage)
    keys = first.keys()
    versions = keys.with_new_version([1], NOW).versions
    look = second._parameter  # noqa: SLF001

    def late(key: str) -> object:
        parameter = look(key)
        second._parameter = look  # type: ignore[method-assign]  # noqa: SLF001
        first.write(keys, versions)
        return parameter

    if moment == "before the look":
        first.write(keys, versions)
    else:
        second._parameter = late  # type: ignore[method-assign, assignment]  # noqa: SLF001
    with pytest.raises(Stopped, match="Another command"):
        second.write(keys, keys.with_new_version([1], NOW).versions)

    assert first.find_versions() == versions


def test_a_stack_of_tables_taken_back_has_lost_nothing(aws: TestAws) -> None:
    """It has no function and no outputs yet."""
    taken_back = StackState("id", "clef-trial", "IMPORT_COMPLETE", "", {})
    store = KeyStore(aws.client("ssm"), f"stage-{next(_numbers)}", taken_back)
    keys = store.keys()

    assert [version.number for version in keys.versions] == [1]
    assert (store.keys(), store.losses, store.is_whole) == (keys, (), True)


def test_what_a_stack_was_deployed_with_and_is_no_longer_stored_is_lost(aws: TestAws) -> None:
    ssm, stage = aws.client("ssm"), f"stage-{next(_numbers)}"

    assert KeyStore(ssm, stage).losses == ()
    assert [name.split("/")[-1] for name in KeyStore(ssm, stage, serving()).losses] == ["record-key"]
    assert [name.split("/")[-1] for name in KeyStore(ssm, stage, serving("2 1")).losses] == ["record-key", "keys"]
    KeyStore(ssm, stage).keys()
    assert KeyStore(ssm, stage, serving("1")).losses == ()


def test_keys_made_after_a_loss_have_a_number_that_was_never_deployed(aws: TestAws) -> None:
    ssm, stage = aws.client("ssm"), f"stage-{next(_numbers)}"
    KeyStore(ssm, stage).keys()
    ssm.delete_parameter(Name=f"/clef/{stage}/keys")

    assert [version.number for version in KeyStore(ssm, stage, serving("2 1")).keys().versions] == [3]

    assert KeyStore(ssm, stage, serving("4 3")).losses == (f"/clef/{stage}/keys",)  # an old copy was restored
    assert [version.number for version in KeyStore(ssm, stage, serving("4 3")).keys().versions] == [5, 3]
