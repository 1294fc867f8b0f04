"""What people may do: the groups of the user pool that mean something here."""

from enum import StrEnum


class Role(StrEnum):
    """A group of people. An admin may do what the others may, and what nobody else may."""

    SUBMITTER = "submitter"
    REVIEWER = "reviewer"
    ADMIN = "admin"
