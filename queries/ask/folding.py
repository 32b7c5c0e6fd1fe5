"""Text that is typed -> text as it is compared, see ``ontology/folding.py``."""

from ontology.folding import folded

__all__ = ["folded"]
