"""What the columns of a campaign file mean, by their names and first cells; a visitor may say otherwise."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, get_args

from engine.errors import DataError
from engine.files.numbers import is_number, is_percent
from engine.files.shown import listed, quoted, shown
from engine.files.tables import Table
from engine.files.times import NOT_GIVEN, Order, hours_of

Role = Literal[
    "variant", "sends", "opens", "clicks", "conversions", "conversion_rate", "revenue",
    "converted", "value", "sent_at", "converted_at", "audience", "device", "time_of_day", "segment", "ignore",
]  # fmt: skip
Shape = Literal["variants", "recipients"]
AnyRole = TypeVar("AnyRole", bound=str)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
COUNTS: Final[tuple[Role, ...]] = ("sends", "opens", "clicks", "conversions")
SEGMENTS: Final[tuple[Role, ...]] = ("audience", "device", "time_of_day", "segment")
YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "t"})
NO: Final = frozenset({"0", "0.0", "no", "n", "false", "f", ""})
MOST_LABELS: Final = 64

VARIANT_NAMES: Final = (
    "variant", "variation", "variantname", "variationname", "version", "arm", "treatment", "subjectline", "subject", "ab", "abtest",
    "abgroup", "testgroup", "testvariant", "creative", "emailname", "emailversion", "group", "cell", "bucket", "email",
    "campaignname", "campaign", "name", "title", "segment",
)  # fmt: skip
_UNSURE: Final = frozenset({"segment"})
"""Names that are said of variants and of audiences alike: what the cells say decides."""
_BY_VARIANT: Final[Mapping[Role, Sequence[str]]] = {
    "sends": (
        "sends", "sent", "emailssent", "messagessent", "sendcount", "delivered", "deliveries", "emailsdelivered", "recipients",
        "impressions", "users", "visitors", "audiencesize", "contacts", "trials",
    ),
    "opens": ("uniqueopens", "opens", "opened", "openscount"),
    "clicks": ("uniqueclicks", "clicks", "clicked", "clickscount"),
    "conversions": (
        "uniqueconversions", "conversions", "converted", "conversion", "orders", "uniqueorders", "purchases", "placedorder",
        "uniqueplacedorder", "signups", "goals", "goalcompletions", "sales",
    ),
    "conversion_rate": (
        "conversionrate", "convrate", "cvr", "cr", "orderrate", "placedorderrate", "purchaserate", "percentconverted",
    ),
    "revenue": ("revenue", "orderrevenue", "turnover", "ordervalue", "salesvalue", "amount", "income", "value"),
}  # fmt: skip
BY_RECIPIENT: Final[Mapping[Role, Sequence[str]]] = {
    "converted": (
        "converted", "conversion", "conversions", "isconverted", "hasconverted", "purchased", "purchase", "ordered", "order",
        "orders", "placedorder", "bought", "signedup", "signup", "responded", "response", "goal", "outcome", "success",
        "clicked", "click", "clicks", "visit", "visits", "visited", "opened", "open", "opens",
    ),
    "value": ("value", "conversionvalue", "ordervalue", "orderamount", "spend", "spent", "revenue", "amount", "sales"),
    "sent_at": (
        "sentat", "senton", "senttime", "sentdate", "sendtime", "senddate", "sendat", "sent", "deliveredat", "timestamp",
    ),
    "converted_at": (
        "convertedat", "convertedon", "conversiontime", "conversiondate", "conversionat", "orderedat", "orderdate",
        "purchasedat", "purchasedate", "clickedat",
    ),
    "audience": ("audience", "customertype", "customersegment", "usertype", "newbie", "historysegment", "customergroup"),
    "device": ("device", "devicetype", "platform"),
    "time_of_day": ("timeofday", "daypart", "partofday"),
}  # fmt: skip
"""In order of preference: of several columns that could have a role, the one named first has it."""
_SPOKEN_FOR: Final = frozenset(
    name for role in ("converted", "value", "sent_at", "converted_at") for name in BY_RECIPIENT[role]
)
"""Names of columns that tell something else than groups."""
_ALIKE: Final[Mapping[Role, Role]] = {"conversions": "converted", "revenue": "value"}
"""What is the same in both shapes, under the names that it has in each."""
_FILLERS: Final = frozenset(
    {"total", "number", "count", "of", "no", "num", "nr", "the", "a", "gross", "usd", "eur", "gbp"}
)
_LIKE_A_VARIANT: Final = re.compile(
    r"e-?mails?\b|\bmails?\b|\bvariant|\bvariation|\bversion|\bsubject|\bcontrol\b|\btreatment|\btest\b|\bhold-?out\b|^[a-h][0-9]?$",
    re.IGNORECASE,
)
_LIKE_AN_AUDIENCE: Final = re.compile(
    r"\b(?:new|existing|loyal|vip|returning|active|inactive|lapsed|dormant|prospects?|leads?|customers?|subscribers?|members?"
    r"|men|women|male|female|mobile|desktop|tablet|phone|gold|silver|bronze|young|old|urban|rural|high|medium|low|b2b|b2c"
    r"|morning|afternoon|evening|night|everyone|all)\b|\d+ ?[-–+] ?\d*",
    re.IGNORECASE,
)
_SAMPLES: Final = 2


@dataclass(frozen=True)
class Column:
    """A column as it was understood."""

    title: str
    role: Role
    samples: tuple[str, ...]  # its first two cells that differ


@dataclass(frozen=True)
class Recognition:
    """What a file's header and first rows say."""

    shape: Shape
    columns: tuple[Column, ...]
    notes: tuple[str, ...]  # what was decided, in plain sentences
    questions: tuple[str, ...]  # what has to be answered by roles before the file can be read

    @property
    def roles(self) -> dict[str, Role]:
        """The role of each column by its title."""
        return {column.title: column.role for column in self.columns}


