"""The bucket of `make run` accepts only signed requests, like S3."""

import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.stores.documents import Documents
from tests.support.browser_upload import PDF, SignedForm, upload
from tests.support.world import World

KEY = "documents/2027/folder/certificate/zelie/new"
OTHER = "documents/2027/folder/certificate/zelie/old"
LATER = timedelta(minutes=5)
POLICY = b64encode(b'{"expiration": "2099-01-01T00:00:00Z", "conditions": []}').decode()


@pytest.fixture
def documents(world: World) -> Documents:
    return world.services.documents


@pytest.fixture
def form(documents: Documents) -> SignedForm:
    upload_form = documents.form(KEY, 100, LATER, "http://127.0.0.1:8000/back")
    return SignedForm(upload_form.address, upload_form.fields)


FORGED: dict[str, dict[str, str]] = {
    "another key": {"key": OTHER},
    "a key that names the file": {"key": KEY + "/${filename}"},
    "a key told twice": {"KEY": OTHER},
    "another page to go on to": {"success_action_redirect": "https://example.net/"},
    "a field more": {"acl": "public-read"},
    "metadata": {"x-amz-meta-name": "zelie"},
    "another policy": {"policy": POLICY},
    "a policy that is none": {"policy": "!"},
    "another signature": {"x-amz-signature": "0" * 64},
    "no signature": {"x-amz-signature": ""},
    "another moment": {"x-amz-date": "20260101T000000Z"},
    "another key of AWS": {"x-amz-credential": "AKIDEXAMPLE/20260101/eu-west-3/s3/aws4_request"},
    "no credential": {"x-amz-credential": ""},
}


@pytest.mark.parametrize("case", FORGED)
def test_a_form_that_was_changed_stores_nothing(world: World, form: SignedForm, case: str) -> None:
    assert upload(replace(form, fields={**form.fields, **FORGED[case]}), PDF).status == 403
    assert world.aws.documents(world.resources) == {}


def test_a_form_of_another_bucket_or_without_a_field_stores_nothing(world: World, form: SignedForm) -> None:
    pages = form.address.replace(world.resources.documents_bucket, world.resources.pages_bucket)
    without = [{name: form.fields[name] for name in form.fields if name != left} for left in form.fields]

    assert upload(replace(form, address=pages), PDF).status == 403
    assert [upload(replace(form, fields=fields), PDF).status for fields in without] == [403] * len(form.fields)
    assert world.aws.documents(world.resources) == {}


def test_a_form_as_it_was_signed_stores_its_file(world: World, form: SignedForm) -> None:
    assert upload(replace(form, fields={**form.fields, "x-ignore-me": "please"}), PDF).status == 303
    assert world.aws.documents(world.resources) == {KEY: PDF}


def status_of(url: str, method: str = "GET") -> int:
    request = urllib.request.Request(url, b"" if method == "PUT" else None, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


CHANGES: dict[str, Callable[[str], str]] = {
    "another key": lambda url: url.replace(KEY, OTHER),
    "another name": lambda url: url.replace("facture", "autre"),
    "a parameter more": lambda url: url.replace("?", "?response-expires=0&"),
    "a parameter after the signature": lambda url: url + "&response-expires=0",
    "a longer life": lambda url: url.replace("X-Amz-Expires=300", "X-Amz-Expires=604800"),
    "another signature": lambda url: url[:-4] + "0000",
    "no signature": lambda url: url.partition("?")[0],
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_link_that_was_changed_reads_nothing(documents: Documents, case: str) -> None:
    for key in (KEY, OTHER):
        documents.put(key, PDF, "application/pdf")
    url = documents.link(KEY, LATER, "facture é.pdf")

    assert status_of(url) == 200
    assert CHANGES[case](url) != url
    assert status_of(CHANGES[case](url)) == 403


def test_a_link_is_for_reading_and_soon_ends(world: World, documents: Documents) -> None:
    documents.put(KEY, PDF, "application/pdf")

    for method in ("PUT", "DELETE", "HEAD"):
        assert status_of(documents.link(KEY, LATER, "facture.pdf"), method) == 403
    assert status_of(documents.link(KEY, timedelta(seconds=-1), "facture.pdf")) == 403
    assert world.aws.documents(world.resources) == {KEY: PDF}


def test_a_request_that_is_not_signed_reads_and_lists_nothing(world: World, documents: Documents) -> None:
    documents.put(KEY, PDF, "application/pdf")
    bucket = f"{world.aws.endpoint_url}/{world.resources.documents_bucket}"

    assert {status_of(url) for url in (bucket, f"{bucket}/{KEY}", f"{world.aws.endpoint_url}/")} == {403}
    assert status_of(f"{bucket}/{KEY}", "PUT") == 403
