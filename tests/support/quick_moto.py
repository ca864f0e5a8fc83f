"""Shortcuts in moto, mostly in its DynamoDB: the same answers at a fraction of the cost."""

import pickle
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar, Self

from botocore import utils
from moto import backends
from moto.core import responses, serialize
from moto.core.constants import MISSING
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_value
from moto.dynamodb import comparisons, models
from moto.dynamodb import responses as dynamo
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.utilities import dynamo_to_dict
from moto.dynamodb.parsing import ast_nodes, expressions, validators
from moto.dynamodb.responses import DynamoHandler, DynamoResult
from moto.sqs import models as queues
from moto.sqs.responses import SQSResponse
from moto.utilities import aws_headers

from tools.local.aws import REGION

_nodes: Any = ast_nodes  # moto has no types here
_SET, _REMOVE = _nodes.UpdateExpressionSetAction, _nodes.UpdateExpressionRemoveAction
_expressions: Any = expressions
_Node, _Traverser = _nodes.Node, _nodes.DepthFirstTraverser
_Parser = _expressions.UpdateExpressionParser
# They check each clause of an expression. The whole expression, checked last, has the clauses of all.
_OF_THE_ROOT = (validators.ActionCountValidator, validators.OverlappingPathsValidator)


class _Filled(BaseResponse):
    """A handler of moto, filled from the request itself: Flask and the parameter search take longer than moto itself.

    None of our attributes is binary: only those would need moto's parser.
    """

    def fill(self, environ: dict[str, Any]) -> Self:
        """Fill from a request of a JSON protocol."""
        self.headers = {"X-Amz-Target": environ["HTTP_X_AMZ_TARGET"], "Content-Type": environ["CONTENT_TYPE"]}
        self.params = environ["tests.request"]
        self.querystring: dict[str, Any] = {}
        self.uri_match: dict[str, Any] = {}
        self.response_headers: dict[str, Any] = {}
        self.current_account, self.region, self.partition = DEFAULT_ACCOUNT_ID, REGION, "aws"
        return self

    @staticmethod
    def _enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        return headers, body  # without the request's random id, which is not read


class _Tables(_Filled, DynamoHandler):
    def batch_write_item(self) -> DynamoResult:
        """Write several items. The answer is written directly, as those to other calls on items."""
        return DynamoResult(super().batch_write_item().result)

    def transact_write_items(self) -> DynamoResult:
        """Write several items or none."""
        return DynamoResult(super().transact_write_items().result)


class _Queues(_Filled, SQSResponse):
    def serialized(self, action_result: ActionResult) -> Any:
        """Write an answer directly, save for an error."""
        is_error = isinstance(action_result.result, Exception)
        return super().serialized(action_result if is_error else DynamoResult(action_result.result or {}))


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request to DynamoDB, or one on the messages of a queue."""
    handler = _Tables() if environ["HTTP_X_AMZ_TARGET"].startswith("DynamoDB") else _Queues()
    status, headers, body = handler.fill(environ).call_action()
    start_response(f"{headers.pop('status', status)} Answered", list(headers.items()))
    return [body.encode() if isinstance(body, str) else body]


def _size(value: DynamoType) -> int:
    """Measure a value as `DynamoType.size` does, without making each map's values again."""
    if value.is_list():
        return sum(map(_size, value.value))
    if value.is_map():
        return sum(len(name.encode()) + _size(inner) for name, inner in value.value.items())
    return _leaf_size(value)


_leaf_size = DynamoType.size


def _copy(value: DynamoType, _memo: Any = None) -> DynamoType:
    """Copy a value by recursion: `copy.deepcopy` checks for cycles at each step, but there are none."""
    dynamo_type = object.__new__(DynamoType)
    dynamo_type.type, dynamo_type.value = value.type, value.value
    if value.is_list():
        dynamo_type.value = [_copy(inner) for inner in value.value]
    elif value.is_map():
        dynamo_type.value = {name: _copy(inner) for name, inner in value.value.items()}
    elif value.is_set():
        dynamo_type.value = list(value.value)
    return dynamo_type


def _regular(value: DynamoType) -> dict[str, Any]:
    """Write a value whole, without copying each part once for each level of nesting."""
    if value.is_list():
        return {value.type: [_regular(inner) for inner in value.value]}
    if value.is_map():
        return {value.type: {name: _regular(inner) for name, inner in value.value.items()}}
    return _leaf_regular(value)


_leaf_regular = DynamoType.to_regular_json


def _to_dict(value: Any) -> Any:
    """Convert a part of an answer as `dynamo_to_dict` does, without asking each one for its methods."""
    if type(value) is dict:
        return {name: part if type(part) is str else _to_dict(part) for name, part in value.items()}
    if type(value) is list:
        return [_to_dict(part) for part in value]
    return value if type(value) in _PLAIN else dynamo_to_dict(value)


_PLAIN = {str, bool, int, float, type(None)}


