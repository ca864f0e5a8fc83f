"""Places asked for by families that have no account: one blueprint per flow, served by a function of their own."""
