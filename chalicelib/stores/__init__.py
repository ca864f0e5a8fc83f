"""One class per DynamoDB table. Every change of state is one conditional write."""
