"""QR codes as inline pictures."""

import segno


def svg(url: str) -> str:
    """A QR code of an address as SVG that stands in a page or a PDF."""
    return str(
        segno.make(url, error="m").svg_inline(scale=2, border=1, svgclass="p-qr", lineclass=None, omitsize=False)
    )
