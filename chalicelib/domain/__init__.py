"""The rules: no AWS, no HTTP, no clock."""
