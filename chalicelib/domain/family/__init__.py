"""The family of an account: its household, telephones, postal address, and their corrections."""
