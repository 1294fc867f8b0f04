"""Hooks: how events of content systems are let in, and become orders to fetch."""
