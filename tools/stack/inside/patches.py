"""AWS behaviour that this template needs and MiniStack does not have, and Lambda on a Python with only the zip.

MiniStack has no extension points for these, so its functions are wrapped by their private names: its version is pinned.
"""
# ruff: noqa: SLF001

import json
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway_v1, backup, cloudfront, dynamodb, lambda_svc, s3
from ministack.services.cloudformation import provisioners

_RESPONSES = "x-amazon-apigateway-gateway-responses"
_ANY_METHOD = "x-amazon-apigateway-any-method"


def patch_all() -> None:
    """Apply all patches, once, before serving."""
    _name_actions_as_aws_does()
    _run_functions_on_a_bare_python()
    _unpack_each_zip_once()
    _take_what_has_no_effect_here()
    _read_gateway_responses()
    _read_any_method()
    _read_throttles_of_a_path()
    _fail_where_a_function_has_no_capacity()
    _keep_more_properties()
    _answer_404_for_what_is_not_there()
    _take_its_own_port_for_tls()
    _change_in_its_place_what_aws_does()
    _sign_for_functions_as_the_cdn_does()


def _name_actions_as_aws_does() -> None:
    """Allow a batch of messages by `sqs:SendMessage`, and reading a reservation by its own action.

    Check a mail against identity, configuration set and sender. A log group's ARN ends in « :* » (API reference of
    CloudWatch Logs, `LogGroup`). A vault's name is in the path.
    """
    extract, extract_arn = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def action(service: str, *request: Any) -> str | None:  # noqa: ANN401 - MiniStack's arguments
        name: str | None = extract(service, *request)
        if name == "lambda:PutFunctionConcurrency" and request[0] == "GET":
            return "lambda:GetFunctionConcurrency"
        return name.removesuffix("Batch") if service == "sqs" and name else name

    def arn(service: str, *request: Any) -> str:  # noqa: ANN401 - the same
        name: str = extract_arn(service, *request)
        if service == "backup" and (vault := re.match(r"/backup-vaults/([^/]+)", request[1])):
            return f"arn:aws:backup:{get_region()}:{get_account_id()}:backup-vault:{vault[1]}"
        return f"{name}:*" if service == "logs" and ":log-group:" in name and not name.endswith(":*") else name

    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = arn
    enforce_v2 = app._enforce_ses_v2

    def enforce(method: str, path: str, headers: Any, body: bytes, query: Any, request: str) -> Any:  # noqa: ANN401, PLR0913, PLR0917 - the same
        if path != "/v2/email/outbound-emails":
            return enforce_v2(method, path, headers, body, query, request)
        mail = json.loads(body)
        sender = parseaddr(mail.get("FromEmailAddress", ""))[1]
        prefix = f"arn:aws:ses:{get_region()}:{get_account_id()}"
        # As in the sandbox with the parent domain verified: the recipients' identities too.
        identities = [sender.partition("@")[2].partition(".")[2], *mail.get("Destination", {}).get("ToAddresses", [])]
        resources = [f"{prefix}:identity/{identity}" for identity in identities]
        if used := mail.get("ConfigurationSetName"):
            resources.append(f"{prefix}:configuration-set/{used}")
        refusals = (
            app._enforce_data_plane(
                "sesv2",
                "ses:SendEmail",
                headers,
                query,
                request,
                resource_arn=arn,
                service_context={"ses:fromaddress": sender},
                named_resource=arn,
            )
            for arn in resources
        )
        return next(filter(None, refusals), None)

    app._enforce_ses_v2 = enforce


def _run_functions_on_a_bare_python() -> None:
    """Run functions on the base Python of this environment, so that MiniStack's libraries hide no gap in a zip."""
    detect = lambda_runtime._detect_runtime_binary

    def bare(runtime: str) -> tuple[str, str]:
        binary, script = detect(runtime)
        return str(getattr(sys, "_base_executable")) if binary == sys.executable else binary, script  # noqa: B009 - typeshed knows it not

    lambda_runtime._detect_runtime_binary = bare


