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
    yield _watermarked_cat()
    yield _captioned_coffee()
    yield _photobombed_rocket()
    yield _crowded_garage()


def _watermarked_cat() -> DirtyPicture:
    return DirtyPicture(
        file="cat.png",
        story="A watermark shines through. Nobody supplied a mask: the text detector has to find it.",
        recipe="remove-watermark",
        image=dirt.watermark(load("chelsea.png"), "sample", size=28, angle=15, opacity=0.6, centre=(385, 215)),
    )


def _captioned_coffee() -> DirtyPicture:
    image, mask = dirt.logo_and_caption(load("coffee.png"), "Coffee of the day", logo=(560, 40, 14), caption=(420, 376))
    return DirtyPicture(
        file="coffee.png",
        story="An opaque logo in the corner and a caption on the table, with a mask of both.",
        recipe="remove-watermark",
        image=image,
        mask=mask,
    )


def _photobombed_rocket() -> DirtyPicture:
    image, mask = dirt.photobomber(load("rocket.jpg"), astronaut_cutout(95), left=362, top=14)
    return DirtyPicture(
        file="rocket.png",
        story="An astronaut who was not asked, with a mask that holds the shadow too. For print: enlarged twofold.",
        recipe="clean-and-print",
        image=image,
        mask=mask,
    )


def _crowded_garage() -> DirtyPicture:
    scene, person = load("motorcycle_left.png"), astronaut_cutout(330)
    image, mask = dirt.photobomber(scene, person, left=390, top=scene.height - person.height)
    return DirtyPicture(
        file="garage.png",
        story="The same photobomber, large and before shelves and wheels: more than a classical fill can know.",
        recipe="remove-object",
        image=image,
        mask=mask,
    )
