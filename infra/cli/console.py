"""What goes to the screen: plain text, one line a fact, safe whatever a file is called."""

import sys


def printable(text: str) -> str:
    """Replace what a terminal would act on or cannot show: control characters, and bytes that are no UTF-8."""
    readable = text.encode("utf-8", "replace").decode()
    return "".join(char if char.isprintable() else "?" for char in readable)


def say(line: str) -> None:
    """Tell the user something beside the results, on stderr."""
    print(line, file=sys.stderr, flush=True)