def _unpack_each_zip_once() -> None:
    """Have all starts share one folder for each zip: unpacking takes longer than a start. Lambda's is read-only."""
    lock, home = Lock(), Path.home()

    class SharedZip(ZipFile):
        def extractall(self, path: Any = None, *_: Any) -> None:  # noqa: ANN401 - ZipFile's arguments
            code = home / f"code-{sha256(Path(str(self.filename)).read_bytes()).hexdigest()}"
            with lock:
                if not code.exists():
                    super().extractall(code)
            Path(path).rmdir()
            Path(path).symlink_to(code)

    lambda_runtime.zipfile = SimpleNamespace(ZipFile=SharedZip)


def _take_what_has_no_effect_here() -> None:
    """Accept a template's budget, trail and selection for copies as resources of the stack without effect."""
    for kind in ("AWS::Backup::BackupSelection", "AWS::Budgets::Budget", "AWS::CloudTrail::Trail"):
        provisioners._RESOURCE_HANDLERS[kind] = {
            "create": lambda logical, _properties, stack: (f"{stack}-{logical}", {}),
            "update": lambda physical, *_: (physical, {}),
            "delete": lambda *_: None,
        }


def _read_gateway_responses() -> None:
    """Read the gateway's responses from the API's OpenAPI body too, not only from separate resources."""
    create = provisioners._apigw_rest_api_create

    def with_responses(logical: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        api, attributes = create(logical, properties, stack)
        for kind, response in (properties.get("Body") or {}).get(_RESPONSES, {}).items():
            apigateway_v1._put_gateway_response(api, kind, response)
        return api, attributes

    provisioners._apigw_rest_api_create = with_responses
    provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]["create"] = with_responses


def _read_any_method() -> None:
    """Read the method that stands for all methods not listed on a path."""
    import_path = apigateway_v1._import_path_item
    apigateway_v1._OPENAPI_HTTP_METHODS = {*apigateway_v1._OPENAPI_HTTP_METHODS, "any"}

    def with_any(api: str, path: str, methods: dict[str, Any], *security: Any) -> None:  # noqa: ANN401 - MiniStack's arguments
        import_path(api, path, {"any" if name == _ANY_METHOD else name: it for name, it in methods.items()}, *security)

    apigateway_v1._import_path_item = with_any


def _read_throttles_of_a_path() -> None:
    """Find a method's throttle under its path in CloudFormation's notation, « ~1 » for a slash.

    One of UpdateStage has a slash, and counts first.
    """
    settings = apigateway_v1._method_throttle_settings

    def escape_path(stage: Any, path: str, method: str) -> Any:  # noqa: ANN401 - MiniStack's arguments
        is_updated = f"{path}/{method}" in (stage.get("methodSettings") or {})
        return settings(stage, path if is_updated else path.replace("/", "~1"), method)

    apigateway_v1._method_throttle_settings = escape_path


def _fail_where_a_function_has_no_capacity() -> None:
    """Answer 5xx from the gateway for a function at its concurrency limit: on AWS a visitor never gets that 429."""
    shape = apigateway_v1._lambda_proxy_response

    def failing(result: dict[str, Any]) -> Any:  # noqa: ANN401 - MiniStack's arguments
        return (None, "Internal server error") if result.get("throttle") else shape(result)

    apigateway_v1._lambda_proxy_response = failing


def _keep_more_properties() -> None:
    """Keep a function's reserved concurrency, a table's recovery and a vault's lock, which MiniStack ignores."""

    def reserve(function: str, properties: dict[str, Any]) -> None:
        reservation = properties.get("ReservedConcurrentExecutions")
        lambda_svc._functions[function]["concurrency"] = None if reservation is None else int(reservation)

    def recover(table: str, properties: dict[str, Any]) -> None:
        recovery = properties.get("PointInTimeRecoverySpecification", {})
        dynamodb._pitr_settings[table] = str(recovery.get("PointInTimeRecoveryEnabled", False)).lower() == "true"

    def lock(vault: str, properties: dict[str, Any]) -> None:
        backup._vaults[vault]["Locked"] = "LockConfiguration" in properties

    _after_each_change("AWS::Backup::BackupVault", lock)
    _after_each_change("AWS::Lambda::Function", reserve)
    _after_each_change("AWS::DynamoDB::Table", recover)


