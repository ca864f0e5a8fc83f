"""The deployed versions of a stage's functions."""

import base64
from collections.abc import Iterator

from botocore.exceptions import ClientError

from operations.deploy.aws import DENIED, code_of
from operations.deploy.checks import Deployed
from operations.deploy.commands import command
from operations.deploy.release import History
from operations.deploy.stack import resource_names
from operations.deploy.store import DeploymentBucket


def version_status(deployment: Deployed) -> Iterator[str]:
    """Name the version, the one before it, and each function with its package and the commit that it was made from."""
    aws, store = deployment.aws, DeploymentBucket(deployment.aws)
    yield "Versions:"
    history = History(store, deployment.stage.name)
    if record := history.current():
        yield f"  {record.title}{'' if record.is_tested else ', which has not passed its smoke test'}"
        if record.before:
            back = command("rollback", deployment.stage.name, aws)
            yield f"  before it: {history.read(record.before).title} ({back})"
    for function in sorted(resource_names(aws, deployment.state.name, ResourceType="AWS::Lambda::Function")):
        try:
            code = aws.client("lambda").get_function_configuration(FunctionName=function)
        except ClientError as error:
            if code_of(error) not in DENIED:
                raise
            yield "  each function's package: not for these credentials, as its settings hold keys"
            return
        digest = base64.b64decode(code["CodeSha256"]).hex()
        commit = store.commit_of(f"packages/{digest}.zip") or "unknown"
        yield f"  {code['FunctionName']}: commit {commit}, package {digest[:12]}, changed {code['LastModified'][:16]}"
