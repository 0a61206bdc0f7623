"""To come."""
from .fact import Table
TABLE = Table()
