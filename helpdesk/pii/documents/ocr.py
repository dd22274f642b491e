"""Text in pictures: where to look for lines, at which size, and each of them read once."""

from collections.abc import Iterator
from dataclasses import replace

from PIL import Image

from helpdesk.pii.documents.engine import Box, Spot, find, pixels_of, recognise
from helpdesk.pii.documents.layout import Line, share
from helpdesk.pii.documents.paper import FLAT, contrast, inked, upright

#: Pixels a side that are searched at once. The finder weighs a spot against its whole picture, and overlooks small
#: letters on a large one: of 25 numbers on made-up screens it found 25 in tiles of 800 and 960, 21 of 1,200, 19 of 1,600.
TILE = 800
ACROSS, DOWN = 320, 96  # how tiles overlap: a number cut by one stands whole in the next
PAGE_TILE = 2_600  # pixels a side of a scanned or photographed page: its letters are large, so it is
PAGE_SIDE = 1_120  # made this small for finding them; they are read at full size all the same
SMALL_SIDE = 700  # small pictures are read better twice as large
FEW_LINES = 4
LARGE_LETTERS = 60  # pixels; a tile may hold less than a word of them
SAME, MOSTLY, LEVEL = 0.9, 0.5, 0.6  # shares of a box


def read(image: Image.Image, *, page: bool = False) -> list[Line]:
    """All lines of a picture. `page`: a scan or photograph at some 200 dots an inch.

    A page is searched whole, and tile by tile where next to nothing was found. Anything else is searched
    tile by tile, and once more as a whole for letters larger than a tile.
    """
    if page:
        spots = _in_tiles(image, PAGE_TILE, PAGE_SIDE)
        if len(spots) < FEW_LINES and max(image.size) > TILE:
            spots = distinct([*spots, *_in_tiles(image, TILE, 2 * SMALL_SIDE)])
    else:
        spots = _in_tiles(image, TILE, 2 * SMALL_SIDE)
        if max(image.size) > TILE:
            spots += [spot for spot in _as_a_whole(image) if _new(spot, spots)]
    return [Line(text, spot.box) for spot, text in zip(spots, recognise(spots), strict=True) if text.strip()]


def distinct(spots: list[Spot]) -> list[Spot]:
    """What two tiles both saw is kept once, the larger sight of it."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda one: -_area(one.box)):
        if not any(share(spot.box, other.box) >= SAME for other in kept):
            kept.append(spot)
    return kept


def mended(spots: list[Spot], image: Image.Image) -> list[Spot]:
    """Lines that a tile's edge cut, as one again: overlapping sights in one row, cut out of the picture anew."""
    out: list[Spot] = []
    for spot in sorted(spots, key=lambda one: one.box[0]):
        before = next((other for other in out if _continues(other.box, spot.box)), None)
        if before is None:
            out.append(spot)
            continue
        (a, b, c, d), (e, f, g, h) = before.box, spot.box
        whole = (min(a, e), min(b, f), max(c, g), max(d, h))
        out[out.index(before)] = Spot(whole, pixels_of(upright(image.crop(whole))))
    return out


def _continues(box: Box, following: Box) -> bool:
    """Whether both are level sights of one line: they overlap sideways, and are of a height and on a level."""
    height, other = box[3] - box[1], following[3] - following[1]
    shared = min(box[3], following[3]) - max(box[1], following[1])
    level = min(height, other) > LEVEL * max(height, other) and shared > LEVEL * max(height, other)
    long = box[2] - box[0] > height and following[2] - following[0] > other
    return level and long and box[2] - following[0] > 0


def _new(spot: Spot, known: list[Spot]) -> bool:
    """A sight of the whole adds what the tiles overlooked, and letters that are larger than they show."""
    height = min(spot.box[3] - spot.box[1], spot.box[2] - spot.box[0])
    return height >= LARGE_LETTERS or sum(share(spot.box, other.box) for other in known) < MOSTLY


def _in_tiles(image: Image.Image, side: int, search: int) -> list[Spot]:
    boxes = list(tiles(image.width, image.height, side))
    spots = [spot for box in boxes for spot in _in_part(image.crop(box), box[0], box[1], search)]
    return mended(distinct(spots), image) if len(boxes) > 1 else spots


def _as_a_whole(image: Image.Image) -> list[Spot]:
    small = image.copy() if max(image.size) <= PAGE_TILE else image.resize(_within(image.size, PAGE_TILE))
    return list(_in_part(small, 0, 0, PAGE_SIDE, image.width / small.width))


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = side / max(size)
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _in_part(part: Image.Image, left: int, top: int, search: int, scale: float = 1) -> Iterator[Spot]:
    """The lines of a part whose corner stands at (left, top), and which is smaller than life by `scale`."""
    part = upright(part)
    if contrast(part) < FLAT:
        return
    box = inked(part)
    part = part.crop(box)
    twice = 2 if max(part.size) <= SMALL_SIDE else 1
    if twice > 1:
        part = part.resize((part.width * twice, part.height * twice), Image.Resampling.LANCZOS)
    for spot in find(part, search):
        yield replace(spot, box=_placed(spot.box, scale / twice, left + box[0] * scale, top + box[1] * scale))


def _placed(box: Box, scale: float, left: float, top: float) -> Box:
    return box[0] * scale + left, box[1] * scale + top, box[2] * scale + left, box[3] * scale + top


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def tiles(width: int, height: int, side: int = TILE) -> Iterator[tuple[int, int, int, int]]:
    """Boxes that cover a picture, each within `side` a side, overlapping their neighbours."""
    for top in _starts(height, side, DOWN):
        for left in _starts(width, side, ACROSS):
            yield left, top, min(left + side, width), min(top + side, height)


def _starts(length: int, side: int, overlap: int) -> list[int]:
    if length <= side:
        return [0]
    steps = -(-(length - overlap) // (side - overlap))
    return [round(step * (length - side) / (steps - 1)) for step in range(steps)]
