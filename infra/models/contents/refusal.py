"""Why a file is not taken."""


class Refusal(Exception):
    """The reason, as the end of a sentence that begins with the file's name."""
