import importlib
import inspect
import pkgutil

import pytest

import amazing_assets
from amazing_assets.errors import PlainError

# A key that no catalogue has is a mistake in the code: a person can do nothing about it.
PROGRAMMERS = {"UnknownSentenceError"}

# To import it is to run the command.
PROGRAM = "amazing_assets.__main__"


def errors_of_the_package():
    """Every exception class that a module of the package defines, by name."""
    names = [
        module.name for module in pkgutil.walk_packages(amazing_assets.__path__, "amazing_assets.")
    ]
    modules = [importlib.import_module(name) for name in names if name != PROGRAM]
    return {
        name: found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception) and found.__module__ == module.__name__
    }


# Of MLflow's own annotations, when it is imported.
@pytest.mark.filterwarnings("ignore:.*Any type hint is inferred")
def test_every_error_of_ours_is_a_sentence_for_a_person():
    found = errors_of_the_package()
    assert {"LakeError", "LandingError", "SettingsError", "KeyFileError", "RunFailedError"} <= set(
        found
    )
    strangers = {name for name, error in found.items() if not issubclass(error, PlainError)}
    assert strangers == PROGRAMMERS
