"""Draws the rooms, what each imports, and the walls between the parts, as one picture for light and dark pages."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from tools.graph import telling_arrows
from tools.rooms_layout import COLUMNS, HEAD, PAD, Box, Place, place_parts, place_rooms
from tools.tree import PACKAGE, House, Module, Tree

SAYS = {
    "app": "puts the parts together; no other part imports it",
    "ui": "the window",
    "cli": "the command line",
    "services": "use cases, and the ports to the outside",
    "domain": "the rules: pure, no library, no clock",
    "adapters": "each knows one outside thing",
    "runtime": "worker, schedule, logs",
    "sandbox": "a local Xero; imports no other part",
}
LIGHT = {"ground": "#ffffff", "house": "#f2f4f7", "room": "#ffffff", "ink": "#1c2530", "faint": "#566271"}
LIGHT |= {"line": "#b9c2cd", "wire": "#7b8ba0", "gate": "#2563a8", "wall": "#8a3b2e"}
DARK = {"ground": "#14181d", "house": "#1d232b", "room": "#29313b", "ink": "#e8ecf1", "faint": "#a3afbd"}
DARK |= {"line": "#455161", "wire": "#8796a9", "gate": "#7db4f0", "wall": "#d98570"}
_LANE = 13


def draw_rooms(tree: Tree) -> str:
    """Give the picture as SVG."""
    boxes = place_parts(tree)
    roof = Box(PAD, PAD, max(box.right for box in boxes.values()) - PAD, HEAD)
    width, height = roof.right + PAD, max(box.bottom for box in boxes.values()) + 56
    parts = [
        f'<rect class="ground" width="{width:g}" height="{height:g}" rx="10"/>',
        *_front(tree, "app", roof),
        *(line for name, box in boxes.items() for line in _part(tree, name, box)),
        *_walls(tree, boxes),
        *_gates(tree, boxes),
        *_legend(height - 20),
    ]
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    title = "<title>The rooms of the program, what they import, and the walls between them</title>"
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', title, *_style(), *parts, "</svg>", ""])


def _style() -> Iterator[str]:
    """Give the colours twice, since the picture stands on light pages and on dark ones."""
    yield "<style>"
    yield from _rules(LIGHT)
    yield from ("@media (prefers-color-scheme: dark) {", *_rules(DARK), "}", "</style>")


def _rules(colour: Mapping[str, str]) -> list[str]:
    font = "font-family: -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
    return [
        f".ground {{ fill: {colour['ground']} }}",
        f".house {{ fill: {colour['house']}; stroke: {colour['line']} }}",
        f".room {{ fill: {colour['room']}; stroke: {colour['line']} }}",
        f".title {{ fill: {colour['ink']}; font-size: 18px; font-weight: 700; {font} }}",
        f".name {{ fill: {colour['ink']}; font-size: 13px; font-weight: 600; {font} }}",
        f".small {{ fill: {colour['faint']}; font-size: 12px; {font} }}",
        f".wire {{ fill: none; stroke: {colour['wire']}; stroke-width: 1.2 }}",
        f".tip {{ fill: {colour['wire']} }}",
        f".gate {{ fill: none; stroke: {colour['gate']}; stroke-width: 2 }}",
        f".head {{ fill: {colour['gate']} }}",
        f".wall {{ fill: {colour['wall']} }}",
    ]


def _front(tree: Tree, name: str, box: Box) -> Iterator[str]:
    """Draw a part's frame with its name and size."""
    house = tree.houses[name]
    yield _rectangle("house", box, 8)
    yield _text("title", box.x + PAD, box.y + 24, name)
    yield _text("small", box.x + PAD, box.y + 42, SAYS[name])
    yield _text("small", box.right - PAD, box.y + 23, f"{_size(house.modules)} lines", "end")


def _part(tree: Tree, name: str, box: Box) -> Iterator[str]:
    house = tree.houses[name]
    yield from _front(tree, name, box)
    places = place_rooms(name, house, box)
    if places:
        for room, other in telling_arrows(house.arrows):
            yield from _wire(places[room], places[other])
    for room, place in places.items():
        yield from _room(house, room, place.box)


def _room(house: House, room: str, box: Box) -> Iterator[str]:
    yield _rectangle("room", box, 5)
    yield _text("name", box.middle, box.y + 17, room, "middle")
    yield _text("small", box.middle, box.y + 33, _size(house.rooms[room]), "middle")