def recognised(
    table: Table, filename: str, roles: Mapping[str, str] | None = None, outcome: str | None = None
) -> Recognition:
    """Return the role of each column, "ignore" for those without one; what `roles` and `outcome` say wins.

    Raises:
        DataError: `roles` or `outcome` name a column that is not there, or a role that does not exist.

    >>> from engine.files.tables import Row, table_of
    >>> rows = [Row(1, ["Subject line", "Delivered", "Orders", "Bounces"]), Row(2, ["A", "100", "4", "1"])]
    >>> list(recognised(table_of(lambda: iter(rows), "a.csv"), "a.csv").roles.values())
    ['variant', 'sends', 'conversions', 'ignore']
    """
    reading = _Reading(table, filename)
    given = checked(table.titles, roles or {}, ROLES, several=("ignore", "segment"))
    if outcome is not None:
        given = {title: role for title, role in given.items() if role not in {"conversions", "converted"}}
        given[reading.outcome(outcome)] = "conversions"
    return reading.recognition(given)


def plain(title: str) -> str:
    """Return a title without case, punctuation, brackets and words that say nothing.

    >>> plain("Total Sends (n)"), plain("No. of conversions"), plain("SENT_AT"), plain("Conversion rate %")
    ('sends', 'conversions', 'sentat', 'conversionrate')
    """
    words = re.findall(r"[a-z0-9]+", re.sub(r"[(\[].*?[)\]]", " ", title.lower()))
    return "".join([word for word in words if word not in _FILLERS] or words)


