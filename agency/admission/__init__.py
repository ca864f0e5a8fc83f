"""Applications, as the administration gives places: draws."""
