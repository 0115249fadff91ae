"""Names a table where a server takes its name as a value: quoted as in a statement, and sent as what is looked for."""

import sqlalchemy as sa
from sqlalchemy import Dialect

from cmxero_desktop.adapters.casemanager.mapping import TableName


def name_as_value(dialect: Dialect, table: TableName) -> str:
    """Return a table's name as a server reads it out of a text, such as `dbo.[Receipts 50%]`."""
    quoted = dialect.identifier_preparer.format_table(sa.table(table.name, schema=table.schema))
    # In a statement the drivers want per cent signs doubled; a value is sent as it is.
    return quoted.replace("%%", "%")
