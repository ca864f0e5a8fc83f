"""A deployed CloudFormation stack: its state, outputs, resources and addresses."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from chalicelib.wings import ALL_WINGS
from operations.deploy.aws import Aws, code_of
from operations.deploy.commands import Stopped
from operations.deploy.stages import Stage

API_STAGE = "prod"  # .chalice/config.json, api_gateway_stage
_EMULATED_API = "/_aws/execute-api"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Outputs:
    """The template's outputs, under the same names (`DistributionId` is `distribution_id` here)."""

    distribution_id: str
    distribution_domain: str
    pages_bucket: str
    accounts_table: str
    sessions_table: str
    attempts_table: str
    mail_queue_url: str
    mail_dead_letters_url: str
    rest_api_id: str
    api_function: str
    post_function: str
    configuration_set: str
    # A stack deployed by an older version has none of these.
    office_table: str = ""
    mailboxes_table: str = ""
    enrolments_table: str = ""
    staff_table: str = ""
    documents_bucket: str = ""
    access_logs_bucket: str = ""
    slow_mail_queue_url: str = ""
    applicant_function: str = ""
    calendars_function: str = ""
    sign_in_function: str = ""
    offers_function: str = ""
    rolls_function: str = ""
    desk_function: str = ""
    desk_jobs_function: str = ""
    wing_tables: Mapping[str, str] = field(default_factory=dict)  # by logical name, empty without an output

    @property
    def beside(self) -> tuple[str, ...]:
        """The functions with a reservation, beside the families' own."""
        return self.applicant_function, self.sign_in_function, self.calendars_function

    @property
    def tables(self) -> dict[str, str]:
        """The table names, by their logical names in the template."""
        ending = "_table"
        values = {name: value for name, value in vars(self).items() if name.endswith(ending)}
        return {name.removesuffix(ending).capitalize(): value for name, value in values.items()} | {**self.wing_tables}


@dataclass(frozen=True)
class StackState:
    """The state of a stack, from CloudFormation."""

    id: str
    name: str
    status: str
    reason: str
    inputs: dict[str, str]
    is_protected: bool = False  # CloudFormation refuses to delete it
    parameters: dict[str, str] = field(default_factory=dict, repr=False)  # a secret's value is masked

    @property
    def is_new(self) -> bool:
        """Whether only a change set was made, so that it has never held any resource."""
        return self.status == "REVIEW_IN_PROGRESS"

    @property
    def exists(self) -> bool:
        """Whether it was ever deployed. Without outputs, it has a name alone, or tables that were taken back."""
        return bool(self.inputs)

    @property
    def is_moving(self) -> bool:
        """Whether a change is in progress."""
        return self.status.endswith("_IN_PROGRESS") and not self.is_new

    @property
    def is_well(self) -> bool:
        """Whether the last operation succeeded."""
        return self.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}

    @property
    def outputs(self) -> Outputs:
        """Its outputs. Raises `Stopped` if an output without default is missing."""
        by_name = {"".join(map(str.capitalize, one.name.split("_"))): one for one in fields(Outputs) if one.type is str}
        missing = [name for name, field in by_name.items() if name not in self.inputs and field.default is MISSING]
        if missing:
            raise Stopped(f"The template gives no {', '.join(missing)} among its outputs (.chalice/resources.yaml).")
        values: dict[str, Any] = {
            field.name: self.inputs[name] for name, field in by_name.items() if name in self.inputs
        }
        wing_tables = {name: self.inputs.get(f"{name}Table", "") for wing in ALL_WINGS for name in wing.all_tables}
        return Outputs(**values, wing_tables=wing_tables)


def find_stack(aws: Aws, name: str) -> StackState | None:
    """Read a stack by its name, or by its id, which finds a deleted one too."""
    try:
        stack = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if code_of(error) == "ValidationError" and "does not exist" in str(error):
            return None
        raise
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return StackState(
        stack["StackId"],
        stack["StackName"],
        stack["StackStatus"],
        stack.get("StackStatusReason", ""),
        outputs,
        stack.get("EnableTerminationProtection", False),
        {given["ParameterKey"]: given["ParameterValue"] for given in stack.get("Parameters", [])},
    )


def deployed_outputs(state: StackState | None) -> Outputs | None:
    """Return the outputs of a deployed stack. None before the first deployment."""
    return state.outputs if state and state.inputs else None


def resource_names(aws: Aws, stack: str, **conditions: str) -> list[str]:
    """List the AWS names of a stack's resources with a `LogicalResourceId` or a `ResourceType`."""
    return list(named_resources(aws, stack, **conditions).values())


def named_resources(aws: Aws, stack: str, **conditions: str) -> dict[str, str]:
    """Map the logical names of a stack's resources, selected likewise, to their AWS names."""
    pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    matches = [
        resource for resource in pages.search("StackResourceSummaries[]") if conditions.items() <= resource.items()
    ]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in matches}


def table_names(aws: Aws, state: StackState | None) -> dict[str, str]:
    """Map the logical names of a stack's tables to their AWS names."""
    return named_resources(aws, state.id, ResourceType="AWS::DynamoDB::Table") if state and not state.is_new else {}


def protect(aws: Aws, state: StackState, *, is_on: bool) -> None:
    """Turn a stack's termination protection on or off."""
    aws.client("cloudformation").update_termination_protection(StackName=state.id, EnableTerminationProtection=is_on)


def policy_of(aws: Aws, stack: str) -> str:
    """Read a stack's policy. Empty where it has none."""
    return str(aws.client("cloudformation").get_stack_policy(StackName=stack).get("StackPolicyBody", ""))


@dataclass(frozen=True)
class StackAddress:
    """A URL without a path. `at`: where to connect, if not where its name resolves."""

    url: str
    at: tuple[str, int] | None = None


def public_address(aws: Aws, stage: Stage, outputs: Outputs) -> StackAddress:
    """Find the public address: the domain, or the CDN's own name."""
    return address_of(aws, stage.settings.domain or outputs.distribution_domain)


def address_of(aws: Aws, name: str) -> StackAddress:
    """Find the address of a name that the CDN serves. An emulator serves it at its edge, or at its own port."""
    if not aws.is_emulated or aws.edge:
        return StackAddress(f"https://{name}", aws.edge)
    host, port = aws.emulator
    scheme = urlsplit(aws.endpoint_url or "").scheme
    suffix = "" if port == _PORTS[scheme] else f":{port}"
    return StackAddress(f"{scheme}://{name}{suffix}", (host, port))


def api_url(aws: Aws, outputs: Outputs) -> str:
    """Find the API's own address, which refuses all requests but the CDN's."""
    if aws.endpoint_url:
        return f"{aws.endpoint_url}{emulated_api_path(outputs.rest_api_id)}"
    return f"https://{outputs.rest_api_id}.execute-api.{aws.region}.amazonaws.com/{API_STAGE}"


def emulated_api_path(rest_api_id: str) -> str:
    """Return the path under which an emulator serves an API."""
    return f"{_EMULATED_API}/{rest_api_id}/{API_STAGE}"
