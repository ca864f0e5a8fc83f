"""Documents: read by a link that expires soon, listed and deleted by key prefix."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import parse_qs, urlsplit

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.settings.environment import Settings
from chalicelib.stores.documents import Documents
from tests.support.browser_upload import SignedForm, upload
from tests.support.world import World

KEY = "invoices/evry-xenakis/a1b2/c3d4.pdf"
PDF = b"%PDF-1.7 a bill"
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def documents(world: World) -> Documents:
    return world.services.documents


def opened(address: str) -> tuple[bytes, Message]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read(), answer.headers


def test_a_link_gives_what_was_stored_as_a_download_with_a_name_that_can_be_read(documents: Documents) -> None:
    documents.put(KEY, PDF, "application/pdf")

    body, headers = opened(documents.link(KEY, FIVE_MINUTES, "facture-2026\u202f012 é.pdf"))

    assert body == PDF
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''facture-2026%E2%80%AF012%20%C3%A9.pdf"
    assert headers["Cache-Control"] == "private, no-store"


def test_a_link_says_how_long_it_lives_and_is_signed_by_the_newest_rule(documents: Documents) -> None:
    query = parse_qs(urlsplit(documents.link(KEY, FIVE_MINUTES, "facture.pdf")).query)

    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


def test_at_aws_a_link_names_the_bucket_s_own_host_in_its_region(settings: Settings) -> None:
    services = wiring.build(replace(settings, endpoint_url=None))

    address = urlsplit(services.documents.link(KEY, FIVE_MINUTES, "facture.pdf"))

    assert (address.scheme, address.netloc) == ("https", f"{settings.documents_bucket}.s3.eu-west-3.amazonaws.com")
    assert address.path == f"/{KEY}"


def test_making_a_link_or_a_form_asks_nothing_of_aws(documents: Documents, world: World) -> None:
    documents.link(KEY, FIVE_MINUTES, "facture.pdf")
    documents.form(KEY, 100, FIVE_MINUTES, "http://127.0.0.1:8000/back")

    assert world.aws.calls == []


def test_a_link_to_what_is_not_there_gives_nothing(documents: Documents) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
        opened(documents.link(KEY, FIVE_MINUTES, "facture.pdf"))


def test_keys_are_listed_by_how_they_begin(documents: Documents) -> None:
    for key in ("documents/2027/a/1", "documents/2027/b/2", "documents/2026/a/3"):
        documents.put(key, PDF, "application/pdf")

    assert documents.keys("documents/2027/") == ("documents/2027/a/1", "documents/2027/b/2")
    assert documents.keys("documents/2028/") == ()


def test_more_than_a_page_of_keys_is_listed_and_deleted_whole(documents: Documents, world: World) -> None:
    for number in range(1003):
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(
            world.resources.documents_bucket, f"documents/2026/a/{number:04}", b""
        )
    documents.put("documents/2027/a/1", PDF, "application/pdf")

    assert documents.delete_under("documents/2026/") == 1003
    assert list(world.aws.documents(world.resources)) == ["documents/2027/a/1"]


def test_deleting_under_nothing_is_refused_for_it_would_be_everything(documents: Documents) -> None:
    with pytest.raises(ValueError, match="prefix"):
        documents.delete_under("")


def test_what_is_listed_has_its_size_and_when_it_came(documents: Documents) -> None:
    documents.put(KEY, PDF, "application/pdf")

    (file,) = documents.files("invoices/")

    assert (file.key, file.size) == (KEY, len(PDF))
    assert abs(datetime.now(UTC) - file.at) < timedelta(minutes=1)


def test_a_form_stores_a_file_under_its_key_and_sends_back(documents: Documents, world: World) -> None:
    form = documents.form(KEY, 100, FIVE_MINUTES, "http://127.0.0.1:8000/back")

    answer = upload(SignedForm(form.address, form.fields), PDF)

    assert (answer.status, answer.location.partition("?")[0]) == (303, "http://127.0.0.1:8000/back")
    assert world.aws.documents(world.resources) == {KEY: PDF}
    assert form.origin == world.aws.endpoint_url


def test_a_form_s_policy_leaves_nothing_to_who_sends_it_but_the_file(documents: Documents, world: World) -> None:
    """S3 refuses fields outside the policy. moto does not, so the emulator's test checks it."""
    form = documents.form(KEY, 100, FIVE_MINUTES, "http://127.0.0.1:8000/back")

    policy = json.loads(base64.b64decode(form.fields["policy"]))

    rules = {name: value for each in policy["conditions"] if isinstance(each, dict) for name, value in each.items()}
    assert [each for each in policy["conditions"] if isinstance(each, list)] == [["content-length-range", 0, 100]]
    assert rules.pop("bucket") == world.resources.documents_bucket
    assert rules == {name: value for name, value in form.fields.items() if name not in {"policy", "x-amz-signature"}}
    assert rules["key"] == KEY
    until = datetime.fromisoformat(policy["expiration"])
    moment = datetime.strptime(rules["x-amz-date"], "%Y%m%dT%H%M%S%z")
    assert abs(until - moment - FIVE_MINUTES) <= timedelta(seconds=1)


