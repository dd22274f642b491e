"""Words in pictures, however the picture was taken and whatever it is packed in."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from PIL import Image, ImageFilter

from helpdesk.pii.documents.engine import Spot
from helpdesk.pii.documents.layout import Line, laid_out
from helpdesk.pii.documents.ocr import ACROSS, DOWN, TILE, distinct, tiles
from tests.pii.documents.build import compound, office, pictures
from tests.pii.documents.conftest import Read

NUMBER = "485 777 3456"
WORDS = ("NHS number: " + NUMBER, "Name: LEE, Ann (Ms)")


def _page() -> Image.Image:
    return pictures.words(*WORDS, size=(1654, 2339), letters=34)


def _photo() -> Image.Image:
    """Uneven light, a slant, some blur and noise."""
    image = pictures.words(*WORDS, size=(1400, 500), letters=40, paper="#c8c0b0", ink="#3a3632").rotate(
        3, fillcolor="#807868"
    )
    noise = Image.effect_noise(image.size, 24).convert("RGB")
    return Image.blend(image, noise, 0.15).filter(ImageFilter.GaussianBlur(0.8))


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "plain": lambda: pictures.words(*WORDS),
    "dark": lambda: pictures.words(*WORDS, ink="#d8d8d8", paper="#1e1e1e"),
    "faint": lambda: pictures.words(*WORDS, ink="#d6d6d6", paper="#f4f4f4"),
    "small letters": lambda: pictures.words(*WORDS, size=(400, 90), letters=12),
    "turned right": lambda: pictures.words(*WORDS).rotate(90, expand=True),
    "turned left": lambda: pictures.words(*WORDS).rotate(270, expand=True),
    "upside down": lambda: pictures.words(*WORDS).rotate(180),
    "photographed": _photo,
    "in the corner of a wide screen": lambda: _cornered(),
}


def _cornered() -> Image.Image:
    wide = Image.new("RGB", (3_840, 1_080), "#20334d")
    wide.paste(pictures.words(*WORDS, size=(420, 90), letters=13), (3_300, 900))
    return wide


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_number_in_a_picture_is_read(read: Read, name: str) -> None:
    document = read(pictures.saved(PICTURES[name]()), ocr=True)
    assert _digits(NUMBER) in _digits("".join(section.text for section in document.sections))


PACKED: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: pictures.saved(pictures.words(*WORDS), "JPEG", quality=60),
    "GIF": lambda: pictures.saved(pictures.words(*WORDS), "GIF"),
    "BMP": lambda: pictures.saved(pictures.words(*WORDS), "BMP"),
    "WEBP": lambda: pictures.saved(pictures.words(*WORDS), "WEBP"),
    "HEIC": lambda: pictures.saved(pictures.words(*WORDS), "HEIF"),
    "TIFF, second page": lambda: pictures.saved(
        pictures.words("Cover"), "TIFF", save_all=True, append_images=[pictures.words(*WORDS)]
    ),
    "TIFF as a fax": lambda: pictures.saved(
        pictures.words(*WORDS).convert("1"), "TIFF", compression="group4"
    ),
    "JPEG turned by EXIF": lambda: pictures.saved(
        pictures.words(*WORDS).rotate(90, expand=True), "JPEG", exif=pictures.turned_exif()
    ),
    "transparent PNG": lambda: pictures.saved(pictures.transparent(*WORDS)),
    "scanned PDF": lambda: pictures.scanned(pictures.words("Cover", size=(1654, 2339)), _page()),
    "PDF with text and a picture": lambda: pictures.pdf_with_picture(
        "Some words of a text layer", pictures.words(*WORDS)
    ),
    "picture in Word": lambda: office.docx(
        "", {"word/media/image1.png": pictures.saved(pictures.words(*WORDS))}
    ),
    "picture in PowerPoint 97": lambda: compound.ppt(
        ["Slide"], b"\0" * 25 + pictures.saved(pictures.words(*WORDS), "JPEG")
    ),
    "picture in Word 97": lambda: compound.doc(
        {"text": "x"}, more={"Data": b"\0" * 68 + pictures.saved(pictures.words(*WORDS))}
    ),
    "bitmap in a metafile": lambda: pictures.emf("", pictures.words(*WORDS)),
    "picture in rich text": lambda: (
        b"{\\rtf1{\\pict\\pngblip " + pictures.saved(pictures.words(*WORDS)).hex().encode() + b"}}"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKED)
def test_a_picture_waits_for_ocr_and_is_then_read_whatever_holds_it(read: Read, name: str) -> None:
    data = PACKED[name]()
    assert read(data).images_pending
    document = read(data, ocr=True)
    assert (document.unscannable, document.images_pending) == ((), False)
    assert _digits(NUMBER) in _digits(
        "".join(section.text for section in document.sections if section.kind == "image")
    )


@pytest.mark.slow
def test_the_same_logo_on_every_page_is_read_once(read: Read) -> None:
    logo = pictures.saved(pictures.words("Northmoor Trust", size=(300, 60)))
    document = read(office.docx("", {f"word/media/image{number}.png": logo for number in range(5)}), ocr=True)
    assert [section.kind for section in document.sections] == ["image"]


def test_tiles_cover_every_point_and_overlap_by_a_number() -> None:
    random.seed(7)
    for _ in range(50):
        width, height = random.randint(1, 9_000), random.randint(1, 9_000)
        boxes = list(tiles(width, height))
        assert all(right - left <= TILE and bottom - top <= TILE for left, top, right, bottom in boxes)
        across = sorted({(left, right) for left, _, right, _ in boxes})
        down = sorted({(top, bottom) for _, top, _, bottom in boxes})
        assert (across[0][0], across[-1][1], down[0][0], down[-1][1]) == (0, width, 0, height)
        assert all(before[1] - after[0] >= ACROSS for before, after in pairwise(across))
        assert all(before[1] - after[0] >= DOWN for before, after in pairwise(down))


def test_lines_are_put_in_reading_order_with_columns_apart() -> None:
    lines = [
        Line("right", (500, 12, 600, 30)),
        Line("below", (10, 50, 100, 70)),
        Line("left", (10, 10, 100, 30)),
    ]
    text, spans = laid_out(lines)
    assert text == "left\tright\nbelow"
    assert [text[start:end] == line.text for start, end, line in spans] == [True] * 3


def test_what_two_tiles_saw_is_read_once() -> None:
    whole, part, below = (Spot(box, None) for box in ((0, 0, 200, 20), (60, 0, 200, 20), (0, 30, 200, 50)))
    assert distinct([part, whole, below]) == [whole, below]
