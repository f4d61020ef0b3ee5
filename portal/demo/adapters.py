"""Pictures of people who do not exist, drawn."""

from io import BytesIO

from PIL import Image, ImageDraw

from portal.demo.data import Portrait

#: Pixels of the picture; it is drawn larger, for smooth edges.
_SIDE = 256
_FINE = 4


def draw_portrait(portrait: Portrait) -> bytes:
    """Head and shoulders in plain shapes, as a PNG file."""
    picture = Image.new("RGB", (_SIDE * _FINE, _SIDE * _FINE), portrait.background)
    draw = ImageDraw.Draw(picture)

    def oval(left: float, top: float, right: float, bottom: float, colour: str) -> None:
        draw.ellipse([value * _SIDE * _FINE for value in (left, top, right, bottom)], fill=colour)

    if portrait.has_long_hair:
        oval(0.25, 0.16, 0.75, 0.86, portrait.hair)
    oval(0.14, 0.72, 0.86, 1.40, portrait.clothes)
    oval(0.41, 0.52, 0.59, 0.80, portrait.skin)
    oval(0.29, 0.15, 0.71, 0.56, portrait.hair)
    oval(0.32, 0.23, 0.68, 0.66, portrait.skin)
    smooth = picture.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    file = BytesIO()
    smooth.save(file, "PNG")
    return file.getvalue()
