"""The account: its login, passwords, browsers and sessions, and its changes by the family and the office."""
