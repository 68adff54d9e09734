"""Reading: rows into tables, titles through the privacy gate, pages by the rubric."""

from __future__ import annotations

import json
import re

import pandas as pd

from bench import material
from bench.found import Found, rate, seconds
from catalogue import rubric, terms
from sandbox import bank, days
from transforms import privacy, verdict
from transforms.normalise import normalise

NAME_OR_NUMBER = re.compile(r"\b[A-ZÆØÅ]\w+ [A-ZÆØÅ]\w+\b|\b\d{11}\b")


def rows() -> Found:
    """Staged parts of a journal: merged, typed, masked, hashed and held against the contract."""
    staged = material.staged()
    ours = seconds(lambda: normalise(staged, today=days.DEFAULT_DAY))

    def floor() -> pd.DataFrame:
        fields = pd.DataFrame.from_records([json.loads(payload) for payload in staged["payload"]])
        return pd.concat([staged, fields.add_prefix("said_")], axis=1)

    return Found(len(staged) / ours, len(staged) / seconds(floor), "rows/s", "json.loads and one pandas frame, nothing checked or masked")


def gate() -> Found:
    """Distinct journal titles, one in six with a private person's name."""
    said = (json.loads(p) for p in material.staged()["payload"])
    titles = sorted({f"{record['title']} {number}" for number, record in enumerate(said) if record.get("title")})
    rate(lambda title: privacy.mask(title, privacy.Tier.TITLE), titles[::50])
    ours = rate(lambda title: privacy.mask(title, privacy.Tier.TITLE), titles)
    plain = rate(lambda title: NAME_OR_NUMBER.sub("[person]", title), titles)
    return Found(ours, plain, "titles/s", "one regular expression for two words with capitals")


def matching() -> Found:
    """Pages by all 61 practices: terms, look-alikes, cues, the seven tests with the words that show them."""
    words, told = rubric.load(), bank.load()
    texts = [t for i in told.initiatives for t in i.documents if t.kind == "page"] + [t for t in told.lookalikes if t.kind == "page"]
    stems = sorted({terms.stem(term.lstrip("*=")).lower() for practice in words.practices for term in practice.terms.all()})
    for text in texts[::4]:
        verdict.judge(text.title, text.text, words)
    fresh = [text for number, text in enumerate(texts) if number % 4]
    ours = rate(lambda text: verdict.judge(text.title, text.text, words), fresh)

    def count(text: bank.Text) -> int:
        low = f"{text.title} {text.text}".lower()
        return sum(low.count(stem) for stem in stems)

    return Found(ours, rate(count, fresh), "pages/s", f"str.count of the {len(stems):,} stems of the rubric's terms")
