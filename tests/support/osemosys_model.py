"""OSeMOSYS data (GNU MathProg) as a program of ours, for one region and one store, in tests alone.

Laws of OSeMOSYS, read in its ``osemosys.txt``: capacity is what is left and what was built within
its life; activity by slice within capacity; fuels balance by slice and by year; a reserve margin on
tagged fuels; capital discounted to the start of its year, operation to the middle; salvage by the
sinking fund; a store whose level starts known and stays within what it holds.
"""

import re
from collections import defaultdict
from itertools import product

import numpy as np

from hengtan.outlook.linear import Program


def read(text):
    """Sets and parameters of a data section; a parameter knows its default."""
    plain = re.sub(r"#.*", "", text)
    sets, parameters = {}, {}
    for statement in plain.split(";"):
        words = statement.split()
        if words[:1] == ["set"]:
            sets[words[1]] = words[3:] if words[2] == ":=" else words[2:]
        elif words[:1] == ["param"]:
            _parameter(statement, parameters)
    return sets, parameters


def _parameter(statement, parameters):
    name, rest = re.match(r"\s*param\s+(\w+)(.*)", statement, re.S).groups()
    stated = re.match(r"\s*default\s+([^\s:=]+)(.*)", rest, re.S)
    default, rest = (stated.group(1), stated.group(2)) if stated else ("0", rest)
    if re.fullmatch(r'\s*:=\s*"[^"]*"\s*', rest):
        return
    values = parameters[name] = defaultdict(lambda: float(default))
    if "[" not in rest:
        _table(rest, ("*", "*"), values)
    for pattern, table in re.findall(r"\[([^\]]*)\]([^\[]*)", rest):
        _table(table, tuple(part.strip() for part in pattern.split(",")), values)


def _table(text, pattern, values):
    """Rows under a heading of columns; stars of the pattern stand for row and column."""
    heading, _, rows = text.partition(":=")
    columns = heading.replace(":", " ").split()
    words = rows.split()
    for start in range(0, len(words), len(columns) + 1):
        row, *cells = words[start : start + len(columns) + 1]
        for column, cell in zip(columns, cells, strict=True):
            filled = iter((row, column))
            key = tuple(next(filled) if part == "*" else part for part in pattern)
            values[key] = float(cell)