def _after_each_change(kind: str, act: Callable[[str, dict[str, Any]], None]) -> None:
    """Act on a resource of a kind after it is created or updated: its physical name, its properties."""
    handlers = provisioners._RESOURCE_HANDLERS[kind]
    create, update = handlers["create"], handlers["update"]

    def created(logical: str, properties: dict[str, Any], *more: Any) -> Any:  # noqa: ANN401 - MiniStack's arguments
        resource = create(logical, properties, *more)
        act(resource[0], properties)
        return resource

    def updated(physical: str, old: Any, new: dict[str, Any], *more: Any, **keywords: Any) -> Any:  # noqa: ANN401 - the same
        resource = update(physical, old, new, *more, **keywords)
        act(resource[0], new)
        return resource

    handlers["create"], handlers["update"] = created, updated


def _answer_404_for_what_is_not_there() -> None:
    """Answer 404 for a missing key to a distribution that may list the bucket. MiniStack always answers 403."""
    serve = s3.serve_cloudfront_origin_fetch

    def fetch(bucket: str, key: str, method: str, headers: Any, source_arn: str = "", oai_id: str = "") -> Any:  # noqa: ANN401, PLR0913, PLR0917 - the same
        answer = serve(bucket, key, method, headers, source_arn, oai_id)
        is_there = key in s3._ensure_bucket(bucket)["objects"]
        if answer[0] == 403 and not is_there and _may_list(bucket, source_arn):  # noqa: PLR2004 - HTTP's own number
            return s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket}/{key}")
        return answer

    s3.serve_cloudfront_origin_fetch = fetch


def _take_its_own_port_for_tls() -> None:
    """Treat AWS's API as reached over TLS, as SDKs do. Here it is plain, but never leaves loopback.

    Otherwise a bucket policy on `aws:SecureTransport` would refuse every request.
    """
    app.pin_request_origin = lambda source_ip, _secure: iam_evaluator.pin_request_origin(source_ip, True)  # noqa: FBT003


def _change_in_its_place_what_aws_does() -> None:
    """List the properties that replace a bucket or a distribution. MiniStack says « Conditional » for any."""
    provisioners._REPLACING_PROPERTIES.setdefault("AWS::CloudFront::Distribution", ())
    provisioners._REPLACING_PROPERTIES.setdefault("AWS::S3::Bucket", ("BucketName",))


def _sign_for_functions_as_the_cdn_does() -> None:
    """Let a distribution call the URL of a function whose policy allows it. MiniStack does not sign its calls."""
    fetch, enforce = cloudfront._fetch_from_origin, app._enforce_data_plane
    distribution: ContextVar[str] = ContextVar("distribution", default="")

    async def fetch_as_distribution(origin: dict[str, Any], *request: Any) -> Any:  # noqa: ANN401 - MiniStack's
        *_, distribution_arn = request
        distribution.set(distribution_arn if origin["oac_id"] else "")
        return await fetch(origin, *request)

    def enforce_policy(service: str, action: str, headers: Any, *more: Any, **keywords: Any) -> Any:  # noqa: ANN401 - the same
        if not distribution.get() or action != "lambda:InvokeFunctionUrl":
            return enforce(service, action, headers, *more, **keywords)
        headers["authorization"] = "AWS4-HMAC-SHA256 Credential=cdn/20260101/eu-west-3/lambda/aws4_request"
        arn, conditions = keywords["resource_arn"], {"lambda:InvokeFunction": {"lambda:invokedviafunctionurl": "true"}}
        conditions[action] = {"lambda:functionurlauthtype": "AWS_IAM"}
        policy = lambda_svc._functions[arn.rpartition(":")[2]]["policy"]
        is_allowed = (
            _allows(policy, name, arn, {"aws:sourcearn": distribution.get(), **about})
            for name, about in conditions.items()
        )
        return None if all(is_allowed) else (403, {}, b"")

    cloudfront._fetch_from_origin = fetch_as_distribution
    app._enforce_data_plane = enforce_policy


def _may_list(bucket: str, source_arn: str) -> bool:
    owner = s3._bucket_owner_account(bucket)
    policy = s3._bucket_policies.get_scoped(owner, None, bucket)
    return _allows(policy, "s3:ListBucket", f"arn:aws:s3:::{bucket}", {"aws:sourcearn": source_arn})


def _allows(policy: Any, action: str, arn: str, service_context: dict[str, str]) -> bool:  # noqa: ANN401 - MiniStack's
    """Whether a resource's policy allows an action to the CDN."""
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=arn,
        region=get_region(),
        service_context=service_context,
    )
    return bool(evaluate_resource_policy(policy, context, service="cloudfront.amazonaws.com").decision == "Allow")
