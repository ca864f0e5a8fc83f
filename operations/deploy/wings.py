"""A template without the wings that a network leaves out: their functions and tables, and all that needs these."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from operations.deploy.aws import Aws
from operations.deploy.commands import Stopped
from operations.deploy.leftovers import describe_items
from operations.package.files import compact, path_of

_GONE: Final = object()
_LOOSE: Final = ("Events", "Outputs", "Variables", "paths")  # mappings that can do without an entry
# Types that serve another resource, and go with it. One of another type that needs what goes is a mistake.
_SERVING: Final = ("AWS::CloudWatch::Alarm", "AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Logs::MetricFilter")
# A table that stays is copied as before, and what reads or erases a person's data reaches it (decision 153).
_REACHING: Final = ("VaultSelection", "DeskJobs", "DeskJobsRole", "OperatorPolicy")
_SECTIONS: Final = ("Resources", "Parameters", "Conditions")
_REFERENCE: Final = re.compile(r"\$\{(\w+)")
_SOURCE: Final = re.compile(r"SOURCE '\$\{(\w+)\}' \| ")  # in a query of the dashboard


def without(template: str, names: Collection[str], idle: Collection[str] = ()) -> str:
    """Take resources out of a template, with all that needs them. `idle`: tables that stay, for copies and erasures.

    Raises `Stopped` for a resource that needs one of them, and can neither go with it nor lose that part.
    """
    content = json.loads(template)
    wave = content["Resources"].keys() & names
    if not wave:
        return template
    removals, references = set[str](), set(_references("", content))
    while wave:
        belongings = {name for part in wave.difference(idle) for name in _owned(content["Resources"].get(part, {}))}
        removals |= wave | belongings
        for section in _SECTIONS:
            content[section] = {
                name: part for name, part in content.get(section, {}).items() if name not in removals.difference(idle)
            }
        resources = content["Resources"]
        wave = set()
        for name, resource in resources.items():
            rest = _prune("", resource, removals.difference(idle) if name in _REACHING else removals)
            if rest is not _GONE:
                resources[name] = _tidy(rest)
            elif resource["Type"] in _SERVING:
                wave.add(name)
            else:
                needs = ", ".join(sorted(removals & set(_references("", resource))))
                raise Stopped(f"{name} ({resource['Type']}) needs {needs}, which this network's wings leave out.")
        content["Outputs"] = _prune("Outputs", content["Outputs"], removals.difference(idle))
        holding = {name for name, resource in resources.items() if "DeletionPolicy" in resource}
        wave |= references - set(_references("", content)) - removals - holding  # what only served those
    return compact(content)


def switches(
    aws: Aws, tables: Mapping[str, str], before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """Describe the wings that a deployment switches off or on. `before`, `after`: the names left out, by wing."""
    for wing in sorted(before.keys() ^ after.keys()):
        content = [
            f"{name} ({describe_items(aws, tables[name]) or 'empty'})"
            for name in (*before.get(wing, ()), *after.get(wing, ()))
            if name in tables
        ]
        if wing in after:
            stays = (
                f"; its tables stay, for erasures, purges and copies of data only: {', '.join(content)}"
                if content
                else ""
            )
            yield f"  Switched off: {wing}{stays}"
        else:
            yield f"  Switched on: {wing}{', with the tables from before: ' + ', '.join(content) if content else ''}"


def _owned(function: dict[str, Any]) -> Iterator[str]:
    """List a function's role and log group. Filters and policies name a log too, and cannot keep it."""
    properties = function.get("Properties", {})
    for name in ("Role", "LoggingConfig"):
        yield from _references("", properties.get(name))


def _names(key: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - a template's
    """List the names that a pair of a mapping refers to by itself."""
    match key, value:
        case ("Ref" | "DependsOn" | "Condition", str(name)) | ("Fn::GetAtt" | "Fn::If", [str(name), *_]):
            yield name
        case _, str(text):
            yield from _REFERENCE.findall(text)


def _references(key: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - the same
    """List all names that a part of a template refers to."""
    yield from _names(key, value)
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else (("", part) for part in value):
            yield from _references(name, part)


def _prune(key: str, value: Any, removals: Collection[str]) -> Any:  # noqa: ANN401 - the same
    """Return a part of a template without any name of the removals, or `_GONE` if none of it can stay."""
    if isinstance(value, str):
        value = _prune_text(key, value, removals)
    if any(name in removals for name in _names(key, value)):
        return _GONE
    if isinstance(value, list):
        return _prune_list(key, value, removals)
    if not isinstance(value, dict):
        return value
    parts = {name: _prune(name, part, removals) for name, part in value.items()}
    rest = {name: part for name, part in parts.items() if part is not _GONE}
    return rest if key in _LOOSE or len(rest) == len(parts) else _GONE


def _prune_text(key: str, text: str, removals: Collection[str]) -> Any:  # noqa: ANN401 - the same
    if key == "Fn::Sub" and text.startswith("{"):  # the dashboard's JSON
        return json.dumps(_prune("", json.loads(text), removals))
    rest = _SOURCE.sub(lambda source: "" if source[1] in removals else source[0], text)
    return rest if rest == text or _SOURCE.search(rest) else _GONE


def _prune_list(key: str, elements: list[Any], removals: Collection[str]) -> Any:  # noqa: ANN401 - the same
    results = [_prune("", element, removals) for element in elements]
    rest = [element for element in results if element is not _GONE]
    is_whole = key.startswith("Fn::") or any(isinstance(element, str) for element in elements)  # as a metric
    return rest if len(rest) == len(results) or (rest and not is_whole) else _GONE


def _tidy(resource: dict[str, Any]) -> dict[str, Any]:
    """Take out the limits of paths, and the behaviours of origins, that the resource no longer has."""
    match resource["Type"]:
        case "AWS::Serverless::Api":
            api = resource["Properties"]
            paths = {"*", *api["DefinitionBody"]["paths"]}
            api["MethodSettings"] = [limit for limit in api["MethodSettings"] if path_of(limit) in paths]
        case "AWS::CloudFront::Distribution":
            config = resource["Properties"]["DistributionConfig"]
            origins = [origin["Id"] for origin in config["Origins"]]
            behaviours = config["CacheBehaviors"]
            config["CacheBehaviors"] = [part for part in behaviours if part["TargetOriginId"] in origins]
    return resource
