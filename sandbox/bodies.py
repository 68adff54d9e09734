"""The invented bodies: fourteen municipalities and two counties that answer, and municipalities that do not.

Organisation numbers are searched for from 800 000 000, a range the register has never given out, so that each passes modulus 11
and none is real. Numbers 9001 and up are no municipality's, 91 and up no county's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True)
class Body:
    """One body. `journal` and `portal` name the protocols it is reached by; `style` is the family of its website's markup; `platforms` the
    further platforms (`sandbox.tenants`) its journal and meetings are on."""

    slug: str
    name: str
    orgnr: str
    number: str
    language: str
    style: str
    journal: str = ""
    portal: str = ""
    role: str = "kommune"
    county: str = "91"
    population: int = 5000
    name_nn: str = ""
    name_se: str = ""
    trouble: str = ""
    mayor: str = ""
    is_filler: bool = False
    platforms: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        return f"{self.slug}.kommune.no" if self.role == "kommune" else f"{self.slug}.no"

    @property
    def host(self) -> str:
        return f"www.{self.domain}"

    @property
    def home(self) -> str:
        return f"https://{self.host}/"

    @property
    def full_name(self) -> str:
        return f"{self.name} {'kommune' if self.role == 'kommune' else 'fylkeskommune'}"


def organisation_numbers(start: int = 800_000_000) -> Iterator[str]:
    """Nine-digit numbers from `start` whose last digit is the modulus 11 check digit (weights 3 2 7 6 5 4 3 2)."""
    for stem in range(start // 10, start // 10 + 10_000_000):
        digits = [int(d) for d in f"{stem:08d}"]
        check = (11 - sum(d * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11) % 11
        if check != 10:
            yield f"{stem:08d}{check}"


# slug, name, language, website family, journal protocol, portal protocol, population, mayor, other names
_ANSWERING = (
    ("fjordvik", "Fjordvik", "nb", "acos", "acos-innsyn", "ckan", 11840, "Marit Høgstølen", {}),
    ("granheim", "Granheim", "nb", "custompublish", "einnsyn", "", 6210, "Jonas Elvestrøm", {}),
    ("steinvag", "Steinvåg", "nn", "optimizely", "acos-innsyn", "", 3980, "Torbjørg Nesvoll", {}),
    ("elvedal", "Elvedal", "nn", "custompublish", "einnsyn", "ckan", 7450, "Arvid Bjørkelid", {}),
    ("kvitnes", "Kvitnes", "nb", "optimizely", "acos-innsyn", "dcat", 23100, "Solveig Tangstad", {}),
    ("lauvmark", "Lauvmark", "nb", "acos", "einnsyn", "ckan", 15320, "Henrik Dalsrud", {}),
    ("sjursund", "Sjursund", "nb", "acos", "acos-innsyn", "", 4760, "Ingunn Rabbevåg", {}),
    ("brattlia", "Brattlia", "nn", "optimizely", "einnsyn", "", 2890, "Sigurd Flatabakk", {}),
    ("solbergoy", "Solbergøy", "nb", "custompublish", "einnsyn", "ckan", 9130, "Anne-Grete Holmskar", {}),
    ("hogfoss", "Høgfoss", "nb", "optimizely", "acos-innsyn", "dcat", 31250, "Kåre Myrstuen", {}),
    ("tverrelv", "Tverrelv", "nn", "acos", "acos-innsyn", "", 5240, "Gunnhild Storegjerde", {}),
    ("storholmen", "Storholmen", "nb", "optimizely", "einnsyn", "", 8470, "Trond Kvalsundet", {}),
    ("riddovuotna", "Strandvoll", "nb", "custompublish", "einnsyn", "", 2110, "Elle-Máret Gáskavárri", {"name_se": "Riddovuona suohkan"}),
    ("myrlandet", "Myrlandet", "nb", "acos", "einnsyn", "", 12980, "Bodil Finnerud", {}),
    ("ytresolland", "Ytre Solland", "nn", "optimizely", "einnsyn", "dcat", 186000, "Oddny Karlsvoll", {"role": "fylkeskommune"}),
    ("skogmarkfylke", "Skogmark", "nb", "acos", "acos-innsyn", "ckan", 241000, "Terje Vinjestrand", {"role": "fylkeskommune"}),
)

# slug, name, language, website family, what is wrong
_TROUBLED = (
    ("grafjell", "Gråfjell", "nb", "optimizely", "robots"),
    ("takeholmen", "Tåkeholmen", "nb", "acos", "login"),
    ("utskjer", "Utskjer", "nn", "custompublish", "empty"),
    ("halvnes", "Halvnes", "nb", "optimizely", "halfway"),
    ("rustelv", "Rustelv", "nb", "custompublish", "broken"),
)

# slug, name, language, website family, platforms of its journal and meetings: boring bodies, one for each further platform
FURTHER = (
    ("ospelund", "Ospelund", "nb", "custompublish", ("acos-wfinnsyn",)),
    ("kjerringvag", "Kjerringvåg", "nn", "optimizely", ("elements-publikum",)),
    ("gamleros", "Gamlerøs", "nb", "optimizely", ("elements-einnsyn",)),
    ("torsnuten", "Torsnuten", "nb", "acos", ("360-pj", "opengov-meetings", "opengov-cases")),
    ("hellevang", "Hellevang", "nn", "optimizely", ("innsynsportal", "digdem")),
    ("skjenes", "Skjenes", "nb", "custompublish", ("digdem-rails",)),
    ("lomstad", "Lomstad", "nb", "optimizely", ("postliste-json-api", "firstagenda", "kommunetv")),
    ("vassbygd", "Vassbygd", "nn", "custompublish", ("custompublish",)),
    ("fjellhavn", "Fjellhavn", "nb", "optimizely", ("bergen-custom",)),
    ("arkivnes", "Arkivnes", "nb", "acos", ("noark5-journal",)),
    ("protokollia", "Protokollia", "nb", "optimizely", ("noark4-journal",)),
    ("papirholm", "Papirholm", "nb", "custompublish", ("pdf-journal",)),
)

# slug, name, language, website family: the bodies of the boring country that have something to tell
_COUNTRY = (
    ("hagafoss", "Hagafoss", "nb", "acos"), ("ulvdal", "Ulvdal", "nb", "optimizely"), ("kjosvik", "Kjøsvik", "nb", "custompublish"),
    ("tangeby", "Tangeby", "nb", "optimizely"), ("nordhamna", "Nordhamna", "nb", "acos"), ("fageras", "Fageråsen", "nb", "custompublish"),
    ("vestmo", "Vestmo", "nb", "acos"), ("skarnvik", "Skarnvik", "nb", "optimizely"), ("ekeroya", "Ekerøya", "nb", "acos"),
    ("bjorkum", "Bjørkum", "nb", "custompublish"), ("lindvag", "Lindvåg", "nb", "optimizely"), ("rauvatn", "Rauvatn", "nb", "acos"),
    ("storelvmo", "Storelvmo", "nb", "optimizely"), ("halsoya", "Halsøya", "nb", "custompublish"), ("granvollen", "Granvolltun", "nb", "acos"),
    ("sandhavn", "Sandhavn", "nb", "optimizely"), ("myrvika", "Myrvika", "nb", "acos"), ("tindnes", "Tindnes", "nb", "custompublish"),
    ("rosslia", "Rosslia", "nb", "optimizely"), ("oddstrand", "Oddstrand", "nb", "acos"), ("fossmark", "Fossmark", "nb", "optimizely"),
    ("kvernli", "Kvernli", "nb", "custompublish"), ("dalsfjorden", "Dalsfjordane", "nn", "optimizely"), ("hogetveit", "Høgetveit", "nn", "acos"),
    ("vikastrand", "Vikastrand", "nn", "custompublish"), ("bjorkedalen", "Bjørkedalane", "nn", "acos"), ("nesoyane", "Nesøyane", "nn", "optimizely"),
    ("skorpefjord", "Skorpefjord", "nn", "acos"), ("heimvika", "Heimvika", "nn", "custompublish"), ("lauvhamn", "Lauvhamn", "nn", "optimizely"),
)  # fmt: skip

_STEMS = ("Aspe", "Birke", "Djup", "Eng", "Furu", "Glim", "Hassel", "Isel", "Jord", "Kals", "Lyng", "Mol", "Nesse", "Oter", "Rogn", "Selje", "Tind",
          "Ulve", "Varde", "Ører")  # fmt: skip
_ENDS = ("bekken", "botn", "eidet", "fallet", "gjerdet", "heimen", "hella", "kleiva", "leira", "moen", "odden", "roa", "rydningen", "stranda",
         "sundet", "tangen", "vika", "vollen", "ås", "øya")  # fmt: skip
_STYLES = ("acos", "custompublish", "optimizely")


def all_bodies(seed: int, fillers: int = 0) -> tuple[Body, ...]:
    """The sixteen that answer, the five that do not, one for each further platform, then `fillers` boring ones.

    `seed` moves the organisation numbers, so that no test leans on one.
    """
    numbers = organisation_numbers(800_000_000 + (seed % 40) * 2_000)
    bodies = []
    for index, (slug, name, language, style, journal, portal, people, mayor, more) in enumerate(_ANSWERING):
        is_county = more.get("role") == "fylkeskommune"
        bodies.append(
            Body(slug, name, next(numbers), f"{91 + index - 14}" if is_county else f"{9001 + index}", language, style, journal, portal,
                 population=people, mayor=mayor, county=f"{91 + index % 2}" if not is_county else f"{91 + index - 14}",
                 name_nn=name if language == "nn" else "", **more)
        )  # fmt: skip
    for index, (slug, name, language, style, trouble) in enumerate(_TROUBLED):
        bodies.append(Body(slug, name, next(numbers), f"{9051 + index}", language, style, trouble=trouble, population=900 + 140 * index))
    further = organisation_numbers(800_080_000 + (seed % 40) * 200)
    for index, (slug, name, language, style, platforms) in enumerate(FURTHER):
        bodies.append(
            Body(slug, name, next(further), f"{9071 + index}", language, style, platforms=platforms, population=1500 + 310 * index, is_filler=True)
        )
    dice = Random(f"fillers {seed}")
    pairs = [(a, b) for a in _STEMS for b in _ENDS]
    dice.shuffle(pairs)
    for index in range(fillers):
        first, last = pairs[index % len(pairs)]
        tail = "" if index < len(pairs) else f"-{index // len(pairs) + 1}"
        name = f"{first}{last}{tail}"
        slug = name.lower().replace("ø", "o").replace("å", "a").replace("æ", "ae")
        bodies.append(
            Body(slug, name, next(numbers), f"{9101 + index}", dice.choice(("nb", "nb", "nn")), dice.choice(_STYLES),
                 "einnsyn" if index % 2 else "acos-innsyn", population=dice.randrange(700, 30_000), is_filler=True)
        )  # fmt: skip
    return tuple(bodies)


def country_bodies(seed: int, count: int = 0) -> tuple[Body, ...]:
    """The bodies of the boring country: those that have something to tell, and boring ones until there are `count`."""
    numbers = organisation_numbers(800_200_000 + (seed % 40) * 10_000)
    dice = Random(f"country {seed}")
    pairs = [(a, b) for a in _STEMS for b in _ENDS]
    dice.shuffle(pairs)
    named = [(*row, False) for row in _COUNTRY]
    for index in range(count - len(named)):
        first, last = pairs[index % len(pairs)]
        name = f"{first}{last}{'' if index < len(pairs) else f'-{index // len(pairs) + 1}'}"
        slug = name.lower().translate(str.maketrans({"ø": "o", "å": "a", "æ": "e"}))
        named.append((slug, name, dice.choice(("nb", "nb", "nb", "nn")), dice.choice(_STYLES), True))
    return tuple(
        Body(slug, name, next(numbers), f"{9101 + index}", language, style, population=dice.randrange(700, 30_000), is_filler=is_boring,
             platforms=("postliste-json-api",), name_nn=name if language == "nn" else "")
        for index, (slug, name, language, style, is_boring) in enumerate(named)
    )  # fmt: skip
