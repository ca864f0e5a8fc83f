"""What a member of staff does about their own access: logs in, proves it again, leaves."""
