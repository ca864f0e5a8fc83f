"""The packaged template, made ready for CloudFormation: the zip's address in the place of its file name."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from operations.deploy.commands import Stopped
from operations.package import ZIP

_PROJECT = Path(__file__).parents[2]


def with_code(template: str, code: str) -> str:
    """Point every function at the zip that was uploaded (`s3://…`)."""
    read = yaml.safe_load(template)
    functions = [
        resource["Properties"]
        for resource in read["Resources"].values()
        if str(resource.get("Properties", {}).get("CodeUri", "")).endswith(ZIP)
    ]
    if not functions:
        raise Stopped("The template has no function that takes its code from the package.")
    for properties in functions:
        properties["CodeUri"] = code
    return yaml.safe_dump(read, allow_unicode=True, width=120)


def check_parameters(template: str, given: Mapping[str, str]) -> None:
    """Hold what is given against what the template takes. Raises `Stopped`, which names the difference."""
    taken = yaml.safe_load(template).get("Parameters", {})
    unknown = given.keys() - taken.keys()
    missing = {name for name, parameter in taken.items() if "Default" not in parameter} - given.keys()
    if unknown or missing:
        raise Stopped(
            "The template and operations/deploy disagree on its parameters: "
            f"not taken: {', '.join(sorted(unknown)) or 'none'}; not given: {', '.join(sorted(missing)) or 'none'}."
        )


def commit() -> str:
    """Name the commit that is packaged, with a « + » if files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+"]
    try:
        done = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
