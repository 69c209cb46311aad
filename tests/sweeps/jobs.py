"""Work for executors, made inside functions so that it goes to a worker by value: no worker knows the tests."""

import os
import signal
import time


def squares():
    """Return work without surprises."""
    return lambda chunk: b"%d" % chunk**2


def slowly(seconds):
    """Return work that takes a while and says which process does it."""

    def work(chunk):
        time.sleep(seconds)
        return os.getpid()

    return work


def noted(folder, after=lambda chunk, starts: None):
    """Return work that leaves a file in a folder each time a chunk is started, and then does what it is told to."""
    place = str(folder)

    def work(chunk):
        starts = 1 + sum(name.startswith(f"{chunk}-") for name in os.listdir(place))
        with open(os.path.join(place, f"{chunk}-{starts}"), "x"):
            pass
        after(chunk, starts)
        time.sleep(0.05)
        return b"%d" % chunk

    return work


def starts(folder):
    """Return how often each chunk was started."""
    chunks = [int(path.name.partition("-")[0]) for path in folder.iterdir()]
    return {chunk: chunks.count(chunk) for chunk in sorted(chunks)}


def dying(victim, times=10**6):
    """Return an accident: a chunk that kills its worker so many times."""

    def accident(chunk, starts):
        if chunk == victim and starts <= times:
            os.kill(os.getpid(), signal.SIGKILL)

    return accident


def raising(victim, error, times=10**6):
    """Return an accident: a chunk that raises an error so many times."""

    def accident(chunk, starts):
        if chunk == victim and starts <= times:
            raise error

    return accident
