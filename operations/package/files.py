"""The files of a package: zips without dates or owners, and a template in compact JSON."""

import json
from collections.abc import Iterable, Mapping
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
VISITORS: Final = {  # the function of each path and those below, the first that fits (docs/decisions/0059)
    "/extranet/pre-inscription": "Applicant",
    "/extranet/compte/acces": "SignIn",
    "/extranet/compte/mot-de-passe/connexions": "SignIn",
    "/extranet/bureau": "Desk",
    "/extranet/enseignant": "Desk",
    "/extranet/compte": "APIHandler",
}
BELOW: Final = "/{proxy+}"
ANY_METHOD: Final = "x-amazon-apigateway-any-method"


def zip_folder(task: Path, names: Iterable[str], file: Path) -> None:
    """Zip files of a folder in the given order, without dates or owners."""
    with ZipFile(file, "w") as archive:
        for name in names:
            entry = ZipInfo(name, _OLDEST_DATE)
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            archive.writestr(entry, (task / name).read_bytes(), ZIP_DEFLATED, _LEVEL)


def for_lambda(template: str) -> str:
    """Write Chalice's template as compact JSON, with our Python for each function and few resources of the gateway."""
    content = yaml.load(template, yaml.CSafeLoader)  # by libyaml, ten times faster
    adapt_functions(content)
    adapt_api(content)
    return compact(content)


def adapt_functions(template: dict[str, Any]) -> None:
    """Set each function's Python and zip, and the layer with the network."""
    for name, resource in template["Resources"].items():
        if resource.get("Type") == "AWS::Serverless::Function":  # a left-out wing's has none
            resource["Properties"] |= {"Runtime": RUNTIME, "CodeUri": f"./{ZIPS[name]}", "Layers": [{"Ref": "Network"}]}


def compact(template: dict[str, Any]) -> str:
    """Write a template as the smallest JSON: CloudFormation accepts a million bytes."""
    return json.dumps(template, ensure_ascii=False, separators=(",", ":"))


def adapt_api(template: dict[str, Any]) -> None:
    """Give each kind of visitor one resource for all paths, with its own function, and one of seven methods.

    The function finds the route (`RoutedApp`), and answers 405 and 404 in French. A path with a throttle stays a
    resource, and its method a method, since a limit applies to one method of one resource (docs/decisions/0140).
    """
    api = template["Resources"]["RestAPI"]["Properties"]
    methods = {f"{beginning}{ending}": [ANY_METHOD] for beginning in VISITORS for ending in ("", BELOW)}
    for setting in api["MethodSettings"]:
        path = path_of(setting)
        if path != "*":
            methods.setdefault(path, [ANY_METHOD]).insert(0, setting["HttpMethod"].lower())
    del api["DefinitionBody"]["definitions"]
    paths = {path: dict.fromkeys(names, _method(path)) for path, names in sorted(methods.items())}
    api["DefinitionBody"]["paths"] = paths


def path_of(setting: Mapping[str, str]) -> str:
    """Read the path that a limit of the gateway is for, « * » for all."""
    return setting["ResourcePath"].replace("~1", "/")[1:]


def function_of(path: str) -> str:
    """Name the function that answers a path."""
    return next(name for beginning, name in VISITORS.items() if f"{path}/".startswith(f"{beginning}/"))


def _method(path: str) -> dict[str, Any]:
    function = f"functions/${{{function_of(path)}.Arn}}/invocations"
    uri = {"Fn::Sub": f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/{function}"}
    integration = {"type": "aws_proxy", "httpMethod": "POST", "contentHandling": "CONVERT_TO_TEXT", "uri": uri}
    parameters = [{"name": "proxy", "in": "path", "required": True, "type": "string"}] if path.endswith(BELOW) else []
    return {"parameters": parameters, "responses": {}, "x-amazon-apigateway-integration": integration}