def test_at_aws_a_form_is_sent_to_the_bucket_s_own_host_in_its_region(settings: Settings) -> None:
    services = wiring.build(replace(settings, endpoint_url=None))

    form = services.documents.form(KEY, 100, FIVE_MINUTES, "https://extranet.example.fr/back")

    assert form.origin == f"https://{settings.documents_bucket}.s3.eu-west-3.amazonaws.com"
    assert form.address == f"{form.origin}/"


@pytest.mark.parametrize(("body", "begins"), [(PDF, b"%PDF-1.7 a b"), (b"PK\x03\x04", b"PK\x03\x04"), (b"", b"")])
def test_a_file_is_looked_into_by_its_first_bytes(documents: Documents, body: bytes, begins: bytes) -> None:
    documents.put(KEY, body, "application/pdf")

    (file,) = documents.files(KEY)

    assert documents.read_signature(file) == begins
    documents.delete_under(KEY)
    assert documents.read_signature(file) is None


def test_what_was_listed_is_copied_and_nothing_else(documents: Documents, world: World) -> None:
    documents.put(KEY, PDF, "application/pdf")
    (file,) = documents.files(KEY)
    documents.copy(file, "invoices/copy")
    documents.put(KEY, b"%PDF-1.7 another", "application/pdf")

    with pytest.raises(Unavailable, match="s3"):
        documents.copy(file, "invoices/other")

    assert world.aws.documents(world.resources)["invoices/copy"] == PDF
    assert documents.files("invoices/copy")[0].etag == file.etag


def test_an_object_is_read_where_its_content_is_what_one_means(documents: Documents) -> None:
    documents.put(KEY, PDF, "application/pdf")
    (file,) = documents.files(KEY)

    assert documents.read(KEY, file.etag) == PDF
    documents.put(KEY, b"%PDF-1.7 another", "application/pdf")
    assert documents.read(KEY, file.etag) is None


@pytest.mark.parametrize(("size", "status"), [(0, 303), (100, 303), (101, 400)])
def test_a_form_takes_an_empty_file_no_larger_one(documents: Documents, world: World, size: int, status: int) -> None:
    form = documents.form(KEY, 100, FIVE_MINUTES, "http://127.0.0.1:8000/back")

    assert upload(SignedForm(form.address, form.fields), bytes(size)).status == status
    assert list(world.aws.documents(world.resources)) == ([KEY] if status == 303 else [])


def test_a_form_that_is_over_or_says_nothing_stores_nothing(documents: Documents, world: World) -> None:
    form = documents.form(KEY, 100, timedelta(seconds=-1), "http://127.0.0.1:8000/back")

    for fields in (form.fields, {"key": KEY}):
        assert upload(SignedForm(form.address, fields), PDF).status == 403
    assert world.aws.documents(world.resources) == {}


def test_folders_are_named_one_level_down(documents: Documents, world: World) -> None:
    for key in ("documents/2026/a/1", "documents/2027/a/1", "documents/2027/b/2", "documents/loose", "invoices/c/3"):
        documents.put(key, PDF, "application/pdf")

    assert documents.folders("documents/") == ("2026", "2027")
    assert documents.folders("documents/2027/") == ("a", "b")
    assert documents.folders("documents/2028/") == ()
    world.aws.calls.clear()
    documents.folders("documents/")
    assert world.aws.calls == ["GET"]


@pytest.mark.parametrize(
    ("body", "content"), [(PDF, b"%PDF-"), (b"%P", b"%P"), (b"", b"")], ids=["longer", "shorter", "empty"]
)
def test_the_first_bytes_are_read_without_the_rest(documents: Documents, body: bytes, content: bytes) -> None:
    documents.put(KEY, body, "application/pdf")

    assert documents.first_bytes(KEY, 5) == content


def test_an_object_is_read_whole(documents: Documents) -> None:
    documents.put(KEY, PDF, "application/pdf")

    assert documents.read(KEY) == PDF


def test_what_is_not_there_is_not_read(documents: Documents) -> None:
    assert documents.first_bytes(KEY, 5) is None
    assert documents.read(KEY) is None


@pytest.mark.parametrize(
    ("call", "act"),
    [
        ("PUT", lambda documents: documents.put(KEY, PDF, "application/pdf")),
        ("GET", lambda documents: documents.keys("invoices/")),
        ("GET", lambda documents: documents.first_bytes(KEY, 5)),
        ("GET", lambda documents: documents.read(KEY)),
        ("POST", lambda documents: documents.delete_under("invoices/")),
    ],
    ids=["put", "keys", "first_bytes", "read", "delete_under"],
)
@pytest.mark.parametrize("error", [(500, "InternalError"), (403, "AccessDenied")])
def test_what_s3_does_not_do_is_told(
    documents: Documents, world: World, call: str, act: Callable[[Documents], object], error: tuple[int, str]
) -> None:
    documents.put(KEY, PDF, "application/pdf")

    with world.aws.failing(call, "before", error=error), pytest.raises(Unavailable, match="s3"):
        act(documents)


def test_an_answer_that_makes_no_sense_is_no_success(documents: Documents, world: World) -> None:
    with world.aws.failing("GET", "before", answer=b"<html>"), pytest.raises(Unavailable, match="s3"):
        documents.keys("invoices/")


def test_a_list_that_does_not_tell_whether_it_is_whole_is_no_list(documents: Documents, world: World) -> None:
    with world.aws.failing("GET", "before", answer=b"<ListBucketResult/>"), pytest.raises(Unavailable, match="s3"):
        documents.keys("invoices/")
