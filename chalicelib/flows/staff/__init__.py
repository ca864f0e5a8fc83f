"""The acts of a member of staff on their own access: log in, prove it again, leave."""
