"""DynamoDB access: values come back unchanged, batches complete or raise, errors are translated."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Database, Delete, Lookup, Put, conditional_call, query_call, scan_call
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.infra.dynamo.values import Foreign, Item, decode, encode, encode_item, moment
from chalicelib.settings.environment import Settings
from tests.support.aws import faults_of
from tests.support.world import World


def test_a_change_names_each_attribute_that_it_touches_or_looks_at() -> None:
    call = conditional_call(
        "t", {"site": "s", "identifier": "i"}, "#stamp = :old", "SET #name = :new", {"old": "a", "new": 2}
    )

    assert call["Key"] == {"site": {"S": "s"}, "identifier": {"S": "i"}}
    assert call["ExpressionAttributeNames"] == {"#stamp": "stamp", "#name": "name"}
    assert call["ExpressionAttributeValues"] == {":old": {"S": "a"}, ":new": {"N": "2"}}


def test_a_query_says_only_what_is_asked() -> None:
    assert query_call("s", "", (), ()) == {
        "KeyConditionExpression": "site = :site",
        "ExpressionAttributeValues": {":site": {"S": "s"}},
    }


def test_a_query_may_want_a_beginning_some_attributes_and_a_path() -> None:
    assert query_call("s", "2027#", ("name",), ("receipts", "R27-AAAA-BBBB")) == {
        "KeyConditionExpression": "site = :site AND begins_with(identifier, :prefix)",
        "ExpressionAttributeValues": {":site": {"S": "s"}, ":prefix": {"S": "2027#"}},
        "ProjectionExpression": "#name",
        "FilterExpression": "attribute_exists(#at0.#at1)",
        "ExpressionAttributeNames": {"#name": "name", "#at0": "receipts", "#at1": "R27-AAAA-BBBB"},
    }


def test_a_scan_leaves_sites_out_however_many_there_are() -> None:
    assert scan_call(()) == {}
    assert scan_call(("a", "b")) == {
        "FilterExpression": "NOT site IN (:site0_0, :site0_1)",
        "ExpressionAttributeValues": {":site0_0": {"S": "a"}, ":site0_1": {"S": "b"}},
    }
    many = scan_call([f"s{number}" for number in range(101)])
    assert many["FilterExpression"].endswith(":site0_99) AND NOT site IN (:site1_0)")
    assert len(many["ExpressionAttributeValues"]) == 101


PLAIN = st.text() | st.booleans() | st.integers(-(10**30), 10**30)
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner), max_leaves=8)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def bird(name: str, **more: Any) -> Item:
    return {"site": "evry-xenakis", "identifier": name, **more}


def lookup(world: World, name: str) -> Lookup[Item | None]:
    key = {"site": "evry-xenakis", "identifier": name}
    return Lookup(world.resources.accounts_table, key, lambda item: item)


def put(world: World, name: str, **more: Any) -> Put:
    return Put(world.resources.accounts_table, bird(name, **more))


@given(VALUES)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    back = decode(encode(value))

    assert back == value
    assert type(back) is type(value)


@given(MOMENTS)
def test_a_moment_comes_back_in_whole_seconds(when: datetime) -> None:
    items = encode(when)

    assert items["N"].isdigit()
    assert moment(decode(items)) == when.replace(microsecond=0)


def test_what_is_none_is_not_there() -> None:
    assert encode_item({"a": None, "b": "", "c": False}) == {"b": {"S": ""}, "c": {"BOOL": False}}


def test_every_kind_of_value_comes_back_from_the_table(world: World) -> None:
    values = {
        "text": "École 🐦\n",
        "empty": "",
        "number": 2**53 + 1,
        "yes": True,
        "no": False,
        "list": ["a", ["b"], []],
        "map": {"a b.c#:é": {"d": 1}},
    }

    world.database.write_together(put(world, "xen1", **values))

    assert world.database.read(lookup(world, "xen1")) == bird("xen1", **values)


def test_what_is_not_there_is_none(world: World) -> None:
    assert world.database.read(lookup(world, "xen1")) is None


def test_items_read_together_come_in_the_order_asked_and_none_where_there_is_none(world: World) -> None:
    world.database.write_together(put(world, "merle"), put(world, "pinson"))

    items = world.database.read_together(*(lookup(world, name) for name in ("pinson", "nobody", "merle")))

    assert items == (bird("pinson"), None, bird("merle"))


def test_a_network_may_have_more_sites_than_one_call_reads(world: World) -> None:
    world.database.write_together(put(world, "merle150"))

    items = world.database.read_together(*(lookup(world, f"merle{number}") for number in range(151)))

    assert items == (*(None,) * 150, bird("merle150"))


def test_items_of_several_tables_are_not_mixed_up(world: World) -> None:
    key = {"site": "evry-xenakis", "identifier": "xen1"}
    tables = list(world.resources.tables[:4])
    world.database.write_together(*(Put(table, {**key, "table": table}) for table in tables))

    items: tuple[Item | None, ...] = world.database.read_together(
        *(Lookup(table, key, lambda item: item) for table in tables)
    )

    assert [item and item["table"] for item in items] == tables


@pytest.mark.parametrize(
    "strange",
    [Foreign("B", b"merle \xff"), Foreign("BS", [b"a", b"b"]), Foreign("SS", ["a"]), Foreign("N", "1.5"), '"B":'],
    ids=str,
)
def test_a_list_reads_every_kind_of_value_as_a_single_item_does(world: World, strange: Any) -> None:
    """The SDK does not check lists, but only it can read bytes."""
    table = world.resources.accounts_table
    values = {"text": "École 🐦\n", "number": 2**53 + 1, "list": ["a", [], {"b": False}], "strange": [strange]}
    world.database.write_together(put(world, "merle", **values), put(world, "pinson"))
    alone = [world.database.read(lookup(world, name)) for name in ("merle", "pinson")]

    assert alone == [bird("merle", **values), bird("pinson")]
    assert list(world.database.items_of(table, "evry-xenakis")) == alone
    assert list(world.database.items(table)) == alone
    assert list(world.database.read_together(lookup(world, "merle"), lookup(world, "pinson"))) == alone


def test_a_batch_puts_and_deletes_at_once(world: World) -> None:
    world.database.write_together(put(world, "merle"))

    world.database.write_together(
        put(world, "pinson"), Delete(world.resources.accounts_table, lookup(world, "merle").key)
    )

    items = world.database.read_together(lookup(world, "merle"), lookup(world, "pinson"))
    assert items == (None, bird("pinson"))


def test_more_items_than_a_batch_holds_are_written_in_several(world: World) -> None:
    names = [f"oiseau{number}" for number in range(26)]

    world.database.write_all(put(world, name) for name in names)

    assert world.aws.calls == ["BatchWriteItem"] * 2
    assert world.database.read_together(*(lookup(world, name) for name in names)) == tuple(map(bird, names))


def test_deleting_what_is_not_there_is_no_error(world: World) -> None:
    world.database.write_together(Delete(world.resources.accounts_table, lookup(world, "nobody").key))

    assert world.database.read(lookup(world, "nobody")) is None


# Conditions.


def test_an_update_whose_condition_fails_writes_nothing_and_tells_what_stands_there(world: World) -> None:
    world.database.write_together(put(world, "merle", song="flute", size=25))

    with pytest.raises(WriteConflict) as error:
        world.database.update(
            world.resources.accounts_table,
            lookup(world, "merle").key,
            "SET #song = :song",
            "#size = :size",
            song="none",
            size=24,
        )

    assert error.value.item == bird("merle", song="flute", size=25)
    assert world.database.read(lookup(world, "merle")) == bird("merle", song="flute", size=25)


def test_an_update_of_what_is_not_there_tells_that_nothing_is(world: World) -> None:
    with pytest.raises(WriteConflict) as error:
        world.database.update(
            world.resources.accounts_table, lookup(world, "merle").key, "SET #size = :size", "#size = :size", size=1
        )

    assert error.value.item is None
    assert world.database.read(lookup(world, "merle")) is None


# DynamoDB behaviour that moto never shows: late answers, partial batches.


def late(client: Any) -> Database:
    """Make a database whose reads are stale unless they are consistent (`ConsistentRead`)."""

    def nothing_yet(params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        request = json.loads(params["body"])
        reads = request["RequestItems"].values() if "RequestItems" in request else [request]
        if all(read.get("ConsistentRead") for read in reads):
            return None
        return AWSResponse("", 200, HTTPHeaders(), None), {"Responses": {}}

    for name in ("GetItem", "BatchGetItem"):
        client.meta.events.register(f"before-call.dynamodb.{name}", nothing_yet)
    return Database(client)


def stingy(client: Any, share: int) -> Database:
    """Make a database that accepts only so many items of a batch, and returns the rest."""
    rest: dict[str, Any] = {}

    def take_a_share(params: dict[str, Any], **_: Any) -> None:
        request = json.loads(params["body"])["RequestItems"]
        values: dict[str, Any] = {}
        rest["items"] = {}
        count = share
        for table, items in request.items():
            keys = items["Keys"] if isinstance(items, dict) else items
            for into, part in ((values, keys[:count]), (rest["items"], keys[count:])):
                if part:
                    into[table] = {**items, "Keys": part} if isinstance(items, dict) else part
            count = max(0, count - len(keys))
        params["body"] = json.dumps({"RequestItems": values}).encode()

    def give_the_rest_back(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        parsed["UnprocessedKeys" if model.name == "BatchGetItem" else "UnprocessedItems"] = rest["items"]

    for name in ("BatchGetItem", "BatchWriteItem"):
        client.meta.events.register(f"before-call.dynamodb.{name}", take_a_share)
        client.meta.events.register(f"after-call.dynamodb.{name}", give_the_rest_back)
    return Database(client)


def test_a_read_finds_what_was_just_written_even_where_reads_are_late(world: World) -> None:
    database = late(world.aws.make_client("dynamodb"))

    database.write_together(put(world, "merle"), put(world, "pinson"))

    assert database.read(lookup(world, "merle")) == bird("merle")
    assert database.read_together(lookup(world, "merle"), lookup(world, "pinson")) == (bird("merle"), bird("pinson"))


@pytest.mark.parametrize("share", [1, 2])
def test_a_batch_taken_in_parts_is_finished(world: World, share: int) -> None:
    database = stingy(world.aws.make_client("dynamodb"), share)
    names = ["loriot", "merle", "pinson"]

    database.write_together(*(put(world, name) for name in names))
    items = database.read_together(*(lookup(world, name) for name in names))

    assert [item and item["identifier"] for item in items] == names
    assert [world.database.read(lookup(world, name)) for name in names] == [bird(name) for name in names]


def test_a_batch_of_several_tables_taken_in_parts_is_finished(world: World) -> None:
    database = stingy(world.aws.make_client("dynamodb"), 1)
    key = {"site": "evry-xenakis", "identifier": "xen1"}
    tables = list(world.resources.tables[:4])

    database.write_together(*(Put(table, {**key, "table": table}) for table in tables))
    items = database.read_together(*(Lookup(table, key, lambda item: item) for table in tables))

    assert [item and item["table"] for item in items] == tables


def test_a_batch_that_is_never_finished_is_unavailable(world: World) -> None:
    client = world.aws.make_client("dynamodb")
    names: list[str] = []

    def take_nothing(params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        names.append(params["body"])
        return AWSResponse("", 200, HTTPHeaders(), None), {
            "Responses": {},
            "UnprocessedKeys": json.loads(params["body"])["RequestItems"],
        }

    client.meta.events.register("before-call.dynamodb.BatchGetItem", take_nothing)
    with pytest.raises(Unavailable):
        Database(client).read_together(lookup(world, "merle"), lookup(world, "pinson"))

    assert len(names) == RACES


def test_a_read_that_dynamodb_does_an_item_at_a_time_is_finished(world: World) -> None:
    database = stingy(world.aws.make_client("dynamodb"), 1)
    world.database.write_together(*(put(world, f"merle{number}") for number in range(12)))

    birds = database.read_together(*(lookup(world, f"merle{number}") for number in range(12)))

    assert None not in birds


# Failures.

CALLS: dict[str, Callable[[Database, World], object]] = {
    "GetItem": lambda database, world: database.read(lookup(world, "merle")),
    "BatchGetItem": lambda database, world: database.read_together(lookup(world, "merle")),
    "BatchWriteItem": lambda database, world: database.write_together(put(world, "merle")),
    "UpdateItem": lambda database, world: database.update(
        world.resources.accounts_table,
        lookup(world, "merle").key,
        "SET #size = :size",
        "attribute_not_exists(#size)",
        size=1,
    ),
}

NO_OBJECTS = [b"", b"<html>", b"{", b"null", b"[]", b'"merle"', b"\xff"]


@faults_of(*CALLS)
def test_a_call_that_fails_is_unavailable_and_says_which(world: World, call: str, when: Any) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable) as error:
        CALLS[call](world.database, world)

    assert call in str(error.value)
    assert "merle" not in str(error.value)


@pytest.mark.parametrize("answer", NO_OBJECTS)
@pytest.mark.parametrize("call", CALLS)
def test_an_answer_that_is_no_json_object_is_unavailable(world: World, call: str, answer: bytes) -> None:
    with world.aws.failing(call, "before", answer=answer), pytest.raises(Unavailable):
        CALLS[call](world.database, world)


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("GetItem", {"Item": 3}),
        ("GetItem", {"Item": {"name": "Merle"}}),
        ("GetItem", {"Item": {"name": {}}}),
        ("GetItem", {"Item": {"name": {"S": "Merle", "N": "1"}}}),
        ("GetItem", {"Item": {"times": {"N": "soon"}}}),
        ("BatchGetItem", {}),
        ("BatchGetItem", {"Responses": []}),
        ("BatchGetItem", {"Responses": {"accounts": 3}}),
        ("BatchGetItem", {"Responses": {"accounts": [{"name": {"S": "Merle"}}]}}),
        ("BatchGetItem", {"Responses": {}, "UnprocessedKeys": {"accounts": {}}}),
        ("BatchWriteItem", {}),
        ("BatchWriteItem", {"UnprocessedItems": ["merle"]}),
    ],
    ids=str,
)
def test_an_answer_of_another_shape_is_unavailable(world: World, call: str, answer: dict[str, Any]) -> None:
    with world.aws.failing(call, "before", answer=json.dumps(answer).encode()), pytest.raises(Unavailable):
        CALLS[call](world.database, world)


@pytest.mark.parametrize("item", [{"name": {}}, {"size": {"N": "large"}}], ids=str)
def test_a_refused_update_that_tells_nonsense_of_the_item_is_unavailable(world: World, item: dict[str, Any]) -> None:
    client = world.aws.make_client("dynamodb")
    response = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}, "Item": item}
    answer = (AWSResponse("", 400, HTTPHeaders(), None), response)
    client.meta.events.register("before-call.dynamodb.UpdateItem", lambda **_: answer)

    with pytest.raises(Unavailable):
        CALLS["UpdateItem"](Database(client), world)


@pytest.mark.parametrize("call", CALLS)
def test_a_database_that_cannot_be_reached_is_unavailable(world: World, settings: Settings, call: str) -> None:
    database = wiring.build(replace(settings, endpoint_url="http://127.0.0.1:9"), calls=1).database

    with pytest.raises(Unavailable):
        CALLS[call](database, world)


def test_a_call_that_fails_once_is_made_again(world: World, settings: Settings) -> None:
    world.database.write_together(put(world, "merle"))
    patient = wiring.build(settings, calls=2, patience=20).database

    with world.aws.failing("GetItem", "before", times=1):
        value = patient.read(lookup(world, "merle"))

    assert value == bird("merle")


def test_a_batch_writes_the_same_key_of_two_tables(world: World) -> None:
    key = {"site": "s", "identifier": "merle"}
    tables = world.resources.sessions_table, world.resources.mailboxes_table
    world.database.write_together(*(Put(table, key) for table in tables))

    world.database.write_together(*(Delete(table, key) for table in tables))

    assert [world.database.read(Lookup(table, key, lambda item: item)) for table in tables] == [None, None]
