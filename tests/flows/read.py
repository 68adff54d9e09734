"""Read by the process that others are forks of: everything the main job reads, its word lists too, and nothing opened."""

from flows import pipeline  # noqa: F401
from transforms import words
from warehouse import flagging, load, publish  # noqa: F401

words.look("ordliste")
