"""Fetch what the stack made of a picture, before the stack is gone."""

from pathlib import Path

from infra.client import AssetView, Client, ImageLink
from infra.demo.pictures import DirtyPicture
from infra.report.page import Entry


def collect(client: Client, asset: AssetView, picture: DirtyPicture, folder: Path) -> Entry:
    """Download the mask, the native result and everything delivered; make the report's entry of it."""
    stem = Path(picture.file).stem
    mask = ImageLink(asset.links["mask.mask"], ".png") if "mask.mask" in asset.links else None
    return Entry(
        asset=asset,
        title=picture.file,
        story=picture.story,
        before=folder / "dirty" / picture.file,
        mask=_fetched(client, mask, folder / "repaired" / f"{stem}.mask"),
        after=_fetched(client, asset.native_image, folder / "repaired" / stem),
        files=_delivered(client, asset, folder / "delivered" / stem),
    )


def _delivered(client: Client, asset: AssetView, stem: Path) -> list[Path]:
    """Files are told apart by their keys in the bucket; in one folder the enlargement says so in its name."""
    found = []
    for rendition in asset.outcome.renditions if asset.outcome else []:
        ending = Path(rendition.key).suffix
        target = stem.with_name(f"{stem.name}{'' if rendition.name == 'native' else '-' + rendition.name}{ending}")
        client.download(asset.links[f"delivered.{rendition.name}"], target)
        found.append(target)
    return found


def _fetched(client: Client, image: ImageLink | None, stem: Path) -> Path | None:
    if image is None:
        return None
    target = stem.with_name(stem.name + image.ending)
    client.download(image.url, target)
    return target
