"""A DynamoDB that answers at once: it keeps what is put, says yes to every update, and counts the round trips."""

import json
from collections import Counter
from typing import Any

from tools.bench.serving import Handler, Server


class Dynamo:
    """Knows the calls that a login makes. An update changes nothing: each login finds the account as it was."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._items: dict[tuple[str, str], Any] = {}
        self._server = Server(type("_Handler", (_Handler,), {"dynamo": self}))
        self.endpoint_url = f"http://{self._server.place}"

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, call: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer one call."""
        self.calls[call] += 1
        match call:
            case "BatchWriteItem":
                for table, writes in asked["RequestItems"].items():
                    self._put(table, [write["PutRequest"]["Item"] for write in writes if "PutRequest" in write])
                return {"UnprocessedItems": {}}
            case "BatchGetItem":
                found = {table: self._get(table, each["Keys"]) for table, each in asked["RequestItems"].items()}
                return {"Responses": found, "UnprocessedKeys": {}}
            case _:
                return {}

    def _put(self, table: str, items: list[dict[str, Any]]) -> None:
        self._items.update({(table, _key(item)): item for item in items})

    def _get(self, table: str, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [self._items[table, _key(key)] for key in keys if (table, _key(key)) in self._items]


class _Handler(Handler):
    dynamo: Dynamo

    def do_POST(self) -> None:  # noqa: N802 - http.server's own name
        """Answer one call."""
        call = self.headers["X-Amz-Target"].rpartition(".")[2]
        self.answer(200, self.dynamo.answer(call, json.loads(self.body())))


def _key(item: dict[str, Any]) -> str:
    return f"{item['site']['S']} {item['identifier']['S']}"
