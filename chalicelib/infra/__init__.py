"""Infrastructure: DynamoDB, the record, batches, the identity provider, the office's clients."""
