"""Webhooks out: whoever registered an address, or gave one with a picture, is told of outcomes there.

An outcome becomes one delivery for each address, named by both, so that a repeated event makes no second one. A queue
carries deliveries to a function that sends them, again and again for about a day where nobody takes them.
"""
