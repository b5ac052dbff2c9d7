"""Documents made for the tests."""

import io

import docx
from weasyprint import HTML


def docx_with(text: str) -> bytes:
    """A DOCX with one paragraph."""
    document, buffer = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def pdf_with(text: str) -> bytes:
    """A PDF of one page."""
    content: bytes = HTML(string=f"<p>{text}</p>").write_pdf()
    return content


# One empty page, encrypted with a password by the standard handler (revision 2, 40 bits): made once by hand.
def encrypted_pdf() -> bytes:
    """A PDF that asks for a password."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
        b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + b"a1" * 32 + b">/U<" + b"b2" * 32 + b">>>endobj\n"
    )
    places = [body.index(b"%d 0 obj" % number) for number in range(1, 5)]
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + table + tail
