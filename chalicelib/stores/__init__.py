"""One class per DynamoDB table; every change of state is one conditional write."""
