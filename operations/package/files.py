"""The files of a package: zips without dates or owners, and a template in compact JSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from operations.package.parts import ZIPS
from operations.runtime import RUNTIME

TEMPLATE = "sam.json"

_OLDEST_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest date of a zip
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3
_LEVEL = 7  # zlib's: half the time of 9, for 0.5 % more bytes
# The function that serves each path and those below. Chalice sends all paths to one (docs/decisions/0059).
VISITORS: Final = {
    "/extranet/pre-inscription": "Applicant",
    "/extranet/compte/acces": "SignIn",
    "/extranet/compte/mot-de-passe/connexions": "SignIn",
    "/extranet/bureau": "Desk",
    "/extranet/enseignant": "Desk",
}
_EVERYBODY: Final = "APIHandler"
ANY_METHOD: Final = "x-amazon-apigateway-any-method"
# Chalice writes these for each method. API Gateway ignores them or has the same defaults.
_IGNORED: Final = ("consumes", "produces")
_IGNORED_INTEGRATION: Final = ("passthroughBehavior", "responses")


def zip_folder(task: Path, names: Iterable[str], file: Path) -> None:
    """Zip files of a folder in the given order, without dates or owners."""
    with ZipFile(file, "w") as made:
        for name in names:
            entry = ZipInfo(name, _OLDEST_DATE)
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            made.writestr(entry, (task / name).read_bytes(), ZIP_DEFLATED, _LEVEL)


def for_lambda(template: str) -> str:
    """Write Chalice's template as compact JSON, with our Python for each function and each path once."""
    read = yaml.load(template, yaml.CSafeLoader)  # by libyaml, ten times faster
    adapt_functions(read)
    adapt_api(read)
    return compact(read)


def adapt_functions(template: dict[str, Any]) -> None:
    """Set each function's Python and zip."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"] |= {"Runtime": RUNTIME, "CodeUri": f"./{ZIPS[name]}"}


def compact(template: dict[str, Any]) -> str:
    """Write a template as the smallest JSON: CloudFormation accepts a million bytes."""
    return json.dumps(template, ensure_ascii=False, separators=(",", ":"))


def adapt_api(template: dict[str, Any]) -> None:
    """Send each kind of visitor's paths to its own function, and merge the seven methods of a path into one.

    A method with a throttle stays separate, since a limit applies to one method. For methods that it does not serve,
    the function itself answers 405, in French.
    """
    api = template["Resources"]["RestAPI"]["Properties"]
    throttled = {
        (setting["ResourcePath"].replace("~1", "/")[1:], setting["HttpMethod"].lower())
        for setting in api["MethodSettings"]
    }
    definition = api["DefinitionBody"]
    del definition["definitions"]
    for path, methods in definition["paths"].items():
        method = _adapt_method(next(iter(methods.values())), _function_of(path))
        names = [name for name in methods if (path, name) in throttled]
        definition["paths"][path] = dict.fromkeys((*names, ANY_METHOD), method)


def _function_of(path: str) -> str:
    names = (name for beginning, name in VISITORS.items() if f"{path}/".startswith(f"{beginning}/"))
    return next(names, _EVERYBODY)


def _adapt_method(method: dict[str, Any], function: str) -> dict[str, Any]:
    integration = dict(method["x-amazon-apigateway-integration"])
    integration["uri"] = {"Fn::Sub": integration["uri"]["Fn::Sub"].replace(f"${{{_EVERYBODY}.", f"${{{function}.")}
    for name in _IGNORED_INTEGRATION:
        integration.pop(name)
    fields = {name: value for name, value in method.items() if name not in _IGNORED}
    return fields | {"responses": {}, "x-amazon-apigateway-integration": integration}
