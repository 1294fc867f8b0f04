"""spandrel can be imported, whatever torchvision it finds."""

import pytest

from inference.nets.spandrel_file import _loader


@pytest.fixture(autouse=True, scope="session")
def spandrel() -> None:
    _loader()
