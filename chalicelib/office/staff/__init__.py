"""The members of staff: invited, listed, given roles, disabled, reset."""
