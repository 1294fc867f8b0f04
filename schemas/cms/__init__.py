"""Events of content systems, reduced to the pictures they tell of. Captured ones lie in ``tests/events``.

An event is read only after its signature was checked. Even so, whoever may write in the content system may write what
an event says: names and addresses are checked as those of anybody.
"""

from schemas.cms import contentful, generic, sanity, wordpress
from schemas.cms.picture import Picture
from schemas.hook import HookKind

_READ = {
    HookKind.GENERIC: generic.pictures,
    HookKind.WORDPRESS: wordpress.pictures,
    HookKind.CONTENTFUL: contentful.pictures,
    HookKind.SANITY: sanity.pictures,
}


def pictures(kind: HookKind, body: bytes) -> list[Picture]:
    """Find the pictures in an event; none where it tells of something else.

    Raises
    ------
    BadInput
        ``bad_event`` if it is not what such a system sends.
    """
    return _READ[kind](body)
