"""Letters on paper: what stands where on the page, and the PDF of a site."""
