"""Pictures and CVs of people who do not exist, drawn."""

from io import BytesIO

from PIL import Image, ImageDraw

from portal.demo.data import Portrait
from portal.demo.data.applied import Cv

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


#: The fonts that every reader of PDF brings: ISO 32000-1, 9.6.2.2.
_FONTS = "".join(
    f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >> "
    for key, font in (("P", "Helvetica"), ("B", "Helvetica-Bold"))
)
#: Points, on A4.
_LEFT, _TOP = 64, 770


def draw_cv(name: str, cv: Cv) -> bytes:
    """A CV of one page, as a PDF file with text that can be read aloud and searched."""
    lines = [_line("B", 22, name, 24), _line("P", 12, cv.line, 34)]
    for heading, said in cv.blocks:
        lines += [_line("B", 12, heading, 20), *(_line("P", 11, one, 17) for one in said), "0 -12 Td\n"]
    drawn = f"BT {_LEFT} {_TOP} Td\n{''.join(lines)}ET".encode("cp1252")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << {_FONTS}>> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
    )
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(file)


def _line(font: str, size: int, words: str, down: int) -> str:
    """A line of text, and the way `down` to the next one."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"/{font} {size} Tf ({escaped}) Tj 0 -{down} Td\n"
