"""DynamoDB's expressions: names and values have placeholders, and unneeded parts are left out."""

from chalicelib.infra.dynamo.expressions import conditional_call, query_call, scan_call


def test_a_change_names_each_attribute_that_it_touches_or_looks_at() -> None:
    asked = conditional_call(
        "t", {"site": "s", "identifier": "i"}, "#stamp = :old", "SET #name = :new", {"old": "a", "new": 2}
    )

    assert asked["Key"] == {"site": {"S": "s"}, "identifier": {"S": "i"}}
    assert asked["ExpressionAttributeNames"] == {"#stamp": "stamp", "#name": "name"}
    assert asked["ExpressionAttributeValues"] == {":old": {"S": "a"}, ":new": {"N": "2"}}


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
