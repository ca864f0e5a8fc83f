"""The helpdesk: find and show a family, restore its access, change its addresses."""
