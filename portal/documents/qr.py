"""QR codes as inline pictures."""

from base64 import b64encode

import segno


def svg(url: str) -> str:
    """A QR code of an address as SVG that stands in a page or a PDF."""
    return str(
        segno.make(url, error="m").svg_inline(scale=2, border=1, svgclass="p-qr", lineclass=None, omitsize=False)
    )


def as_address(picture: str) -> str:
    """An SVG as an address that an image can have without anything being fetched."""
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"
