"""The stores of admission."""
