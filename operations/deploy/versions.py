"""The deployed versions of a stage's functions."""

import base64
from collections.abc import Iterator

from operations.deploy.checks import Deployed
from operations.deploy.stack import resource_names
from operations.deploy.store import DeploymentBucket


def version_status(deployed: Deployed) -> Iterator[str]:
    """List each function of the stack with its package and the commit that it was made from."""
    aws, store = deployed.aws, DeploymentBucket(deployed.aws)
    yield "Versions:"
    for function in sorted(resource_names(aws, deployed.state.name, ResourceType="AWS::Lambda::Function")):
        code = aws.client("lambda").get_function_configuration(FunctionName=function)
        digest = base64.b64decode(code["CodeSha256"]).hex()
        commit = store.commit_of(f"packages/{digest}.zip") or "unknown"
        yield f"  {code['FunctionName']}: commit {commit}, package {digest[:12]}, changed {code['LastModified'][:16]}"
