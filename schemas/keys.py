"""What an object's key in the inbox says: which recipe, and which mask belongs to which photo.

Pure rules over text. Keys come from outside: they are compared, never trusted as paths.
"""

import re
from collections.abc import Container, Iterable

from schemas.ids import digest

MASK_SUFFIX = ".mask.png"
FOLDER_MASK = "_mask.png"
SIDECAR_SUFFIX = ".job.yaml"
LONGEST_KEY = 1024
"""Bytes, in S3."""
ORIGIN_VERSION = "origin-version"
"""Metadata of a copy from an attached bucket: which version it is of what lies there."""
ATTACHED = "from"
"""Folder of the inbox for what was copied from attached buckets: ``from/<bucket>/<key there>``."""
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif")
LIST_SUFFIXES = (".csv", ".jsonl", ".json")
"""What a batch may be told by; nothing that lies in the inbox under such a name is meant as a picture."""
_NEITHER_HERE_NOR_THERE = re.compile(r"[^A-Za-z0-9._-]+")


def is_mask(key: str) -> bool:
    """Whether this object is a mask that came beside a photo, or for all photos of its folder."""
    return key.lower().endswith(MASK_SUFFIX) or is_folder_mask(key)


def is_folder_mask(key: str) -> bool:
    """Whether this object is the mask of every photo of its folder that has none of its own."""
    return key.rpartition("/")[2].lower() == FOLDER_MASK


def is_sidecar(key: str) -> bool:
    """Whether this object says what is to be done with the photo beside it."""
    return key.lower().endswith(SIDECAR_SUFFIX)


def is_companion(key: str) -> bool:
    """Whether this object belongs to photos, and is none itself."""
    return is_mask(key) or is_sidecar(key)


def is_photo(key: str) -> bool:
    """Whether this is named like a photo."""
    return key.lower().endswith(PHOTO_SUFFIXES) and not is_companion(key) and not is_ignored(key)


def is_ignored(key: str) -> bool:
    """Whether this object asks for nothing: folder markers, hidden files such as ``.DS_Store``, and batches' lists."""
    name = key.rsplit("/", 1)[-1]
    return name == "" or name.startswith(".") or name.lower().endswith(LIST_SUFFIXES)


def recipe_in_key(key: str, known: Container[str]) -> str | None:
    """Recipe reference (``name`` or ``name@version``) in the first folder of the key, if it is one we know.

    A leading ``from/<bucket>/`` is skipped, and so is ``inbox/``, for teams that keep the inbox as a folder of a bucket
    of their own.
    """
    folders = key.split("/")[:-1]
    if folders and folders[0] == ATTACHED:
        folders = folders[2:]
    if folders and folders[0] == "inbox":
        folders = folders[1:]
    if folders and folders[0].partition("@")[0] in known:
        return folders[0]
    return None


def attached_key(bucket: str, key: str) -> str:
    """Where an object of an attached bucket lies in the inbox."""
    return f"{ATTACHED}/{bucket}/{key}"


def origin_of(key: str) -> tuple[str, str] | None:
    """Bucket and key from which an object of the inbox was copied; ``None`` for what came by itself."""
    parts = key.split("/", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == ATTACHED else None


def named_masks(photo: str, mask: str) -> list[str]:
    """Keys that a job may mean by the name of a mask: first of all one of the bucket that its photo was copied from."""
    origin = origin_of(photo)
    return [*([attached_key(origin[0], mask)] if origin else []), mask]


def stem(key: str) -> str:
    """Key without its last ending: ``a/photo.jpg`` gives ``a/photo``."""
    folder, slash, name = key.rpartition("/")
    base, dot, _ = name.rpartition(".")
    return folder + slash + (base if dot and base else name)


def masks_for(photo: str) -> list[str]:
    """Keys under which a mask for this photo may lie, the most specific first; none for what is named like no photo.

    The last is the mask of its whole folder.
    """
    own = own_masks_for(photo)
    return [*own, folder_of(photo) + FOLDER_MASK] if own else []


def own_masks_for(photo: str) -> list[str]:
    """Keys under which a mask for this photo alone may lie, the most specific first."""
    return _beside(photo, MASK_SUFFIX)


def sidecars_for(photo: str) -> list[str]:
    """Keys under which the job of this photo may lie, the most specific first; none for what is named like no photo."""
    return _beside(photo, SIDECAR_SUFFIX)


def _beside(photo: str, suffix: str) -> list[str]:
    """``photo.jpg.mask.png`` exists so that ``photo.jpg`` and ``photo.png`` in one folder can have a mask each."""
    return [photo + suffix, stem(photo) + suffix] if is_photo(photo) else []


def folder_of(key: str) -> str:
    """Give the folder with its slash; empty for what lies in none."""
    return key[: key.rfind("/") + 1]


def photos_for(companion: str, keys: Iterable[str]) -> list[str]:
    """Those of ``keys`` that this mask or sidecar belongs to.

    ``photo.mask.png`` serves every ``photo.<type>`` that has no more specific mask of its own; with sidecars it is the
    same.
    """
    places = sidecars_for if is_sidecar(companion) else masks_for
    listed = list(keys)
    present = {*listed, companion}
    return [key for key in listed if next((place for place in places(key) if place in present), None) == companion]


def neighbourhood(companion: str) -> str:
    """Prefix under which all photos lie that this mask or sidecar could belong to.

    It ends in the dot: ``img.mask.png`` among ten thousand ``img-0001.jpg`` must not list those. A folder's mask has
    the folder, which may hold any number.
    """
    if is_folder_mask(companion):
        return folder_of(companion)
    base = companion[: -len(SIDECAR_SUFFIX if is_sidecar(companion) else MASK_SUFFIX)]
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


def delivered_folder(asset_id: str) -> str:
    """Prefix, in the delivery bucket, of everything that is delivered of one asset."""
    return f"assets/{asset_id}/"


def asset_manifest_key(asset_id: str) -> str:
    """Where an asset's own manifest lies in the delivery bucket, beside its files."""
    return f"{delivered_folder(asset_id)}manifest.json"


def manifest_keys(asset_id: str, key: str) -> list[str]:
    """Where manifests may lie that are about an asset: by its name, and by the key of its original."""
    return [asset_manifest_key(asset_id), manifest_key(key)]


def is_safe_upload_key(key: str) -> bool:
    """Whether a key that a client asked for may be used: a plain relative path of printable characters."""
    folders = key.split("/")
    return (
        key.isprintable()  # first: it refuses lone surrogates, which cannot be encoded
        and 0 < len(key.encode()) <= 900
        and "\\" not in key
        and all(part not in ("", ".", "..") for part in folders)
    )
