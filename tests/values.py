"""The records of a room are values: which of its dataclasses can be changed after they were made, or take attributes nobody declared."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from types import ModuleType


def modules(room: ModuleType) -> Iterator[ModuleType]:
    """Every module of a room, save those that are programs."""
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if not found.name.endswith("__main__"):
            yield import_module(found.name)


def changeable(room: ModuleType) -> tuple[set[str], set[str], int]:
    """The dataclasses that are not frozen, those without slots, and how many there are."""
    classes = {
        f"{module.__name__}.{name}": class_
        for module in modules(room)
        for name, class_ in vars(module).items()
        if isinstance(class_, type) and is_dataclass(class_) and class_.__module__ == module.__name__
    }
    parameters = {name: class_.__dataclass_params__ for name, class_ in classes.items()}  # type: ignore[attr-defined]
    unfrozen = {name for name, each in parameters.items() if not each.frozen}
    return unfrozen, {name for name, class_ in classes.items() if "__slots__" not in vars(class_)}, len(classes)
