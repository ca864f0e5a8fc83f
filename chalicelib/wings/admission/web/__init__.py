"""The application of a family without an account: one blueprint per flow, served by a function of its own."""