def _make_item(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    """Make an item and measure it once, at its last attribute, instead of at each attribute."""
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    types = {name: DynamoType(value) for name, value in attrs.items()}
    last = list(types)[-1:]
    dict.update(item.attrs, types)
    for name in last:
        item.attrs[name] = dict.pop(item.attrs, name)


_is_node: Any = cache(lambda kind: issubclass(kind, _Node))


def _traverse(traverser: Any, tree: Any) -> Any:
    """Walk a tree as `traverse` does, but get the wanted kinds of nodes once, and look each kind up once."""
    if isinstance(traverser, _OF_THE_ROOT):
        return traverser.process(tree)
    nodes = traverser.nodes_to_be_processed()
    is_wanted: dict[type, bool] = {}
    before = traverser.pre_processing_of_child
    has_hook = type(traverser).pre_processing_of_child is not _Traverser.pre_processing_of_child

    def walk(node: Any, at: int = -1) -> Any:
        parent = node.parent
        for place, child in enumerate(node.children or ()):
            if has_hook:
                before(node, place)
            if _is_node(type(child)):
                walk(child, place)
        kind = type(node)
        if kind not in is_wanted:
            is_wanted[kind] = issubclass(kind, nodes)
        if is_wanted[kind]:
            node = traverser.process(node)
            node.parent = parent
            if parent:
                parent.children[at] = node
        return node

    return walk(tree)


def _copy_tree(tree: Any, _memo: Any = None) -> Any:
    """Copy a parsed expression: C is ten times faster than `copy.deepcopy`."""
    return pickle.loads(pickle.dumps(tree, pickle.HIGHEST_PROTOCOL))


def _whole_attributes(tree: Any, names: dict[str, str], keys: set[str]) -> list[tuple[Any, Any, str | None]]:
    """List the actions of an expression that only sets and removes whole attributes: kind, path, name of a value."""
    actions: list[tuple[Any, Any, str | None]] = []
    for action in tree.find_clauses(
        [_SET, _REMOVE, _nodes.UpdateExpressionAddAction, _nodes.UpdateExpressionDeleteAction]
    ):
        path, *rest = action.children
        place, *deeper = path.children
        values = rest[0].children if type(action) is _SET else []
        is_plain = type(action) is _REMOVE or [type(value) for value in values] == [_nodes.ExpressionAttributeValue]
        if deeper or not is_plain or names.get(place.children[0], place.children[0]) in keys:
            return []
        actions.append((type(action), path, values[0].get_value_name() if values else None))
    return actions


class _Validator(validators.UpdateExpressionValidator):
    """Moto's check of an update, made once for an expression that sets and removes whole attributes.

    Its outcome is then the same for all items, and for all values save those of the keys of tables and indexes.
    """

    _actions: ClassVar[dict[Any, Any]] = {}

    def __init__(self, expression: Any, **more: Any) -> None:
        self._expression, self._more = expression, more

    def validate(self) -> Any:
        """Check, and return the actions with their values."""
        names, values = (self._more[f"expression_attribute_{part}"] or {} for part in ("names", "values"))
        key = self._expression, self._more["table"], *names.items()
        actions = self._actions.get(key)
        if not actions or any(value and value not in values for *_, value in actions):
            valid = validators.UpdateExpressionValidator(self._expression, **self._more).validate()
            if actions is None:
                keys = {definition["AttributeName"] for definition in self._more["table"].attr}
                self._actions[key] = _whole_attributes(_copy_tree(self._expression), names, keys)
            return valid
        typed = [
            (kind, path, _nodes.DDBTypedValue(DynamoType(values[value])) if value else None)
            for kind, path, value in actions
        ]
        return _nodes.UpdateExpression([kind([path, value] if value else [path]) for kind, path, value in typed])


_lex_one: Any = comparisons.ConditionExpressionParser._lex_condition_expression  # noqa: SLF001 - moto has no other


def _lex(parser: Any) -> deque[Any]:
    """Tokenise each condition only once: it has no values yet, and its parts are never changed."""
    return deque(_lexed(parser.condition_expression))


@cache
def _lexed(expression: str) -> tuple[Any, ...]:
    return tuple(_lex_one(comparisons.ConditionExpressionParser(expression, {}, {})))


_dates: Any = utils
_modules = backends.list_of_moto_modules
_Picker: Any = serialize.AttributePicker
_names: dict[tuple[Any, ...], tuple[str, ...]] = {}


def _pick(picker: Any, context: Any) -> Any:
    """Find an attribute of an answer as `AttributePicker` does, but list its possible names once for each class."""
    key = (type(picker), *picker.alias_providers, type(context.obj), context.shape, context.key)
    if key not in _names:
        _names[key] = tuple(dict.fromkeys(picker.get_possible_keys(context)))
    results = (get_value(context.obj, name, MISSING) for name in _names[key])
    value = next((value for value in results if value is not MISSING), None)
    path = f"{context.key_path}.{context.key}"
    transforms = picker.response_transformers.items()
    transform = next((transform for end, transform in transforms if path.endswith(end)), None)
    return transform(value) if transform else value


def install() -> None:
    """Install the shortcuts for this process."""
    shortcuts: dict[Any, dict[str, Any]] = {
        DynamoType: {"size": _size, "__deepcopy__": _copy, "to_regular_json": _regular},
        Item: {"__init__": _make_item},
        dynamo: {"dynamo_to_dict": _to_dict},
        _Traverser: {"traverse": _traverse},
        _Node: {"__deepcopy__": _copy_tree},
        models: {"UpdateExpressionValidator": _Validator},
        comparisons.ConditionExpressionParser: {"_lex_condition_expression": _lex},
        # A tree is copied before it is changed, so one per expression is enough.
        _Parser: {"make": staticmethod(cache(_Parser.make))},
        # Called per letter, for each attribute of a queue and each message.
        responses: {"camelcase_to_underscores": (snake_case := cache(camelcase_to_underscores))},
        queues: {"camelcase_to_underscores": snake_case},
        _Picker: {"__call__": _pick},
        aws_headers: {"gen_amz_crc32": lambda *_: 0},  # a header that is not read
        # They read moto's folder in each request, and parse the same dates in each answer.
        backends: {"list_of_moto_modules": cache(lambda: tuple(_modules()))},
        _dates: {"_parse_timestamp_with_tzinfo": cache(_dates._parse_timestamp_with_tzinfo)},  # noqa: SLF001 - the same
    }
    for owner, names in shortcuts.items():
        for name, shortcut in names.items():
            setattr(owner, name, shortcut)
