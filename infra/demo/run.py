"""The demo's steps: a stack, dirty pictures, uploads, waiting, and what is left in the folder."""

import shutil
from pathlib import Path

from infra.client import AssetView, Client, Job
from infra.demo.collect import collect
from infra.demo.pictures import DirtyPicture, dirty_pictures
from infra.demo.poster import poster
from infra.demo.show import Stopwatch
from infra.demo.signed import ANCHOR
from infra.local import stack
from infra.local.credentials import anchor_path
from infra.report.page import write_report
from infra.report.record import Record, record_of, write_records

POSTER = "before-after.jpg"
"""The README's `docs/images/demo.jpg` is a copy of it."""
_WARM = ("overlays", "span-x2")
"""Models with weights: loaded while the stack starts, not while somebody watches the first picture."""
_TIMEOUT = 300.0
"""Seconds for all pictures together; they take about 20."""


def run(folder: Path) -> list[Record]:
    """Run the demo on a stack that is gone afterwards.

    Parameters
    ----------
    folder
        Gets ``dirty/`` (what is uploaded), ``repaired/`` (masks and native results), ``delivered/``, ``results.json``,
        ``report.html``, a poster, and the certificates that what was delivered is checked by. What an earlier demo left
        there is removed first.

    Returns
    -------
    list
        One record a picture, in the order of the pictures.

    Raises
    ------
    CleanplateError
        If the stack does not start or a picture has no outcome in time.
    """
    dirty = _emptied(folder)
    watch = Stopwatch()
    watch.say("starting the embedded stack")
    with stack.temporary(stack.Options(warm=_WARM)) as info:
        client = Client.local(info)
        watch.say(f"ready: {info.endpoint_url}")
        pictures = list(dirty_pictures())
        uploaded = {_upload(client, picture, dirty): picture for picture in pictures}
        watch.say(f"uploaded {len(uploaded)} pictures through presigned forms")

        def tell(asset: AssetView) -> None:
            watch.step(uploaded[asset.asset_id].file, asset)

        seen = client.wait(uploaded, tell, timeout=_TIMEOUT)
        shutil.copyfile(anchor_path(info.state_dir), folder / ANCHOR)
        entries = [collect(client, seen[name], picture, folder) for name, picture in uploaded.items()]
    client.close()
    records = [record_of(entry.title, entry.asset, entry.files[-1] if entry.files else None) for entry in entries]
    write_records(records, folder / "results.json")
    write_report(entries, folder / "report.html", title="Cleanplate demo")
    poster(entries).save(folder / POSTER, quality=92)
    return records


def _emptied(folder: Path) -> Path:
    for name in ("dirty", "repaired", "delivered"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    for name in ("results.json", "report.html", POSTER, ANCHOR):
        (folder / name).unlink(missing_ok=True)
    return folder / "dirty"


def _upload(client: Client, picture: DirtyPicture, folder: Path) -> str:
    photo, mask = picture.save(folder)
    if mask:
        client.upload_mask(f"demo/{picture.file}", mask, recipe=picture.recipe)
    return client.upload(f"demo/{picture.file}", photo, Job(recipe=picture.recipe, rights="owned"))
