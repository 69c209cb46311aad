"""What every test shares: hypothesis profiles, and how the root of the repository is collected."""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")  # figures need no screen
os.environ.setdefault("AIMARKET_ENGINE", "numpy")  # tests of kernels name them; nothing is compiled beside the others

# Many tests start Python: none of them has to compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("dev", max_examples=20, deadline=None)
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


class RootIsAFolder:
    """The root holds an __init__.py, being the package under test; pytest would import it a second time."""

    @staticmethod
    def pytest_collect_directory(path, parent):
        return pytest.Dir.from_parent(parent, path=path) if path == parent.config.rootpath else None


LONGEST = ("test_code_in_documents.py", "test_cluster.py", "test_oracle.py")
"""Files of half a minute that would come among the last, when the other workers have nothing left to do."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_xdist_auto_num_workers(config):
    """One worker more than processors: those that drive a browser or a child wait for it half of the time."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else None


def pytest_configure(config):
    config.pluginmanager.register(RootIsAFolder())
