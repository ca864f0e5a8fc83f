"""The administration's yearly file: its rows, their families, and the resulting changes of accounts."""
