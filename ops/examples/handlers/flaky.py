"""A service that is sometimes busy, and the means to remember how often it was called."""
import os
import pathlib
import tempfile
import time


class TooManyRequestsException(Exception):
    pass


class ServiceUnavailableException(Exception):
    pass


ERRORS = {
    "TooManyRequestsException": TooManyRequestsException,
    "ServiceUnavailableException": ServiceUnavailableException,
    "RuntimeError": RuntimeError,
}


def attempt(token):
    """Returns how often this was called for a token, this time included; always 1 without one."""
    if not token:
        return 1
    folder = pathlib.Path(tempfile.gettempdir()) / f"braid-examples-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    file = folder / f"{token}.attempts"
    with open(file, "a", encoding="utf-8") as handle:
        handle.write(".")
    return file.stat().st_size


def call(event, context):
    """Answers after the errors that the event lists, one an attempt, by name."""
    errors = event.get("errors", [])
    number = attempt(event.get("token"))
    if number <= len(errors):
        error = errors[number - 1]
        if error == "sleep":
            time.sleep(60)
        raise ERRORS[error](f"attempt {number} of {event['request']}")
    return {"answer": f"{event['request']} granted", "attempts": number}
