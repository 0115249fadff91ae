"""Holds that what others typed reaches no screen, file or log by a way around the one that shows it harmlessly."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"
NOWHERE: frozenset[str] = frozenset()
# Who may make or call what obeys the text that it is given; everybody else goes through them.
_ONLY_IN = {
    "QLabel": {"ui/widgets/parts.py", "ui/evidence/body.py"},
    "setTextFormat": {"ui/widgets/parts.py", "ui/evidence/body.py"},
    "QMessageBox": {"ui/application/trouble.py"},
    "write_string": {"adapters/workbook.py"},
    **dict.fromkeys(("setHtml", "insertHtml", "setWhatsThis", "setStatusTip"), NOWHERE),
    # Below the mouse, the whole of a cell that is cut, which `guessed_plain` gave.
    "showText": frozenset({"ui/widgets/row_delegate.py"}),
    **dict.fromkeys(("write_formula", "write_url", "write_rich_string", "print"), NOWHERE),
}
# What is given to these has gone through one of those.
_THROUGH = {
    "setToolTip": {"guessed_plain", "without_marks"},
    "setInformativeText": {"guessed_plain"},
    "QMessageBox": {"guessed_plain"},
    "showMessage": {"without_marks"},
    "setPlainText": {"as_said", "harmless"},
    "QPlainTextEdit": {"as_said"},
    "setDetailedText": {"as_said"},
    "setWindowTitle": {"in_title"},
    "setAccessibleName": {"as_said"},
    "setAccessibleDescription": {"as_said"},
    "QListWidgetItem": {"one_line"},
    "RadioChoice": {"on_button"},
    "TickBox": {"on_button"},
}
# Painted before anything of ours is loaded, and knows nobody's words.
_KNOWS_NOBODY = "ui/first_paint.py"
_STREAMS = {"out", "err", "stdout", "stderr"}


@cache
def _calls() -> tuple[tuple[str, str, ast.Call, str], ...]:
    """Give every call outside the invented Xero, which speaks to programs only: file, name, call, and where it is."""
    return tuple(_read_calls())


def _read_calls() -> Iterator[tuple[str, str, ast.Call, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith("sandbox/") or place == _KNOWS_NOBODY:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield place, _name(node.func), node, f"{place}:{node.lineno}"


def _name(of: ast.expr) -> str:
    if isinstance(of, ast.Attribute):
        return of.attr
    return of.id if isinstance(of, ast.Name) else ""


def _is_shown_by(given: ast.expr, ways: set[str]) -> bool:
    """Say whether a text went through one of the ways; a constant is ours, and icons and buttons are no text."""
    if isinstance(given, ast.IfExp):
        return all(_is_shown_by(each, ways) for each in (given.body, given.orelse))
    written = ast.unparse(given)
    is_no_text = written.startswith("QMessageBox.") or written.endswith(".icon()")
    return is_no_text or isinstance(given, ast.Constant) or (isinstance(given, ast.Call) and _name(given.func) in ways)


def test_only_those_who_show_text_harmlessly_make_what_shows_it() -> None:
    seen = {(name, place, where) for place, name, _, where in _calls() if name in _ONLY_IN}
    for name, place, where in seen:
        assert place in _ONLY_IN[name], f"{where}: {name} obeys the text that it is given"
    assert {name for name, _, _ in seen} == {name for name, places in _ONLY_IN.items() if places}


def test_where_a_text_could_be_obeyed_it_is_made_harmless_first() -> None:
    seen: set[str] = set()
    for _, name, call, where in _calls():
        for given in call.args if name in _THROUGH else ():
            assert _is_shown_by(given, _THROUGH[name]), f"{where}: {name} is given a text as somebody typed it"
            seen.add(name)
    assert seen == set(_THROUGH)


def test_the_command_line_puts_lines_together_in_one_way() -> None:
    joined = [
        where
        for place, name, call, where in _calls()
        if name == "join" and place.startswith("cli/") and ast.unparse(call.func) == "'\\n'.join"
    ]
    # The preview of what is sent shows whole files, one below the other.
    assert [where.partition(":")[0] for where in joined] == ["cli/verbs.py"], joined


def test_whatever_is_said_on_a_stream_is_made_harmless_first() -> None:
    said = [
        (call.args[0], where)
        for _, name, call, where in _calls()
        if name == "write" and isinstance(call.func, ast.Attribute) and _name(call.func.value) in _STREAMS
    ]
    assert said
    for given, where in said:
        assert _is_shown_by(given, {"harmless"}), f"{where}: said as somebody typed it"
