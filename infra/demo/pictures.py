"""The demo's pictures: what is wrong with each, and by which recipe it is repaired."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from infra.demo import dirt
from infra.demo.photographs import astronaut_cutout, load


@dataclass(frozen=True)
class DirtyPicture:
    """One picture to be repaired. Without a mask the recipe's own detector has to find the dirt."""

    file: str
    story: str
    recipe: str
    image: Image.Image
    mask: Image.Image | None = None

    def save(self, folder: Path) -> tuple[Path, Path | None]:
        """Write photo and mask into ``folder``; return their paths."""
        photo = folder / self.file
        self.image.save(photo)
        if self.mask is None:
            return photo, None
        mask = folder / f"{self.file}.mask.png"
        self.mask.save(mask)
        return photo, mask


def dirty_pictures() -> Iterator[DirtyPicture]:
    """Make the pictures, the same bytes every time."""
    yield _watermarked_coffee()
    yield _captioned_rocket()
    yield _photobombed_garage()
    yield _crowded_garage()


def _watermarked_coffee() -> DirtyPicture:
    return DirtyPicture(
        file="coffee.png",
        story="A watermark runs across the picture. Nobody supplied a mask: the text detector has to find it.",
        recipe="remove-watermark",
        image=dirt.watermark(
            load("coffee.png"), "sample - northlight", size=44, angle=24, opacity=0.62, centre=(300, 215)
        ),
    )


def _captioned_rocket() -> DirtyPicture:
    image, mask = dirt.logo_and_caption(load("rocket.jpg"), "Launch day, pad 40", logo=(500, 70, 34), caption=(140, 60))
    return DirtyPicture(
        file="rocket.png",
        story="An opaque logo and a caption in the sky, with a mask. For print: enlarged twofold as well.",
        recipe="clean-and-print",
        image=image,
        mask=mask,
    )


def _photobombed_garage() -> DirtyPicture:
    scene, person = load("motorcycle_left.png"), astronaut_cutout(150)
    image, mask = dirt.photobomber(scene, person, left=4, top=scene.height - person.height)
    return DirtyPicture(
        file="garage.png",
        story="A photobomber in the corner, before a plain floor, with a mask that holds the shadow too.",
        recipe="remove-object",
        image=image,
        mask=mask,
    )


def _crowded_garage() -> DirtyPicture:
    scene, person = load("motorcycle_left.png"), astronaut_cutout(330)
    image, mask = dirt.photobomber(scene, person, left=390, top=scene.height - person.height)
    return DirtyPicture(
        file="garage-crowded.png",
        story="The same photobomber, large and before shelves and wheels: more than a classical fill can know.",
        recipe="remove-object",
        image=image,
        mask=mask,
    )
