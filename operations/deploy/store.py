"""The deployment bucket, private, one per account and region, made if missing. It holds packages and templates."""

import hashlib
from dataclasses import dataclass

from botocore.exceptions import ClientError

from operations.deploy.aws import CDN_REGION, Aws, code_of, ignoring
from operations.deploy.commands import Stopped

_ALL_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
# Packages stay: when a deployment fails, CloudFormation reads the former one here. It copies templates.
_LIFECYCLE = {
    "Rules": [
        {"ID": "templates", "Status": "Enabled", "Filter": {"Prefix": "templates/"}, "Expiration": {"Days": 30}},
        {
            "ID": "broken-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
}


@dataclass(frozen=True)
class DeploymentBucket:
    """`clef-deploy-ACCOUNT-REGION`. Each call names the owner, as another account may own a bucket of that name."""

    aws: Aws

    @property
    def name(self) -> str:
        """The bucket's name."""
        return f"clef-deploy-{self.aws.account}-{self.aws.region}"

    def make(self) -> bool:
        """Make the bucket if missing, and return whether it was. Raises `Stopped` if another account owns the name."""
        s3, owner = self.aws.client("s3"), {"ExpectedBucketOwner": self.aws.account}
        try:
            s3.head_bucket(Bucket=self.name, **owner)
        except ClientError as error:
            if code_of(error) not in {"404", "NoSuchBucket"}:
                raise Stopped(
                    f"The bucket {self.name} cannot be used ({code_of(error)}): either these credentials lack "
                    "s3:ListBucket on it, or another account holds its name; then use another account."
                ) from error
        else:
            return False
        # S3 names no location for us-east-1.
        place = {} if self.aws.region == CDN_REGION else {
            "CreateBucketConfiguration": {"LocationConstraint": self.aws.region}
        }  # fmt: skip
        s3.create_bucket(Bucket=self.name, **place)
        s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=_ALL_BLOCKED, **owner)
        s3.put_bucket_lifecycle_configuration(Bucket=self.name, LifecycleConfiguration=_LIFECYCLE, **owner)
        return True

    def put_package(self, content: bytes, commit: str) -> str:
        """Store a zip under its SHA-256 and return its CloudFormation address. The same zip has the same address."""
        key = f"packages/{hashlib.sha256(content).hexdigest()}.zip"
        if self.commit_of(key) is None:
            self._put(key, content, {"commit": commit})
        return f"s3://{self.name}/{key}"

    def put_template(self, template: str, stage: str) -> str:
        """Store a template, and return its URL for CloudFormation."""
        content = template.encode()
        key = f"templates/{stage}/{hashlib.sha256(content).hexdigest()}.json"
        self._put(key, content, {})
        return f"https://s3.{self.aws.region}.amazonaws.com/{self.name}/{key}"

    def commit_of(self, key: str) -> str | None:
        """Find the commit that a package was first made from. None if the package is not stored."""
        with ignoring("404", "NoSuchKey", "NoSuchBucket"):
            head = self.aws.client("s3").head_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.aws.account)
            return str(head["Metadata"].get("commit", "unknown"))
        return None

    def _put(self, key: str, content: bytes, metadata: dict[str, str]) -> None:
        self.aws.client("s3").put_object(
            Bucket=self.name, Key=key, Body=content, Metadata=metadata, ExpectedBucketOwner=self.aws.account
        )
