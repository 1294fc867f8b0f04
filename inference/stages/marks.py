"""Artwork of registered marks among a request's inputs."""

from inference.protocols import Mark
from inference.stages.job import Job


def marks_of(job: Job) -> list[Mark]:
    """Read the inputs named ``mark-...``, in the order of their names."""
    names = sorted(name for name in job.request.inputs if name.startswith("mark-"))
    return [Mark(name.removeprefix("mark-"), job.artwork(name)) for name in names]
