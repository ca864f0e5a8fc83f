"""The families' pages: HTTP in, HTML out, one blueprint per flow."""