class Osemosys:
    """The least-cost program of a data section."""

    def __init__(self, text):
        self.sets, self.data = read(text)
        (self.region,) = self.sets["REGION"]
        self.years = [int(year) for year in self.sets["YEAR"]]
        self.technologies = self.sets["TECHNOLOGY"]
        self.slices, self.modes = self.sets["TIMESLICE"], self.sets["MODE_OF_OPERATION"]
        self.rate = self.data["DiscountRate"]["none",]
        self.program = Program("OSeMOSYS")

    def of(self, name, *key):
        """A parameter of the region."""
        return self.data[name][(self.region, *map(str, key))]

    def build(self):
        """Variables in their units of activity and capacity, and all laws."""
        shape = (len(self.technologies), len(self.years))
        self.new = self.program.variable("new", shape, cost=self._each(self._capital))
        lower = self._each(lambda t, y: self.of("TotalAnnualMinCapacity", t, y))
        upper = self._each(self._most)
        fixed = self._each(lambda t, y: self.of("FixedCost", t, y) / self._middle(y))
        self.total = self.program.variable("total", shape, lower=lower, upper=upper, cost=fixed)
        activity = (len(self.technologies), len(self.modes), len(self.slices), len(self.years))
        self.activity = self.program.variable("activity", activity, cost=self._running())
        self._capacity()
        self._balances()
        self._reserve()
        self._store()
        return self.program

    def _each(self, value):
        return np.array([[value(t, y) for y in self.years] for t in self.technologies])

    def _most(self, technology, year):
        most = self.of("TotalAnnualMaxCapacity", technology, year)
        return np.inf if most == -1 else most

    def _middle(self, year):
        return (1 + self.rate) ** (year - self.years[0] + 0.5)

    def _life(self, technology):
        life = self.data["OperationalLife"]
        return int(life.get((self.region, technology), 1))

    def _capital(self, technology, year):
        """Capital less what is left of it at the end, both discounted."""
        cost, grown = self.of("CapitalCost", technology, year), 1 + self.rate
        first, last, life = self.years[0], self.years[-1], self._life(technology)
        salvage = 0.0
        if year + life - 1 > last:
            salvage = 1 - (grown ** (last - year + 1) - 1) / (grown**life - 1)
        return cost * (grown ** (first - year) - salvage * grown ** (first - last - 1))

    def _running(self):
        split = self._split()
        cost = np.array(
            [
                [
                    [self.of("VariableCost", t, m, y) / self._middle(y) for y in self.years]
                    for m in self.modes
                ]
                for t in self.technologies
            ]
        )
        return cost[:, :, None, :] * split

    def _split(self):
        data = self.data["YearSplit"]
        return np.array([[data[s, str(y)] for y in self.years] for s in self.slices])

    def _capacity(self):
        left = self._each(lambda t, y: self.of("ResidualCapacity", t, y))
        stock = self.program.equal("stock", self.total.shape, left)
        self.program.put(stock.at, self.total.at)
        for place, technology in enumerate(self.technologies):
            for now, built in product(range(len(self.years)), repeat=2):
                if 0 <= self.years[now] - self.years[built] < self._life(technology):
                    self.program.put(stock[place, now], self.new[place, built], -1.0)
        shape = (len(self.technologies), len(self.slices), len(self.years))
        room = self.program.row("room", shape, upper=0.0)
        for mode in range(len(self.modes)):
            self.program.put(room.at, self.activity[:, mode])
        share = np.array(
            [
                [[self.of("CapacityFactor", t, s, y) for y in self.years] for s in self.slices]
                for t in self.technologies
            ]
        )
        self.program.put(room.at, self.total.at[:, None, :], -share * self._unit()[:, None, None])

    def _unit(self):
        data = self.data["CapacityToActivityUnit"]
        return np.array([data[self.region, t] for t in self.technologies])

    def _ratio(self, name, fuel):
        """Technologies × modes × years."""
        return np.array(
            [
                [[self.of(name, t, fuel, m, y) for y in self.years] for m in self.modes]
                for t in self.technologies
            ]
        )

    def _balances(self):
        split = self._split()
        for fuel in self.sets["FUEL"]:
            net = self._ratio("OutputActivityRatio", fuel) - self._ratio("InputActivityRatio", fuel)
            asked = [self.of("SpecifiedAnnualDemand", fuel, y) for y in self.years]
            profile = [
                [self.of("SpecifiedDemandProfile", fuel, s, y) for y in self.years]
                for s in self.slices
            ]
            by_slice = self.program.row(
                f"{fuel} by slice", split.shape, lower=np.array(profile) * asked
            )
            whole = [self.of("AccumulatedAnnualDemand", fuel, y) for y in self.years]
            by_year = self.program.row(f"{fuel} by year", len(self.years), lower=whole)
            weight = net[:, :, None, :] * split
            self.program.put(by_slice.at, self.activity.at, weight)
            self.program.put(by_year.at, self.activity.at, weight)

    def _reserve(self):
        margin = np.array([self.of("ReserveMargin", y) for y in self.years])
        row = self.program.row("reserve", (len(self.slices), len(self.years)), upper=0.0)
        counted = self._each(lambda t, y: self.of("ReserveMarginTagTechnology", t, y))
        counted = counted * self._unit()[:, None]
        self.program.put(row.at, self.total.at[:, None, :], -counted[:, None, :])
        for fuel in self.sets["FUEL"]:
            tag = np.array([self.of("ReserveMarginTagFuel", fuel, y) for y in self.years])
            made_of = self._ratio("OutputActivityRatio", fuel)[:, :, None, :]
            self.program.put(row.at, self.activity.at, made_of * tag * margin)

    def _store(self):
        """Level at each season's start and end, within what the store holds, for its one store."""
        (store,) = self.sets["STORAGE"]
        data = self.data
        start = data["StorageLevelStart"]["none",]
        holds = data["ResidualStorageCapacity"]["none",]
        split = self._split()
        sign = np.array(
            [
                [
                    self.of("TechnologyToStorage", t, store, m)
                    - self.of("TechnologyFromStorage", t, store, m)
                    for m in self.modes
                ]
                for t in self.technologies
            ]
        )
        technologies, modes = np.nonzero(sign)
        order = [
            (year, season) for year in range(len(self.years)) for season in self.sets["SEASON"]
        ]
        level = self.program.variable("level", len(order) + 1, upper=holds)
        begins = self.program.equal("begins", 1, start)
        self.program.put(begins[0], level[0])
        change = self.program.equal("level changes", len(order), 0.0)
        self.program.put(change.at, level[1:])
        self.program.put(change.at, level[:-1], -1.0)
        for number, (year, season) in enumerate(order):
            of_season = [n for n, s in enumerate(self.slices) if data["Conversionls"][s, season]]
            for technology, mode in zip(technologies, modes, strict=True):
                used = self.activity[technology, mode, of_season, year]
                weight = -sign[technology, mode] * split[of_season, year]
                self.program.put(change[number], used, weight)
