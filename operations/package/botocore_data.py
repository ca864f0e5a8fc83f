"""What botocore reads about AWS's services: less of it is read sooner."""

import gzip
import json
from pathlib import Path
from typing import Any


def trim(data: Path) -> None:
    """Leave out words for humans and services that we do not call; and the zip compresses better than `.gz` inside."""
    prefixes = set()
    for packed in sorted(data.rglob("*.json.gz")):
        content = without_documentation(json.loads(gzip.decompress(packed.read_bytes())))
        if "metadata" in content:
            prefixes.add(content["metadata"]["endpointPrefix"])
        packed.unlink()
        _write(packed.with_suffix(""), content)
    endpoints = data / "endpoints.json"
    content = json.loads(endpoints.read_text("utf-8"))
    for partition in content["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in prefixes}
    _write(endpoints, content)


def without_documentation(content: Any) -> Any:  # noqa: ANN401 - any JSON
    """Drop the texts called `documentation`: a member of that name would be an object.

    Of client context parameters (S3 has some), botocore reads them and fails without.
    """
    if isinstance(content, dict):
        return {
            name: value if name == "clientContextParams" else without_documentation(value)
            for name, value in content.items()
            if name != "documentation" or not isinstance(value, str)
        }
    if isinstance(content, list):
        return [without_documentation(each) for each in content]
    return content


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False), "utf-8")
