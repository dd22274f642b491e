"""Getting a picture ready to be read: on paper, with contrast, without its empty edges."""

from typing import cast

from PIL import Image, ImageChops, ImageOps, ImageStat

LEAST_WIDTH, LEAST_HEIGHT = 40, 8  # ten digits, or letters, smaller than this are no text for anyone
FLAT = 12  # grey levels: a picture of less contrast than this shows nothing
MIDDLE_GREY = 127
PAPER = 40  # pixels left around what is drawn
MUCH = 4_000_000  # pixels; so many are not looked at just to see whether they are flat


def may_hold_text(image: Image.Image) -> bool:
    """A cheap look: big enough for ten digits either way up, and not one flat colour."""
    short, long = sorted(image.size)
    if short < LEAST_HEIGHT or long < LEAST_WIDTH:
        return False
    return image.width * image.height > MUCH or contrast(image) >= FLAT


def contrast(image: Image.Image) -> int:
    """Grey levels between the darkest and the lightest point."""
    low, high = cast("tuple[int, int]", on_paper(image).convert("L").getextrema())
    return high - low


def on_paper(image: Image.Image) -> Image.Image:
    """A transparent picture laid on white, or on black where what is drawn is light."""
    if image.mode not in ("RGBA", "LA", "PA", "RGBa") and "transparency" not in image.info:
        return image
    layered = image.convert("RGBA")
    drawn = ImageStat.Stat(
        layered.convert("L"), layered.getchannel("A").point(lambda alpha: 255 if alpha > 64 else 0)
    )
    light = bool(drawn.count[0]) and drawn.mean[0] > MIDDLE_GREY
    paper = Image.new("RGBA", layered.size, "black" if light else "white")
    paper.alpha_composite(layered)
    return paper


def upright(image: Image.Image) -> Image.Image:
    """RGB with its contrast stretched: faint pencil and dark photographs alike."""
    return ImageOps.autocontrast(on_paper(image).convert("RGB"), cutoff=0, preserve_tone=True)


def inked(image: Image.Image) -> tuple[int, int, int, int]:
    """The box of what differs from the colour of the first corner, with some paper around it."""
    paper = Image.new("RGB", image.size, cast("tuple[int, int, int]", image.getpixel((0, 0))))
    differs = ImageChops.difference(image, paper).convert("L").point(lambda level: 255 if level > FLAT else 0)
    left, top, right, bottom = differs.getbbox() or (0, 0, *image.size)
    return (
        max(left - PAPER, 0),
        max(top - PAPER, 0),
        min(right + PAPER, image.width),
        min(bottom + PAPER, image.height),
    )
