"""What the end-to-end tests share: one `braid dev` with the examples' functions."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from service import BRAID, EXAMPLES, Service  # noqa: E402


def pytest_sessionstart(session):
    if not pathlib.Path(BRAID).exists():
        pytest.exit(f"there is no {BRAID}; build it with 'swift build -c release --product braid'", returncode=3)


def made_folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="braid-e2e-"))
    # PostgreSQL runs as another user where braid runs as root.
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def folder():
    """A folder of the test's own; its path is short, since a socket may lie below it."""
    yield from made_folder()


@pytest.fixture(scope="module")
def module_folder():
    """The same for all tests of a file."""
    yield from made_folder()


@pytest.fixture
def new_service(folder):
    """Makes services that are ended with the test, however it ends."""
    made = []

    def make(**settings):
        settings.setdefault("folder", folder)
        service = Service(**settings)
        made.append(service)
        return service

    yield make
    for service in made:
        if service.process and service.process.popen.poll() is None:
            service.stop()


@pytest.fixture(scope="session")
def service():
    """One service for all tests that only use it, with every example deployed."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="braid-e2e-"))
    path.chmod(0o755)
    running = Service(path).start()
    running.deploy(*[file.name.removesuffix(".asl.json") for file in EXAMPLES.glob("*.asl.json")])
    yield running
    status = running.stop()
    text = running.process.text()
    shutil.rmtree(path, ignore_errors=True)
    assert status == 0, f"braid ended with {status}:\n{text[-4000:]}"
