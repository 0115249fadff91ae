"""Case Manager's database behind the `CaseManager` port, through the mapping file and SQLAlchemy Core."""

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping import CaseMapping
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping

__all__ = ["CaseManagerDatabase", "CaseMapping", "load_mapping"]
