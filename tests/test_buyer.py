"""The retention table of docs/buyer.md: each duration is the code's or the template's, and none is missing."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

from chalicelib.presentation.texts import day
from chalicelib.settings.environment import load_network
from operations.package.template_files import read_template

ROOT = Path(__file__).parents[1]
STORE = re.compile(r"(wings\.\w+\.)?stores(\.\w+)?")
# Constants that bound how long something of a person is kept, by their names.
KEPT = re.compile(r"^(_?KEPT|KEPT_FOR|DRAFTS_LAST|\w*LIFETIME|\w+_LASTS)\b.*timedelta\(days", re.MULTILINE)


def rows() -> Iterator[tuple[str, list[str]]]:
    """List the durations and the sources of each row, also in the papers of wings."""
    for paper in (ROOT / "docs" / "buyer.md", *(ROOT / "chalicelib" / "wings").glob("*/README.md")):
        table = paper.read_text(encoding="utf-8").partition("<!-- retention -->")[2]
        for line in table.partition("<!-- end -->")[0].strip().splitlines()[2:]:
            _, duration, source = line.strip("| ").split(" | ")
            yield duration, re.findall("`(.+?)`", source)


def in_french(duration: timedelta) -> str:
    """Write a duration as the table does."""
    if duration >= timedelta(hours=48):
        return f"{duration.days} jours"
    minutes = duration // timedelta(minutes=1)
    return f"{minutes} minutes" if minutes <= 60 else f"{minutes // 60} heures"


def in_code(source: str) -> str:
    """Read a constant of the code, or a function's date for a year, as the table writes it."""
    if source == "settings.admission.refused_days":
        return in_french(timedelta(days=load_network().admission.refused_days))
    path, _, year = source.rstrip(")").partition("(")
    parts = path.split(".") if path.startswith("operations.") else ["chalicelib", *path.split(".")]
    at = next(at for at, part in enumerate(parts) if part.lstrip("_").isupper() or (year and part == parts[-1]))
    value: Any = reduce(getattr, parts[at:], import_module(".".join(parts[:at])))
    value = value(year) if year else value
    return day(value.date()) if isinstance(value, datetime) else in_french(value)


def in_template() -> dict[str, str]:
    """List each lifetime of the template: logs, messages of queues, objects of buckets, copies."""
    values = {}
    for name, resource in read_template()["Resources"].items():
        properties = resource.get("Properties", {})
        days = properties.get("RetentionInDays") or properties.get("MessageRetentionPeriod", 0) // 86400
        if days:
            values[name] = f"{days} jours"
        if resource.get("Type") == "AWS::SNS::Topic":
            values[name] = "23 jours"  # of retries, as AWS documents it
        if "SuppressionOptions" in properties:
            values[name] = "sans terme"
        for rule in properties.get("LifecycleConfiguration", {}).get("Rules", []):
            if "ExpirationInDays" in rule:
                values[f"{name}.{rule['Id']}"] = f"{rule['ExpirationInDays']} jours"
        for rule in properties.get("BackupPlan", {}).get("BackupPlanRule", []):
            values[f"{name}.{rule['RuleName']}"] = f"{rule['Lifecycle']['DeleteAfterDays']} jours"
    return values


def test_each_duration_is_that_of_the_code() -> None:
    template = in_template()
    wrong = []
    for duration, sources in rows():
        for source in sources:
            if STORE.fullmatch(source):
                continue
            real = template.get(source) or in_code(source)
            if real not in duration.replace("\N{NO-BREAK SPACE}", " "):
                wrong.append((source, real, duration))

    assert wrong == []


def test_no_duration_is_missing() -> None:
    sources_of_rows = {source for _, sources in rows() for source in sources}
    files = {
        ".".join(file.relative_to(ROOT / "chalicelib").with_suffix("").parts): file.read_text(encoding="utf-8")
        for file in (ROOT / "chalicelib").rglob("*.py")
    }
    stores = {name for name, text in files.items() if STORE.fullmatch(name) and "expires" in text}
    constants = {
        f"{'.'.join(file.relative_to(ROOT).with_suffix('').parts)}.{match.group(1)}".removeprefix("chalicelib.")
        for folder in ("chalicelib", "operations/restore")
        for file in (ROOT / folder).rglob("*.py")
        for match in KEPT.finditer(file.read_text(encoding="utf-8"))
    }

    assert (stores | constants | set(in_template())) - sources_of_rows == set()
