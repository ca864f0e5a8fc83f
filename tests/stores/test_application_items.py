"""The item of an application: every value comes back, and unknown parts stay when it is written."""

from dataclasses import replace

from chalicelib.domain.admission.applications import Application
from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.services.admission import admission_stores
from chalicelib.stores.application_items import application_from, item_of
from tests.support.applications import FULL, NOW, REF
from tests.support.world import World


def test_a_whole_one_comes_back() -> None:
    assert application_from(REF, decode({"M": encode_item(item_of(FULL))})) == FULL


def test_one_that_is_not_begun_has_no_item() -> None:
    assert application_from(REF, None) == Application(REF)
    assert item_of(Application(REF)) == {"site": REF.mailbox, "identifier": REF.season}


def test_what_a_later_version_added_is_kept(world: World) -> None:
    applications, later = admission_stores(world.services).applications, {"language": "pt"}
    item = item_of(FULL)
    item |= later | {"sent": item["sent"] | later}
    world.services.database.create(world.resources.applications_table, item)

    applications.revise(
        applications.find(REF), lambda application: replace(application, saved_at=NOW.replace(hour=20), draft=None)
    )

    item_after = applications.find(REF).item
    assert (item_after["language"], item_after["sent"]["language"]) == ("pt", "pt")
    assert "draft" not in item_after
