"""AWS's list prices in dollars without VAT, eu-west-3: the one source of docs/deploy.md, docs/scale.md and `clef`.

`make figures` writes their table in docs/deploy.md, « Costs ». Correct a price here, with its source, and run it.
"""

from dataclasses import dataclass
from typing import Final

_LIST: Final = "AWS Price List API, eu-west-3, 7 September 2026, quoted by a public repository"
_QUOTED: Final = "Price List API, us-east-1, quoted by a public repository"
_MEMORY: Final = "**from memory**"


@dataclass(frozen=True)
class Price:
    """The price of one unit. `free`: units a month that are free for ever, once for the whole account."""

    dollars: float
    unit: str
    per: int  # the units that the price list names
    source: str
    free: float = 0

    def cost(self, units: float, months: float = 0) -> float:
        """Compute the dollars of so many units, beyond those that are free in so many months."""
        return max(0.0, units - self.free * months) * self.dollars / self.per


_MILLION: Final = 1_000_000
API_REQUEST: Final = Price(
    3.70,
    "API Gateway (REST), requests",
    _MILLION,
    f"{_MEMORY} (seen: $3.50 N. Virginia, $3.70 Frankfurt); free in an account's first year at most: "
    "aws.amazon.com/api-gateway/pricing",
)
LAMBDA_CALL: Final = Price(
    0.20, "Lambda, calls", _MILLION, "docs.aws.amazon.com, « How AWS Pricing Works »", free=_MILLION
)
LAMBDA_GB_SECOND: Final = Price(16.6667, "Lambda, GB-s", _MILLION, "as above", free=400_000)
WRITE_UNIT: Final = Price(0.7423, "DynamoDB on demand, write units", _MILLION, _LIST)
READ_UNIT: Final = Price(0.1487, "DynamoDB on demand, read units", _MILLION, _LIST)
SQS_REQUEST: Final = Price(0.40, "SQS, requests", _MILLION, f"{_LIST}; free ones: {_QUOTED}", free=_MILLION)
MAIL: Final = Price(
    0.16,
    "SES on « Essentials », mails",
    1000,
    "Price List API, us-east-1, July 2026, quoted by two public repositories; docs.aws.amazon.com has the plans: new "
    "accounts are on this one since July 2026, and $0.10 without a plan",
)
S3_WRITE: Final = Price(0.0053, "S3, PUT and LIST", 1000, "a bill for eu-west-3 in a public repository")
S3_READ: Final = Price(0.00042, "S3, GET and HEAD", 1000, _MEMORY)
S3_GB_MONTH: Final = Price(0.024, "S3, GB-months", 1, "as PUT")
COPIED_TABLES_GB_MONTH: Final = Price(
    0.12, "AWS Backup, GB-months of tables, each copy whole", 1, f"{_MEMORY} (seen: $0.10 N. Virginia)"
)
COPIED_DOCUMENTS_GB_MONTH: Final = Price(
    0.05, "AWS Backup, GB-months of documents", 1, f"{_MEMORY}; 128 KB at least each: aws.amazon.com/backup/pricing"
)
CDN_REQUEST: Final = Price(
    0.012,
    "CloudFront, requests",
    10_000,
    f"{_MEMORY}; free ones: aws.amazon.com/cloudfront/pricing",
    free=10 * _MILLION,
)
CDN_FUNCTION: Final = Price(
    0.10, "CloudFront, function calls", _MILLION, f"{_MEMORY}; free ones: as above", free=2 * _MILLION
)
CDN_GB: Final = Price(0.085, "CloudFront, GB", 1, "aws.amazon.com/cloudfront/pricing", free=1024)
CDN_INVALIDATION: Final = Price(0.005, "CloudFront, invalidated paths", 1, "as above", free=1000)
LOG_GB: Final = Price(
    0.60, "CloudWatch, GB of logs", 1, f"{_MEMORY}; free ones: aws.amazon.com/cloudwatch/pricing", free=5
)
ALARM: Final = Price(0.10, "CloudWatch, alarm metrics a month", 1, f"{_QUOTED}; free ones: as above", free=10)
METRIC: Final = Price(0.30, "CloudWatch, custom metrics a month", 1, f"{_MEMORY}; free ones: as above", free=10)
PRICES: Final = tuple(price for price in dict(globals()).values() if isinstance(price, Price))
