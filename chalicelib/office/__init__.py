"""The acts of the office, one module for each use case: yearly file, periods, campaigns, helpdesk, rights."""
