"""Where results go: a folder, one file, or nowhere but the delivery bucket."""

from pathlib import Path
from typing import Protocol

from PIL import Image

from infra.cli.console import say
from infra.cli.naming import result_name
from infra.cli.plan import Picture
from infra.client import AssetView, Client, ImageLink
from schemas.asset import Status

_JPEG = (".jpg", ".jpeg")
SINGLE_FILE_ENDINGS = (".png", *_JPEG)


class Save(Protocol):
    """Saves the result of a picture; returns its place, or ``None`` where nothing was saved."""

    def __call__(self, client: Client, picture: Picture, asset: AssetView) -> Path | None:
        """Save it."""
        ...


def nowhere(client: Client, picture: Picture, asset: AssetView) -> Path | None:
    """Leave the result where it was delivered."""
    return None


def into_folder(folder: Path, *, include_unreviewed: bool) -> Save:
    """Save results below ``folder``, each in the type it was delivered in."""

    def save(client: Client, picture: Picture, asset: AssetView) -> Path | None:
        image = _image(asset, include_unreviewed)
        if image is None:
            return None
        target = folder / result_name(picture.result, image.ending)
        client.download(image.url, target)
        return target

    return save


def into_file(target: Path, *, include_unreviewed: bool) -> Save:
    """Save the one result as ``target``, converted where it was delivered as another type."""

    def save(client: Client, picture: Picture, asset: AssetView) -> Path | None:
        image = _image(asset, include_unreviewed)
        if image is None:
            return None
        if _same_type(image.ending, target.suffix):
            client.download(image.url, target)
            return target
        draft = target.with_name(f".{target.name}{image.ending}")
        try:
            client.download(image.url, draft)
            convert(draft, target)
        finally:
            draft.unlink(missing_ok=True)
        say(f"{target} was converted: it was delivered as {image.ending.lstrip('.')}.")
        return target

    return save


def convert(source: Path, target: Path) -> None:
    """Write a picture as the type of ``target``'s name, PNG or JPEG, with its ICC profile and EXIF.

    A JPEG has 8 bits and no transparency: deeper greys are scaled, what is transparent lies on white.
    """
    Image.MAX_IMAGE_PIXELS = None  # it was made by us, and an enlargement may be larger than Pillow thinks likely
    with Image.open(source) as picture:
        kept = {name: picture.info[name] for name in ("icc_profile", "exif") if picture.info.get(name)}
        if target.suffix.lower() in _JPEG:
            _for_jpeg(picture).save(target, "JPEG", quality=95, subsampling=0, **kept)
        else:
            picture.save(target, "PNG", **kept)


def _for_jpeg(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")


def _image(asset: AssetView, include_unreviewed: bool) -> ImageLink | None:
    wanted = asset.status is Status.DELIVERED or (include_unreviewed and asset.status is Status.AWAITING_REVIEW)
    return asset.best_image if wanted else None


def _same_type(one: str, other: str) -> bool:
    return one.lower() == other.lower() or (one.lower() in _JPEG and other.lower() in _JPEG)
