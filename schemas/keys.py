"""What an object's key in the inbox says: which recipe, and which mask belongs to which photo.

Pure rules over text. Keys come from outside: they are compared, never trusted as paths.
"""

import re
from collections.abc import Collection, Iterable

from schemas.ids import digest

MASK_SUFFIX = ".mask.png"
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif")
_NEITHER_HERE_NOR_THERE = re.compile(r"[^A-Za-z0-9._-]+")


def is_mask(key: str) -> bool:
    """Whether this object is a mask that came beside a photo."""
    return key.lower().endswith(MASK_SUFFIX)


def is_ignored(key: str) -> bool:
    """Whether this object asks for nothing: folder markers and hidden files such as ``.DS_Store``."""
    name = key.rsplit("/", 1)[-1]
    return name == "" or name.startswith(".")


def recipe_in_key(key: str, known: Collection[str]) -> str | None:
    """Recipe reference (``name`` or ``name@version``) in the first folder of the key, if it is one we know.

    A leading ``inbox/`` is skipped, for teams that keep the inbox as a folder of a bucket of their own.
    """
    folders = key.split("/")[:-1]
    if folders and folders[0] == "inbox":
        folders = folders[1:]
    if folders and folders[0].partition("@")[0] in known:
        return folders[0]
    return None


def stem(key: str) -> str:
    """Key without its last ending: ``a/photo.jpg`` gives ``a/photo``."""
    folder, slash, name = key.rpartition("/")
    base, dot, _ = name.rpartition(".")
    return folder + slash + (base if dot and base else name)


def masks_for(photo: str) -> list[str]:
    """Keys under which a mask for this photo may lie, the most specific first; none for what is named like no photo.

    ``photo.jpg.mask.png`` exists so that ``photo.jpg`` and ``photo.png`` in one folder can have a mask each.
    """
    if is_mask(photo) or not photo.lower().endswith(PHOTO_SUFFIXES):
        return []
    return [photo + MASK_SUFFIX, stem(photo) + MASK_SUFFIX]


def photos_for(mask: str, keys: Iterable[str]) -> list[str]:
    """Those of ``keys`` that this mask belongs to.

    ``photo.mask.png`` serves every ``photo.<type>`` that has no more specific mask of its own.
    """
    listed = list(keys)
    present = set(listed)
    return [key for key in listed if next((m for m in masks_for(key) if m in present or m == mask), None) == mask]


def mask_neighbourhood(mask: str) -> str:
    """Prefix under which all photos lie that this mask could belong to.

    It ends in the dot: ``img.mask.png`` among ten thousand ``img-0001.jpg`` must not list those.
    """
    base = mask[: -len(MASK_SUFFIX)]
    return (stem(base) if base.lower().endswith(PHOTO_SUFFIXES) else base) + "."


def safe_file_name(key: str, extension: str) -> str:
    """File name for a delivered rendition: the upload's own stem, reduced to characters every system takes."""
    name = stem(key).rsplit("/", 1)[-1]
    return (_NEITHER_HERE_NOR_THERE.sub("-", name).strip("-.")[:80] or "picture") + "." + extension


def manifest_key(key: str) -> str:
    """Where the manifest of an inbox key lies in the delivery bucket.

    S3 keys end at 1,024 bytes; the few that would get longer than that are named by their hash.
    """
    plain = f"manifests/{key}.json"
    return plain if len(plain.encode()) <= 1024 else f"manifests/long/{digest('manifest', key)}.json"


def is_safe_upload_key(key: str) -> bool:
    """Whether a key that a client asked for may be used: a plain relative path of printable characters."""
    folders = key.split("/")
    return (
        key.isprintable()  # first: it refuses lone surrogates, which cannot be encoded
        and 0 < len(key.encode()) <= 900
        and "\\" not in key
        and all(part not in ("", ".", "..") for part in folders)
    )
