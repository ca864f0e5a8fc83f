"""Who is of the staff: invited, listed, given another role, disabled, reset."""