def _wire(start: Place, end: Place) -> Iterator[str]:
    """Draw an arrow down, from a room to one that it imports; rows of the same floor are crossed upright."""
    x, goal_x, tip = start.box.middle, end.box.middle, end.box.y - 5
    leave, arrive = start.floor_bottom, end.floor_top - 7
    bend = max(14.0, (arrive - leave) * 0.45)
    yield (
        f'<path class="wire" d="M{x:g} {start.box.bottom:g}V{leave:g}'
        f'C{x:g} {leave + bend:g} {goal_x:g} {arrive - bend:g} {goal_x:g} {arrive:g}V{tip:g}"/>'
    )
    yield f'<path class="tip" d="M{goal_x - 4:g} {tip - 2:g}h8l-4 7z"/>'


def _walls(tree: Tree, boxes: Mapping[str, Box]) -> Iterator[str]:
    """Draw a wall between neighbours in a column, where neither imports the other."""
    for names, _ in COLUMNS:
        for upper, lower in pairwise(names):
            if not count_imports(tree, upper, lower) and not count_imports(tree, lower, upper):
                top = (boxes[upper].bottom + boxes[lower].y) / 2 - 3
                yield _rectangle("wall", Box(boxes[upper].x, top, boxes[upper].width, 6), 3)


def _gates(tree: Tree, boxes: Mapping[str, Box]) -> Iterator[str]:
    """Draw each arrow between parts, with the number of imports that it stands for."""
    (left, _), (goals, _), (right, _) = COLUMNS
    for names, outward in ((left, 1), (right, -1)):
        pairs = [(name, goal) for goal in goals for name in names if count_imports(tree, name, goal)]
        for number, (name, goal) in enumerate(pairs):
            start, end = boxes[name], boxes[goal]
            x, goal_x = (start.right, end.x) if outward == 1 else (start.x, end.right)
            y = start.y + 26 + 30 * goals.index(goal)
            goal_y = min(max(y, end.y + 20), end.bottom - 20) + (
                0 if end.y < y < end.bottom else _LANE * names.index(name)
            )
            lane = goal_x - outward * (16 + _LANE * number)
            yield f'<path class="gate" d="M{x:g} {y:g}H{lane:g}V{goal_y:g}H{goal_x - outward * 8:g}"/>'
            yield f'<path class="head" d="M{goal_x:g} {goal_y:g}l{-outward * 10} -6v12z"/>'
            anchor = "start" if outward == 1 else "end"
            yield _text("small", x + outward * 5, y - 6, str(count_imports(tree, name, goal)), anchor)
    upper, lower = (boxes[name] for name in goals)
    yield f'<path class="gate" d="M{upper.middle:g} {upper.bottom:g}V{lower.y - 8:g}"/>'
    yield f'<path class="head" d="M{upper.middle - 6:g} {lower.y - 10:g}h12l-6 10z"/>'
    yield _text("small", upper.middle + 10, upper.bottom + 18, str(count_imports(tree, *goals)))


def count_imports(tree: Tree, name: str, goal: str) -> int:
    """Count the imports of one part's modules from another part."""
    start = f"{PACKAGE}.{goal}"
    modules = tree.houses[name].modules
    return sum(other == start or other.startswith(f"{start}.") for module in modules for other in module.imports)


def _legend(y: float) -> Iterator[str]:
    """Say what the marks mean."""
    yield '<path class="gate" d="M14 {0:g}h26"/><path class="head" d="M50 {0:g}l-10 -6v12z"/>'.format(y - 4)
    yield _text("small", 58, y, "imports, and how many")
    yield _rectangle("wall", Box(212, y - 7, 30, 6), 3)
    yield _text("small", 250, y, "a wall: neither imports the other")
    yield f'<path class="wire" d="M470 {y - 12:g}v9"/><path class="tip" d="M466 {y - 5:g}h8l-4 7z"/>'
    yield _text("small", 484, y, "a room imports from the one below; arrows that follow from others are left out")


def _rectangle(kind: str, box: Box, radius: int) -> str:
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    return f'<rect class="{kind}" {place} rx="{radius}"/>'


def _text(kind: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _size(modules: Sequence[Module]) -> str:
    files = "1 file" if len(modules) == 1 else f"{len(modules)} files"
    return f"{files}, {sum(module.lines for module in modules):,}"
