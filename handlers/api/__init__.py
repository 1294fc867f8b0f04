"""The HTTP API: one Lambda, one module a resource."""
