"""Payments: begun by a family, and the service's answers, by question only."""
