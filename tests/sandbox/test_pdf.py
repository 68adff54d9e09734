"""The PDF files can be read back by a real reader, every Norwegian and Sámi letter of them."""

from __future__ import annotations

import pypdfium2
import pytest

from sandbox import pdf


def read(body: bytes) -> tuple[str, int, str]:
    document = pypdfium2.PdfDocument(body)
    text = "\n".join(document[n].get_textpage().get_text_bounded() for n in range(len(document)))
    return document.get_metadata_dict()["Title"], len(document), " ".join(text.split())


@pytest.mark.parametrize("text", ["Vedtatt 12. mars: æøå ÆØÅ «sitat» – 5 % (fem) \\ § 3", "Áššebáhpirat leat almmolaččat: čđŋšŧž ČĐŊŠŦŽ", "Kari sa: “nei” … €"])
def test_letters_come_back(text):
    title, pages, found = read(pdf.write("Etiske retningslinjer – åpenhet", text))
    assert (title, pages) == ("Etiske retningslinjer – åpenhet", 1)
    assert text in found


def test_a_long_text_runs_over_pages_and_loses_no_word():
    words = " ".join(f"ord{n}" for n in range(4000))
    _, pages, found = read(pdf.write("Langt", words))
    assert pages > 5 and found == f"Langt {words}"


def test_the_same_text_is_the_same_file():
    assert pdf.write("A", "b\n\nc") == pdf.write("A", "b\n\nc")
