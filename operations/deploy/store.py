"""The deployment bucket, private, one per account and region, made if missing: packages, templates, records."""

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

    def put_package(self, content: bytes, commit: str, ending: str = ".zip") -> str:
        """Store a zip, or a version's template, under its SHA-256, and return that. The same one is stored once."""
        digest = hashlib.sha256(content).hexdigest()
        if self.commit_of(_key(digest, ending)) is None:
            self.put(_key(digest, ending), content, commit=commit)
        return digest

    def address(self, digest: str) -> str:
        """Return a zip's address for CloudFormation."""
        return f"s3://{self.name}/{_key(digest)}"

    def read(self, digest: str, ending: str = ".zip") -> bytes:
        """Read a stored zip or template. Raises `Stopped` if it is missing, or was changed."""
        content = self.get(_key(digest, ending))
        if hashlib.sha256(content).hexdigest() != digest:
            raise Stopped(
                f"{_key(digest, ending)} in {self.name} is not what was stored there: delete it, and deploy again."
            )
        return content

    def names(self, folder: str) -> list[str]:
        """List the names of the records in a folder. Empty if there is no bucket."""
        with ignoring("NoSuchBucket"):
            pages = self.aws.client("s3").get_paginator("list_objects_v2")
            pages_of_names = pages.paginate(Bucket=self.name, Prefix=folder, ExpectedBucketOwner=self.aws.account)
            return [entry["Key"].removeprefix(folder) for page in pages_of_names for entry in page.get("Contents", [])]
        return []

    def put_template(self, template: str, stage: str) -> str:
        """Store a template, and return its URL for CloudFormation."""
        content = template.encode()
        key = f"templates/{stage}/{hashlib.sha256(content).hexdigest()}.json"
        self.put(key, content)
        return f"https://s3.{self.aws.region}.amazonaws.com/{self.name}/{key}"

    def commit_of(self, key: str) -> str | None:
        """Find the commit that a package was first made from. None if the package is not stored."""
        with ignoring("404", "NoSuchKey", "NoSuchBucket"):
            head = self.aws.client("s3").head_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.aws.account)
            return str(head["Metadata"].get("commit", "unknown"))
        return None

    def get(self, key: str) -> bytes:
        """Read an object. Raises `Stopped` if it is missing."""
        try:
            answer = self.aws.client("s3").get_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.aws.account)
        except ClientError as error:
            if code_of(error) not in {"NoSuchKey", "NoSuchBucket"}:
                raise
            raise Stopped(
                f"{key} is missing from {self.name}: deploy that version from its checkout instead."
            ) from error
        content: bytes = answer["Body"].read()
        return content

    def put(self, key: str, content: bytes, **metadata: str) -> None:
        """Store an object."""
        self.aws.client("s3").put_object(
            Bucket=self.name, Key=key, Body=content, Metadata=metadata, ExpectedBucketOwner=self.aws.account
        )


def _key(digest: str, ending: str = ".zip") -> str:
    return f"packages/{digest}{ending}"
