"""spandrel can be imported, whatever torchvision it finds."""

import pytest

from inference.nets.spandrel_file import import_spandrel


@pytest.fixture(autouse=True, scope="session")
def spandrel() -> None:
    import_spandrel()
