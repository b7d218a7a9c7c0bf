"""The product's settings in an environment that is named here whole: nothing else in a developer's changes the tests.

Loaded before anything of the product, in every process of pytest.
"""

import os

OURS = {"CHROMIUM", "REFLECT_TEST_DB", "DEMO_DATABASE_URL"}
OF_THE_MACHINE = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DISPLAY"}
OF_THE_TOOLS = ("PYTHON", "PYTEST_", "COV", "HYPOTHESIS_", "XDG_", "DJANGO_")

for _name in set(os.environ) - OURS - OF_THE_MACHINE:
    if not _name.startswith(OF_THE_TOOLS):
        del os.environ[_name]

from reflect.settings import *  # noqa: E402, F403  # once the environment is what it is
