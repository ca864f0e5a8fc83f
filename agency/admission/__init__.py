"""New requests, as the administration gives places: draws."""
