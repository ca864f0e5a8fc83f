"""The account: who may log in, by which secret, from where; what its family and the office change of it."""
