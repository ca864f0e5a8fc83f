"""The stores of teaching."""
