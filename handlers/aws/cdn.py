"""CloudFront: have it forget what it keeps of certain paths."""

from collections.abc import Sequence

from handlers.aws.clients import client, translated
from handlers.settings import settings


def forget(paths: Sequence[str], reference: str) -> None:
    """Have every edge drop these paths. Asked again under the same reference, nothing is done a second time.

    What is delivered needs this never, for its names change with its content; only what is taken back does.

    Parameters
    ----------
    paths
        As addresses have them, beginning with a slash; a last ``*`` stands for all that follows.
    """
    if not settings().cdn:  # a deployment without one has nothing to forget
        return
    batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": reference}
    with translated("having the CDN forget files"):
        client("cloudfront").create_invalidation(DistributionId=settings().cdn, InvalidationBatch=batch)
