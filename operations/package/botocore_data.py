"""What botocore reads about AWS's services: less of it is read sooner."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any, Final

SERVICES: Final = {"dynamodb": "dynamodb", "s3": "s3", "sesv2": "email", "sqs": "sqs"}  # folder: name in its address


def trim(data: Path) -> None:
    """Leave out the services that we do not call, and words for humans."""
    for folder in [path for path in data.iterdir() if path.is_dir() and path.name not in SERVICES]:
        shutil.rmtree(folder)
    endpoints = json.loads((data / "endpoints.json").read_text("utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES.values() if name in services}
    _write(data / "endpoints.json", endpoints)
    for packed in data.rglob("service-2.json.gz"):
        _write(packed.with_suffix(""), without_documentation(json.loads(gzip.decompress(packed.read_bytes()))))
        packed.unlink()


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
        return [without_documentation(part) for part in content]
    return content


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False), "utf-8")
