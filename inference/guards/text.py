"""No text or digit is touched beyond what was to be removed, changed, or invented."""

import re
import unicodedata
from difflib import SequenceMatcher

from inference.guards.view import REMOVED, TOUCHED, View, overlap
from inference.guards.words import Reader, Words, core
from inference.masking.line import Line
from inference.protocols import Rgb
from schemas.finding import Change, Finding, Guard

SURE = 0.8
"""Mean probability from which a reading counts. Texture that the detector takes for text is read below it."""
HALF_SURE = 0.5
"""From where a weaker reading can say that something stood there before."""
CERTAIN = 0.95
"""The same, where two readings of one line are held against each other."""
LEAST_CHARACTERS = 2
"""Letters and digits; a single one is read into many a corner."""
NEARLY = 0.6
"""Likeness of two readings from which they are taken for the same words, read a little differently."""
GAPS = 0.5
"""Of a line's height: what a mask of letters leaves open between them, and what the detector adds around them."""
SAME_PLACE = 0.3
"""Overlap of two boxes from which they are one place."""
NEW = 0.3
"""Share of a line that lies where anything changed, from which it may be new."""
LONGER_SIDE = 960
"""Pixels to which a view is brought for the detector at most."""


def findings(reader: Reader, view: View) -> list[Finding]:
    """Compare what can be read before and after, wherever the edit may have reached.

    The result is read only near changes: elsewhere it is the same to the bit.
    """
    side = min(LONGER_SIDE, max(view.before.shape[:2]))
    before = [line for line in reader.lines(view.before, side) if _reached(view, line)]
    after = [line for line in reader.lines(view.after, side) if _reached(view, line)]
    known = [reader.read(view.before, line) for line in before]
    old = [words for words in known if _is_readable(words)]
    new = [words for line in after if _is_readable(words := reader.read(view.after, line))]
    found = [finding for words in old if (finding := _what_became_of(view, words, new))]
    return found + [_invented(words) for words in new if _is_new(view, words, known, found)]


def enlarged_findings(reader: Reader, native: Rgb, enlarged: Rgb) -> list[Finding]:
    """Read the lines of a native picture again in its enlargement, which is shown in the size of the first.

    Only what is read without any doubt is compared: a sharper picture is read better, and that is no find.
    """
    side = min(LONGER_SIDE, max(native.shape[:2]))
    found = []
    for line in reader.lines(native, side):
        before, after = reader.read(native, line), reader.read(enlarged, line)
        plain = _plain(before.text)
        if min(before.score, after.score) >= CERTAIN and len(plain) >= LEAST_CHARACTERS and plain != _plain(after.text):
            found.append(_finding(Change.CHANGED, before, f"'{_shown(before)}' reads '{_shown(after)}' enlarged"))
    return found


def _reached(view: View, line: Line) -> bool:
    return view.touched(view.polygon(core(line))) > TOUCHED


def _is_readable(words: Words) -> bool:
    return words.score >= SURE and len(_plain(words.text)) >= LEAST_CHARACTERS


def _what_became_of(view: View, words: Words, after: list[Words]) -> Finding | None:
    area = view.polygon(words.corners)
    there = [other for other in after if overlap(words.box, other.box) > SAME_PLACE]
    likest = max(there, key=lambda other: _likeness(words.text, other.text), default=None)
    if view.removed(area, round(GAPS * words.height)) >= REMOVED:
        if likest is None or not _is_left_of(words.text, likest.text):
            return None
        return _finding(Change.REMAINS, words, f"'{_shown(words)}' was to be removed and reads '{_shown(likest)}'")
    if likest is not None and _plain(likest.text) != _plain(words.text):
        return _finding(Change.CHANGED, words, f"'{_shown(words)}' reads '{_shown(likest)}'")
    if likest is None:
        return _finding(Change.LOST, words, f"'{_shown(words)}' can no longer be read, and is not all in the mask")
    return _finding(Change.TOUCHED, words, f"the mask reaches into '{_shown(words)}'")


def _is_new(view: View, words: Words, known: list[Words], found: list[Finding]) -> bool:
    """Whether words stand where something changed, and nothing like them stood there before.

    A place where old words are spoken of already is not spoken of twice.
    """
    if view.touched(view.polygon(words.core)) < NEW:
        return False
    at_place = [other for other in known if other.score >= HALF_SURE and overlap(words.box, other.box) > SAME_PLACE]
    spoken_of = any(finding.box and overlap(words.box, finding.box) > SAME_PLACE for finding in found)
    return not spoken_of and all(_likeness(words.text, other.text) < NEARLY for other in at_place)


def _invented(words: Words) -> Finding:
    return _finding(Change.INVENTED, words, f"'{_shown(words)}' was not in the picture before")


def _finding(change: Change, words: Words, detail: str) -> Finding:
    return Finding(guard=Guard.TEXT, change=change, box=words.box, detail=detail)


def _is_left_of(before: str, after: str) -> bool:
    """Whether what is read after is what was there, or a part of it."""
    return _plain(after) in _plain(before) or _likeness(before, after) >= NEARLY


def _likeness(first: str, second: str) -> float:
    """Compare two readings, 0..1. Other digits are another thing, however alike the rest is."""
    one, other = _plain(first), _plain(second)
    if _digits(one) != _digits(other):
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= LEAST_CHARACTERS and shorter in longer and len(shorter) >= NEARLY * len(longer):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _digits(plain: str) -> str:
    return "".join(character for character in plain if character.isdigit())


def _plain(text: str) -> str:
    """Only letters and digits, without case: what a picture of text says for certain."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _shown(words: Words) -> str:
    """For a person's eyes: what is read out of a picture comes from outside."""
    printable = "".join(character for character in words.text if character.isprintable())
    return printable if len(printable) <= 40 else printable[:39] + "…"
