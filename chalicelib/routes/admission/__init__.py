"""The pages of new requests: HTTP in, HTML out."""
