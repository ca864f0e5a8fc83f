"""What a developer or an operator runs; never in the Lambda."""
