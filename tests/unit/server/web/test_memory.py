"""Memory goes back to the system where GNU's C library keeps it, and nothing happens elsewhere."""

import threading

from aimarket.server.web import memory


class Library:
    """Stands for the C library."""

    def __init__(self):
        self.options, self.trimmed = [], threading.Event()

    def mallopt(self, option, value):
        self.options.append((option, value))

    def malloc_trim(self, pad):
        self.trimmed.set()


def test_what_is_free_is_given_back_as_long_as_pages_are_served(monkeypatch):
    library = Library()
    monkeypatch.setattr(memory, "_library", lambda: library)
    monkeypatch.delenv(memory.OWN, raising=False)
    with memory.given_back(0.001):
        assert library.trimmed.wait(60.0)
    assert library.options == [(memory.ARENA_MAX, memory.ARENAS)]


def test_an_operators_own_number_of_pools_stays(monkeypatch):
    library = Library()
    monkeypatch.setattr(memory, "_library", lambda: library)
    monkeypatch.setenv(memory.OWN, "4")
    with memory.given_back():
        assert library.options == []


def test_where_the_library_is_another_nothing_happens(monkeypatch):
    monkeypatch.setattr(memory, "LIBRARY", "libc.of.nobody")
    threads = threading.active_count()
    with memory.given_back():
        assert threading.active_count() == threads
