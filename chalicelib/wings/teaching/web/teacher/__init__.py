"""The teachers' pages, /extranet/enseignant and below: one blueprint for each flow."""
