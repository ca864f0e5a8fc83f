"""The static pages in their bucket: stored as the CDN serves them, or an error."""

import pytest

from chalicelib.domain.refusals import Unavailable
from tests.support.world import World


def test_a_page_is_stored_with_its_type_and_for_how_long_it_may_be_kept(world: World) -> None:
    world.services.public_pages.put("extranet/aide", b"<p>Aide</p>")

    stored = world.aws.client("s3").get_object(Bucket=world.services.settings.pages_bucket, Key="extranet/aide")

    assert (stored["Body"].read(), stored["ContentType"], stored["CacheControl"]) == (
        b"<p>Aide</p>",
        "text/html; charset=utf-8",
        "public, max-age=300",
    )


def test_a_bucket_that_does_not_answer_is_unavailable(world: World) -> None:
    with world.aws.failing("PUT", "before"), pytest.raises(Unavailable):
        world.services.public_pages.put("extranet/aide", b"")
