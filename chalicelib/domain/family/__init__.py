"""The family behind an account: its household, its telephones, its postal address, and the changes of them."""
