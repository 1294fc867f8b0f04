"""Artwork of registered marks among a request's inputs."""

from inference.protocols import Mark
from inference.stages.job import Job
from schemas.mark import name_of_input


def marks_of(job: Job) -> list[Mark]:
    """Read the inputs named ``mark-...``, in the order of their names."""
    named = ((given, name_of_input(given)) for given in sorted(job.request.inputs))
    return [Mark(name, job.artwork(given)) for given, name in named if name is not None]
