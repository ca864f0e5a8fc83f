"""DynamoDB: reads, conditional writes, values and expressions."""
