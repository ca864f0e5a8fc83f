"""The sign that has DynamoDB throttle, agreed by both sides: a file of this name in the emulator's folder."""

THROTTLED = "dynamodb-throttles"
