"""S3: the miniatures of an asset, which lie beside each other in the work bucket."""

from handlers.aws import storage
from handlers.settings import settings
from schemas.miniature import MOST_MINIATURES, miniatures_folder
from schemas.pointers import S3Pointer


def names(asset_id: str) -> set[str]:
    """Name those that are there."""
    folder = miniatures_folder(asset_id)
    found = storage.keys_under(settings().work_bucket, folder, at_most=2 * MOST_MINIATURES)
    return {key.removeprefix(folder) for key in found}


def keep(asset_id: str, name: str, data: bytes, media_type: str) -> None:
    """Write one. Made again it is the same picture under the same name."""
    storage.write(place(asset_id, name), data, media_type)


def place(asset_id: str, name: str) -> S3Pointer:
    """Say where one lies."""
    return S3Pointer(bucket=settings().work_bucket, key=miniatures_folder(asset_id) + name)
