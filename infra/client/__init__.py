"""A small typed client of Cleanplate's HTTP API: upload, wait, download. The command line is built on it.

Example
-------
>>> client = Client.aws("cleanplate", region="eu-central-1")        # doctest: +SKIP
>>> photo = client.upload("trip/photo.jpg", Path("photo.jpg"))       # doctest: +SKIP
>>> asset = client.wait([photo])[photo]                              # doctest: +SKIP
>>> asset.status, asset.outcome.reason                               # doctest: +SKIP
(<Status.DELIVERED: 'DELIVERED'>, 'Confidence 0.83 reaches 0.60.')
>>> client.download(asset.best_image.url, Path("clean.jpg"))  # doctest: +SKIP
"""

from infra.client.client import Client, Page
from infra.client.errors import ApiError, TimedOut
from infra.client.marks import MarkView
from infra.client.views import AssetView, ImageLink, StageView
from schemas.job import Job

__all__ = ["ApiError", "AssetView", "Client", "ImageLink", "Job", "MarkView", "Page", "StageView", "TimedOut"]
