"""Put together what an auditor takes along: workbook, audit trail and statement in one file, with their hashes."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from cmxero_desktop.domain.debtor_lists import DebtorLists
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.statement import newest_hash, statement_of, trail_of

_SUMS = "hashes.txt"


def write_export(view: DeskView, debtors: DebtorLists | None, path: Path) -> Path:
    """Write what the file's name asks for: the workbook, the statement as a PDF, or all of it for an auditor as a zip.

    Raises DeskError where it cannot be written.
    """
    from cmxero_desktop.adapters.workbook import write_workbook

    kind = path.suffix.lower()
    if kind == ".pdf":
        return _write_statement(view, path)
    if kind == ".zip":
        return _write_for_auditor(view, debtors, path)
    return write_workbook(view, debtors, path)


def _write_statement(view: DeskView, path: Path) -> Path:
    from cmxero_desktop.adapters.bundle_file import write_bytes
    from cmxero_desktop.adapters.pdf_file import pdf_of

    return write_bytes(pdf_of(statement_of(view)), path)


def _write_for_auditor(view: DeskView, debtors: DebtorLists | None, path: Path) -> Path:
    from cmxero_desktop.adapters.bundle_file import write_packed
    from cmxero_desktop.adapters.pdf_file import pdf_of
    from cmxero_desktop.adapters.workbook import write_workbook

    with TemporaryDirectory() as folder:
        workbook = write_workbook(view, debtors, Path(folder) / "workbook.xlsx").read_bytes()
    files = {
        "workbook.xlsx": workbook,
        "audit-trail.jsonl": "".join(f"{line}\n" for line in trail_of(view)).encode("utf-8", "backslashreplace"),
        "tie-out.pdf": pdf_of(statement_of(view)),
    }
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in files.items()]
    sums.append(f"{newest_hash(view) or 'none'}  newest entry of the audit trail")
    return write_packed({**files, _SUMS: "".join(f"{line}\n" for line in sums).encode()}, path)
