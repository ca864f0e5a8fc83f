"""The administration's yearly file: its rows, the families that they list, and what that makes of our accounts."""
