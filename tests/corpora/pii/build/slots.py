"""The slots of a template: what `$name.form` stands for in one mail."""

from __future__ import annotations

import random
from datetime import date, timedelta

import idents
from forms import Person, date_form, number_form, plain
from pools import Pool

#: Slots that hold data of the person the mail is about, and the entity they are labelled with.
ENTITY_OF = {
    **dict.fromkeys(("p", "q", "r", "k", "m"), "PERSON"),
    **dict.fromkeys(("nhs", "badnhs"), "NHS_NUMBER"),
    **dict.fromkeys(("sort", "acct", "iban", "card"), "BANK"),
    "chi": "CHI",
    "hc": "HC_NUMBER",
    "mrn": "HOSPITAL_NO",
    "dob": "DOB",
    "cdob": "DOB",
    "addr": "ADDRESS",
    "tel": "PHONE",
    "home": "PHONE",
    "nino": "NINO",
    "pass": "PASSPORT",
    "dl": "DRIVING_LICENCE",
    "veh": "VEHICLE",
    "brp": "IMMIGRATION",
}


class Slots:
    """The values of one mail: a slot named twice has one value."""

    def __init__(self, rng: random.Random, pool: Pool, options: dict[str, str]) -> None:
        self.rng, self.pool, self.options = rng, pool, options
        self.names = rng.sample(pool.people, len(pool.people))
        self.values: dict[str, object] = {}
        self.domain = options.get("dom") or rng.choice(pool.domains)

    def value(self, name: str, form: str) -> str:
        """The text of `$name.form`; KeyError where there is no such slot."""
        base = name.rstrip("0123456789")
        if name not in self.values:
            self.values[name] = self._make(name, base)
        value = self.values[name]
        if isinstance(value, Person):
            return self._person(value, form)
        if isinstance(value, date):
            return date_form(value, form)
        if base in ("nhs", "badnhs", "chi", "hc", "ref"):
            return number_form(str(value), form)
        return dict(value)[form] if isinstance(value, dict) else str(value)

    def _person(self, person: Person, form: str) -> str:
        if form == "email":
            return f"{person.form('work')}@{self.domain}"
        return person.form(form)

    def _make(self, name: str, base: str) -> object:
        if base in "pqrkmscde":
            return self._pick(name)
        if base in ("n", "na", "nb", "nc"):
            return idents.digits(self.rng, int(name[len(base) :]))
        return getattr(self, f"_make_{base}")()

    def _pick(self, name: str) -> Person:
        wanted = self.options.get(name)
        at = next(i for i, row in enumerate(self.names) if wanted is None or row[2] == wanted)
        return Person(*self.names.pop(at))

    def _born(self) -> date:
        self.values.setdefault("dob", self._make_dob())
        return self.values["dob"]  # type: ignore[return-value]

    def _make_dob(self) -> date:
        youngest, _, oldest = self.options.get("age", "19-92").partition("-")
        return idents.birth_date(self.rng, int(youngest), int(oldest))

    def _make_cdob(self) -> date:
        return idents.birth_date(self.rng, 1, 15)

    def _make_day(self) -> date:
        return date(2026, 1, 5) + timedelta(days=self.rng.randint(0, 330))

    def _make_nhs(self) -> str:
        return idents.nhs_number(self.rng)

    def _make_badnhs(self) -> str:
        return idents.failing_nhs_number(self.rng)

    def _make_chi(self) -> str:
        return idents.chi_number(self.rng, self._born())

    def _make_hc(self) -> str:
        return idents.hc_number(self.rng)

    def _make_ref(self) -> str:
        return idents.passing_reference(self.rng)

    def _make_mrn(self) -> str:
        return self.rng.choice(("D", "X", "MRN ", "RX", "K", "H0")) + idents.digits(self.rng, 6)

    def _make_nino(self) -> dict[str, str]:
        nino = idents.nino(self.rng)
        groups = (nino[:2], nino[2:4], nino[4:6], nino[6:8], nino[8])
        return {
            "": nino,
            "sp": " ".join(groups),
            "dash": "-".join(groups),
            "lower": nino.lower(),
            "six": nino[2:8],
        }

    def _make_pass(self) -> str:
        return idents.digits(self.rng, 9)

    def _make_dl(self) -> str:
        who = self.values["p"]
        assert isinstance(who, Person)
        return idents.driving_licence(
            self.rng, plain(who.last), plain(who.first)[0], self._born(), who.gender == "f"
        )

    def _make_veh(self) -> str:
        return (
            self.rng.choice("BDKLNSYW")
            + self.rng.choice("ACDEGJ")
            + f"8{self.rng.randint(0, 9)} "
            + "".join(self.rng.sample("BCDFGHJKLMNPRTV", 3))
        )

    def _make_brp(self) -> str:
        return "Z" + self.rng.choice("UWXR") + self.rng.choice("X0123") + idents.digits(self.rng, 6)

    def _make_sort(self) -> str:
        return "-".join(idents.digits(self.rng, 2) for _ in range(3))

    def _make_acct(self) -> str:
        return idents.digits(self.rng, 8)

    def _make_iban(self) -> str:
        return idents.iban(self.rng)

    def _make_card(self) -> str:
        return idents.card(self.rng)

    def _make_tel(self) -> str:
        return f"07700 900{self.rng.randint(100, 999)}"

    def _make_home(self) -> str:
        return f"01632 960{self.rng.randint(100, 999)}"

    def _make_wtel(self) -> str:
        return (
            self.rng.choice(("0113 496 0", "0131 496 0", "0161 496 0", "029 2018 0", "028 9018 0"))
            + f"{self.rng.randint(100, 999)}"
        )

    def _make_addr(self) -> dict[str, str]:
        street = f"{self.rng.randint(1, 148)} {self.rng.choice(self.pool.streets)}"
        town, postcode = self.rng.choice(self.pool.towns), self._make_pc()
        whole = f"{street}, {town}, {postcode}"
        return {
            "": whole,
            "street": street,
            "town": town,
            "pc": postcode,
            "short": f"{street}, {town}",
            "lower": whole.lower(),
            "hl7": f"{street}^^{town}^^{postcode}",
        }

    def _make_pc(self) -> str:
        area = self.rng.choice(
            ("LS", "M", "EH", "CF", "BT", "YO", "S", "PL", "NE", "G", "SA", "WF", "TA", "B")
        )
        return f"{area}{self.rng.randint(1, 29)} {self.rng.randint(1, 9)}" + "".join(
            self.rng.sample("ABDEFGHJLNPQRSTUWXYZ", 2)
        )

    def _make_time(self) -> str:
        return f"{self.rng.randint(7, 19):02d}:{self.rng.randint(0, 59):02d}"

    def _make_ward(self) -> str:
        return self.rng.choice(self.pool.wards)

    def _make_org(self) -> str:
        return self.rng.choice(self.pool.organisations)

    def _make_job(self) -> str:
        return self.rng.choice(self.pool.jobs)

    def _make_asset(self) -> str:
        return self.rng.choice(("PC", "LT-0", "NUH", "WS")) + idents.digits(self.rng, 5)

    def _make_inc(self) -> str:
        return self.rng.choice(("INC", "SR", "RITM")) + idents.digits(self.rng, 7)

    def _make_chg(self) -> str:
        return "CHG" + idents.digits(self.rng, 7)

    def _make_ip(self) -> str:
        return f"10.{self.rng.randint(1, 250)}.{self.rng.randint(1, 250)}.{self.rng.randint(2, 250)}"

    def _make_host(self) -> str:
        return (
            self.rng.choice(("APP-", "SQL-", "CTX-", "PRT-"))
            + "".join(self.rng.sample("ABCDEFGHKLMNPRSTVWXY", 3))
            + idents.digits(self.rng, 3)
        )

    def _make_ext(self) -> str:
        return idents.digits(self.rng, 5)

    def _make_dom(self) -> str:
        return self.domain

    def _make_serial(self) -> str:
        return (
            "".join(self.rng.sample("BCDFGHJKLMNPRSTVWXY", 3))
            + idents.digits(self.rng, 2)
            + "".join(self.rng.sample("BCDFGHKLM", 2))
            + idents.digits(self.rng, 3)
        )

    def _make_mac(self) -> str:
        return ":".join(f"{self.rng.randint(0, 255):02X}" for _ in range(6))

    def _make_guid(self) -> str:
        hexes = f"{self.rng.getrandbits(128):032x}"
        return "-".join((hexes[:8], hexes[8:12], hexes[12:16], hexes[16:20], hexes[20:]))

    def _make_money(self) -> str:
        return f"£{self.rng.randint(24, 79)},{self.rng.randint(100, 999)}"