class _Reading:
    """A table's titles and first rows, asked about roles."""

    def __init__(self, table: Table, filename: str) -> None:
        self._filename = filename
        self._titles = table.titles
        self._plain = {title: plain(title) for title in table.titles}
        rows = table.head()
        self._rows = len(rows)
        self._cells = {title: [row.cells[place] for row in rows] for place, title in enumerate(table.titles)}
        self._notes: list[str] = []
        self._questions: list[str] = []

    def outcome(self, said: str) -> str:
        """Return the title of the column that a visitor calls the outcome."""
        wanted = plain(said).removesuffix("s")
        fitting = [title for title in self._titles if title == said]
        fitting += [title for title in self._titles if self._plain[title].removesuffix("s") == wanted]
        fitting += [
            title for title in self._titles if self._plain[title].removeprefix("unique").removesuffix("s") == wanted
        ]
        if not fitting:
            raise DataError(
                f"outcome: got {quoted(said)}, which the file does not have. Choose among {listed(self._titles)}."
            )
        return fitting[0]

    def recognition(self, given: dict[str, Role]) -> Recognition:
        """Return the role of every column."""
        shape = self._shape(given)
        found = {title: _in_shape(role, shape) for title, role in given.items()}
        if "variant" not in found.values():
            self._find_variant(found, shape)
        self._find_others(found, shape)
        if shape == "recipients":
            self._find_segments(found)
        self._ask(found, shape)
        columns = tuple(Column(title, found.get(title, "ignore"), self._samples(title)) for title in self._titles)
        return Recognition(shape, columns, tuple(self._notes), tuple(self._questions))

    # Shape

    def _shape(self, given: Mapping[str, Role]) -> Shape:
        told = set(given.values())
        if told & {"sends", "opens", "clicks", "conversion_rate"}:
            return "variants"
        if told & {"converted", "value", "sent_at", "converted_at", *SEGMENTS}:
            return "recipients"
        sends = self._fitting("sends", _BY_VARIANT["sends"], set(given))
        return "variants" if sends and not self._counts_one_by_one(sends[0]) else "recipients"

    def _counts_one_by_one(self, title: str) -> bool:
        """Whether a column of sends holds ones for recipients, not counts of variants."""
        is_binary = {cell.lower() for cell in self._cells[title]} <= YES | NO
        names = next(iter(self._named(VARIANT_NAMES, set())), None)
        return is_binary and names is not None and len(set(self._cells[names])) < self._rows

    # Roles

    def _find_variant(self, found: dict[str, Role], shape: Shape) -> None:
        named = [title for title in self._named(VARIANT_NAMES, set(found)) if self._could_name_variants(title, shape)]
        sure = [title for title in named if self._plain[title] not in _UNSURE or self._reads(title, _LIKE_A_VARIANT)]
        unlike = [title for title in sure if not self._reads_like_audiences(title)]
        if chosen := unlike or (sure if shape == "variants" else []):
            found[chosen[0]] = "variant"
        elif shape == "variants" and named:
            found[named[0]] = "variant"
        else:
            self._ask_for_variant(named, found)

    def _ask_for_variant(self, named: list[str], found: Mapping[str, Role]) -> None:
        candidates = named or [
            title for title in self._titles if title not in found and self._reads(title, _LIKE_A_VARIANT)
        ]
        if candidates and not self._is_headless():
            which = "; ".join(f"{quoted(title)} holds {listed(self._different(title))}" for title in candidates[:4])
            self._questions.append(
                f'{shown(self._filename)}: no column surely names the variants: {which}. Give the one that does the role "variant".'
            )
            return
        self._missing("the variants", "variant")

    def _find_others(self, found: dict[str, Role], shape: Shape) -> None:
        for role, names in (_BY_VARIANT if shape == "variants" else BY_RECIPIENT).items():
            if role in found.values():
                continue
            fitting = self._fitting(role, names, set(found))
            if fitting:
                found[fitting[0]] = role
            if role == "converted" and len(fitting) > 1:
                others = [title for title in fitting[1:] if set(map(str.lower, self._cells[title])) <= YES | NO]
                self._tell_outcomes(fitting[0], others)

    def _tell_outcomes(self, chosen: str, others: list[str]) -> None:
        if others:
            self._notes.append(
                f"Conversions are what {quoted(chosen)} says; {listed([quoted(one) for one in others])} could count instead."
            )

    def _find_segments(self, found: dict[str, Role]) -> None:
        for title in self._titles:
            different = set(self._cells[title])
            is_coarse = 1 < len(different) <= max(_SAMPLES, min(MOST_LABELS, self._rows // 4))
            is_text = not any(map(is_number, different)) and not _are_times(different)
            if title not in found and is_coarse and is_text and self._plain[title] not in _SPOKEN_FOR:
                found[title] = "segment"

    # What fits

    def _fitting(self, role: Role, names: Sequence[str], taken: set[str]) -> list[str]:
        """Return the columns that could have a role: by name, and no cell speaks against it; the best first."""
        fits = _CELLS_FIT.get(role, _anything)
        titles = [title for title in self._named(names, taken) if fits(self._filled(title))]
        if role == "conversion_rate":
            rates = self._named(_BY_VARIANT["conversions"], taken)
            titles += [title for title in rates if "%" in title or _are_percents(self._filled(title))]
        if role == "conversions":
            titles = [title for title in titles if "%" not in title]
        return titles

    def _named(self, names: Sequence[str], taken: set[str]) -> list[str]:
        fitting = [title for title in self._titles if title not in taken and self._plain[title] in names]
        return sorted(fitting, key=lambda title: names.index(self._plain[title]))

    def _could_name_variants(self, title: str, shape: Shape) -> bool:
        """Names of variants differ; in a row a recipient they come back, in a row a variant they are all there are."""
        cells, different = self._filled(title), self._different(title)
        if len(different) < _SAMPLES:
            return self._rows < _SAMPLES or not self._has_rivals(title)
        if shape == "recipients":
            return len(different) <= max(MOST_LABELS, len(cells) // 2) or not self._has_rivals(title)
        return not all(map(is_number, cells)) or not self._has_rivals(title)

    def _has_rivals(self, title: str) -> bool:
        return len(self._named(VARIANT_NAMES, {title})) > 0

    def _reads(self, title: str, words: re.Pattern[str]) -> bool:
        different = self._different(title)
        return bool(different) and sum(bool(words.search(cell)) for cell in different) * 2 >= len(different)

    def _reads_like_audiences(self, title: str) -> bool:
        """Strong names are not doubted."""
        is_weak = self._plain[title] in VARIANT_NAMES[VARIANT_NAMES.index("group") :]
        return is_weak and self._reads(title, _LIKE_AN_AUDIENCE) and not self._reads(title, _LIKE_A_VARIANT)

    def _filled(self, title: str) -> list[str]:
        return [cell for cell in self._cells[title] if cell]

    def _different(self, title: str) -> list[str]:
        return list(dict.fromkeys(self._filled(title)))

    def _samples(self, title: str) -> tuple[str, ...]:
        return tuple(map(str, self._different(title)[:_SAMPLES]))

    # What is missing

    def _ask(self, found: Mapping[str, Role], shape: Shape) -> None:
        has = set(found.values())
        if shape == "variants":
            if "sends" not in has:
                self._missing("how many were sent", "sends")
            if not has & {"conversions", "conversion_rate"}:
                self._missing("who converted, or how many", "conversions")
        elif not has & {"converted", "converted_at"}:
            self._missing("who converted, or how many", "conversions")
        elif self._counts_without_sends(found):
            self._missing("how many were sent", "sends")

    def _counts_without_sends(self, found: Mapping[str, Role]) -> bool:
        """Whether what looks like a row a recipient has conversions in numbers: a row a variant without its sends."""
        title = next((title for title, role in found.items() if role == "converted"), None)
        names = next((title for title, role in found.items() if role == "variant"), None)
        if title is None or names is None:
            return False
        numbers = [cell for cell in self._filled(title) if cell.lower() not in YES | NO and is_number(cell)]
        return bool(numbers) and len(self._different(names)) == self._rows

    def _missing(self, what: str, role: Role) -> None:
        remedy = (
            "Its first row looks like numbers: add a row that names the columns."
            if self._is_headless()
            else f'Name one so, or give the right one the role "{role}".'
        )
        self._questions.append(
            f"{shown(self._filename)}: no column says {what}; it has {listed(self._titles)}. {remedy}"
        )

    def _is_headless(self) -> bool:
        return sum(map(is_number, self._titles)) * 2 >= len(self._titles)


def _in_shape(role: Role, shape: Shape) -> Role:
    if shape == "recipients":
        return _ALIKE.get(role, role)
    return next((mine for mine, theirs in _ALIKE.items() if theirs == role), role)


def _anything(_cells: Sequence[str]) -> bool:
    return True


def _are_times(cells: Sequence[str] | set[str]) -> bool:
    given = [cell for cell in cells if cell.lower() not in NOT_GIVEN]
    return bool(given) and all(
        any(hours_of(cell, Order(day_first, is_sure=True)) is not None for day_first in (True, False)) for cell in given
    )


def _are_counts(cells: Sequence[str]) -> bool:
    """Likewise one number will do."""
    return (
        not cells
        or any(map(is_number, cells))
        or not (_are_times(cells) or {cell.lower() for cell in cells} <= YES | NO)
    )


def _are_percents(cells: Sequence[str]) -> bool:
    return bool(cells) and all(map(is_percent, cells))


def _are_numbers_other_than_percents(cells: Sequence[str]) -> bool:
    return not _are_percents(cells)


def _hold_times(cells: Sequence[str]) -> bool:
    """One time will do: the cells that are none are to be named, not to hide the column."""
    return not cells or any(_are_times([cell]) for cell in cells)


_CELLS_FIT: Final[Mapping[Role, Callable[[Sequence[str]], bool]]] = {
    "sends": _are_counts,
    "conversions": _are_numbers_other_than_percents,
    "sent_at": _hold_times,
    "converted_at": _hold_times,
    "converted": lambda cells: not _are_times(cells) or {cell.lower() for cell in cells} <= YES | NO,
}


def checked(
    titles: Sequence[str], roles: Mapping[str, str], known: Sequence[AnyRole], several: Sequence[AnyRole]
) -> dict[str, AnyRole]:
    """Return what a visitor says of columns; `several` are the known roles that more than one may have.

    Raises:
        DataError: a column that is not there, a role that does not exist, or one that was given twice.

    >>> checked(["Who", "Sent"], {"Who": "variant"}, ROLES, several=("ignore",))
    {'Who': 'variant'}
    """
    given: dict[str, AnyRole] = {}
    for title, name in roles.items():
        if title not in titles:
            raise DataError(
                f"roles: got the column {quoted(title)}, which the file does not have. Choose among {listed(titles)}."
            )
        role = next((role for role in known if role == name), None)
        if role is None:
            raise DataError(f"roles: got {quoted(str(name))} for {quoted(title)}; must be one of {', '.join(known)}.")
        if role in given.values() and role not in several:
            raise DataError(
                f"roles: got several columns for {role}, the last {quoted(title)}; one can have it. Ignore the others."
            )
        given[title] = role
    return given
