"""What the HTTP API answers where no record says it already."""
