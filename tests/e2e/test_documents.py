"""Documents as deployed: a browser uploads them, and S3 refuses a form that was tampered with."""

import html
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from chalicelib.domain.dossiers.uploads import LARGEST, MOST_RECEIVED
from chalicelib.web.responses import SECURITY_HEADERS
from tests.support.browser import come, send
from tests.support.browser_upload import JPEG, PDF, WORD, SignedForm, signed_forms, upload
from tests.support.open_week import open_week
from tests.support.stack import Deployed
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

PAGE = "/extranet/compte/reinscription/pieces"
KEY = "documents/2027/evry-magnard/e2e/certificat-danse/foyer/0123"


@pytest.fixture(scope="module", autouse=True)
def open_now(stack: Stack) -> Iterator[None]:
    with open_week(stack, stack.services.periods):
        yield


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    visitor.log_in("evry-magnard", "MAG2002", "Hautbois12Vert")
    return visitor


@pytest.fixture
def form(inside: Visitor) -> SignedForm:
    return signed_forms(inside.get(PAGE).text)[0]


def test_a_file_is_handed_in_by_a_browser(page: Page, running: Deployed, javascript: bool, tmp_path: Path) -> None:
    for name, content in (("renamed.jpg", WORD), ("photo.jpg", JPEG)):
        (tmp_path / name).write_bytes(content)
    come(page, running, "GOU1002" if javascript else "XEN3001")

    send(page, tmp_path / "renamed.jpg")
    expect(page.get_by_text("n’est ni un PDF, ni une photo JPEG ou PNG : choisissez-en un autre.")).to_be_visible()
    send(page, tmp_path / "photo.jpg")

    expect(page.get_by_text(re.compile(r"Reçu le .*\s: une photo JPEG"))).to_be_visible()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page).not_to_have_url(re.compile(PAGE))


def test_only_the_page_with_the_forms_lets_them_go_to_the_bucket(inside: Visitor, form: SignedForm) -> None:
    address = urlsplit(form.address)
    policy = SECURITY_HEADERS["Content-Security-Policy"]

    answer = inside.get(PAGE)

    assert answer.headers.get_all("Content-Security-Policy") == [
        policy.replace("form-action 'self'", f"form-action 'self' {address.scheme}://{address.netloc}")
    ]
    for name in SECURITY_HEADERS.keys() - {"Content-Security-Policy"}:
        assert answer.headers.get_all(name) == [SECURITY_HEADERS[name]]
    assert inside.get("/extranet/compte").headers.get_all("Content-Security-Policy") == [policy]


def test_what_was_sent_is_found_at_the_next_visit(inside: Visitor, form: SignedForm) -> None:
    answer = upload(form, PDF)

    assert (answer.status, answer.location.partition("?")[0]) == (303, f"https://{inside.host}{PAGE}/envoyee")
    assert "un PDF" in html.unescape(inside.get(PAGE).text)


OTHER = "documents/2026/evry-magnard/00000000000000000000/quotient-familial/foyer/0123"
TAMPERED: dict[str, dict[str, str]] = {
    "another family's key": {"key": OTHER},
    "a bill's key": {"key": "invoices/evry-magnard/x.pdf"},
    "no key of its own": {"key": "documents/${filename}"},
    "another way back": {"success_action_redirect": "https://elsewhere.example"},
    "a type": {"Content-Type": "text/html"},
    "for everybody to read": {"acl": "public-read"},
    "metadata": {"x-amz-meta-name": "Rossignol"},
    "a signature": {"x-amz-signature": "0" * 64},
    "unsigned": {"x-amz-signature": ""},
}


@pytest.mark.parametrize("changes", TAMPERED.values(), ids=TAMPERED)
def test_a_form_that_was_tampered_with_stores_nothing(stack: Stack, form: SignedForm, changes: dict[str, str]) -> None:
    before = stack.services.documents.keys("")

    answer = upload(SignedForm(form.address, {**form.fields, **changes}), PDF)

    assert answer.status in {400, 403}
    assert stack.services.documents.keys("") == before


def test_a_form_with_nothing_but_a_key_stores_nothing(stack: Stack, form: SignedForm) -> None:
    assert upload(SignedForm(form.address, {"key": OTHER}), PDF).status in {400, 403}
    assert stack.services.documents.keys(OTHER) == ()


def test_a_file_that_is_larger_than_any_page_could_refuse_is_not_stored(stack: Stack, form: SignedForm) -> None:
    before = stack.services.documents.keys("")

    assert upload(form, PDF + bytes(MOST_RECEIVED)).status == 400
    assert stack.services.documents.keys("") == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "est vide"), (PDF + bytes(LARGEST), "il faut au plus 10 Mo")],
    ids=["empty", "too large"],
)
def test_our_page_refuses_empty_or_huge_file(inside: Visitor, form: SignedForm, content: bytes, sentence: str) -> None:
    assert upload(form, content).status == 303

    assert sentence in html.unescape(inside.get(PAGE).text)


def test_a_form_that_is_over_stores_nothing(stack: Stack) -> None:
    documents = stack.services.documents
    form = documents.form(KEY, LARGEST, timedelta(seconds=1), f"{stack.public.url}{PAGE}")
    time.sleep(2.1)

    assert upload(SignedForm(form.address, form.fields), PDF).status == 403
    assert documents.keys(KEY) == ()


def test_a_document_is_read_by_nobody_who_has_its_key_only(form: SignedForm) -> None:
    upload(form, PDF)

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{form.address}/{form.fields['key']}", timeout=60)

    with error.value as answer:
        assert answer.code == 403
