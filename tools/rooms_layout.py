"""Places the parts of the package in three columns, and the rooms of each on their floors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.graph import floors
from tools.tree import House, Tree

# Who drives the program stands left, what it drives stands right; each column with how many rooms fit side by side.
COLUMNS = ((("ui", "cli"), 3), (("services", "domain"), 3), (("adapters", "runtime", "sandbox"), 2))
# The modules of the other parts are too few to need rooms.
PARTS_WITH_ROOMS = frozenset({"ui", "services", "domain", "adapters", "sandbox"})
HEAD, PAD = 54, 14
_BETWEEN, _AISLE = 34, 84
_ROOM_WIDTH, _ROOM_HEIGHT, _ROOM_GAP = 122, 40, 14
_STEP = _ROOM_WIDTH + _ROOM_GAP
_ROW, _FLOOR_GAP = 50, 26


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Halfway from left to right."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room stands, and from where to where the rows of its floor reach."""

    box: Box
    floor_top: float
    floor_bottom: float


def place_parts(tree: Tree) -> dict[str, Box]:
    """Stack the parts in their columns, each as high as its floors need."""
    boxes: dict[str, Box] = {}
    x: float = PAD
    for names, most in COLUMNS:
        width = most * _STEP - _ROOM_GAP + 2 * PAD
        y: float = PAD + HEAD + _BETWEEN
        for name in names:
            rooms = place_rooms(name, tree.houses[name], Box(x, y, width, 0))
            bottom = max((place.floor_bottom for place in rooms.values()), default=y + HEAD - PAD)
            boxes[name] = Box(x, y, width, bottom + PAD - y)
            y = bottom + PAD + _BETWEEN
        x += width + _AISLE
    return boxes


def place_rooms(name: str, house: House, part: Box) -> dict[str, Place]:
    """Give each room its place: every floor above those that it uses, rooms below the middle of their users."""
    if name not in PARTS_WITH_ROOMS:
        return {}
    most = round((part.width - 2 * PAD + _ROOM_GAP) / _STEP)
    floor = floors(house.arrows)
    places: dict[str, Place] = {}
    top = part.y + HEAD
    for number in sorted(set(floor.values()), reverse=True):
        rooms = sorted(room for room in floor if floor[room] == number)
        rooms.sort(key=lambda room: _middle_of_users(room, house, places, part.middle))
        rows = list(_rows(rooms, most))
        bottom = top + len(rows) * _ROW - (_ROW - _ROOM_HEIGHT)
        for index, row in enumerate(rows):
            # Every second row stands on the gaps of the one above, so that arrows pass between its rooms.
            uneven = (most - index % 2 - len(row)) % 2 if len(rows) > 1 else 0
            slots = len(row) + uneven
            x = part.middle - (slots * _STEP - _ROOM_GAP) / 2
            for slot, room in enumerate(row):
                box = Box(x + slot * _STEP, top + index * _ROW, _ROOM_WIDTH, _ROOM_HEIGHT)
                places[room] = Place(box, top, bottom)
        top = bottom + _FLOOR_GAP
    return places


def _rows(rooms: list[str], most: int) -> Iterator[list[str]]:
    """Cut a floor into rows, every second one shorter by one room."""
    start, size = 0, most
    while start < len(rooms):
        yield rooms[start : start + size]
        start, size = start + size, 2 * most - 1 - size


def _middle_of_users(room: str, house: House, places: Mapping[str, Place], otherwise: float) -> float:
    above = [places[user].box.middle for user, others in house.arrows.items() if room in others and user in places]
    return sum(above) / len(above) if above else otherwise
