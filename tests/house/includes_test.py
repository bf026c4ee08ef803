#!/usr/bin/env python3
"""Who uses what a precompiled header brings has to include it: itself, by its own header or by another header of the project.
  usage: includes_test.py SOURCE_ROOT [--prove]

Precompiled headers (platen_precompiled in cmake/platen.cmake) hide a forgotten #include from the compiler; this looks for the names.
--prove plants a use of each header in a file without includes and fails unless every one of them is found."""

import functools
import re
import sys
import tempfile
from pathlib import Path

STD = r"\bstd::(?:ranges::)?"
# header: a name that only it brings
NAMES = {
    "algorithm": STD + r"(?:all_of|any_of|none_of|find|find_if|find_if_not|count|count_if|sort|stable_sort|min|max|clamp|copy|copy_if|transform"
                       r"|reverse|unique|lower_bound|upper_bound|equal_range|binary_search|min_element|max_element|shuffle|search|replace"
                       r"|partition|nth_element|is_sorted|generate|fill|rotate|mismatch|adjacent_find|set_difference|includes)\(",
    "array": STD + r"array\b",
    "charconv": STD + r"(?:to_chars|from_chars)\b",
    "chrono": STD + r"(?:chrono\b|chrono_literals\b)",
    "condition_variable": STD + r"condition_variable(?:_any)?\b",
    "deque": STD + r"deque\b",
    "filesystem": STD + r"filesystem\b",
    "fstream": STD + r"(?:i|o)?fstream\b",
    "functional": STD + r"(?:function|less|greater|hash|reference_wrapper|invoke|bind_front|not_fn)\b",
    "map": STD + r"(?:multi)?map\b",
    "memory": STD + r"(?:unique_ptr|shared_ptr|weak_ptr|make_unique|make_shared|enable_shared_from_this)\b",
    "mutex": STD + r"(?:mutex|recursive_mutex|lock_guard|unique_lock|scoped_lock|once_flag|call_once)\b",
    "optional": STD + r"(?:optional|nullopt|make_optional)\b",
    "random": STD + r"(?:random_device|mt19937(?:_64)?|minstd_rand|uniform_(?:int|real)_distribution|bernoulli_distribution)\b",
    "set": STD + r"(?:multi)?set\b",
    "span": STD + r"span\b",
    "sstream": STD + r"(?:i|o)?stringstream\b",
    "string": STD + r"(?:string|to_string|stoi|stoul|stoull|getline|u8string)\b",
    "string_view": STD + r"string_view\b",
    "thread": STD + r"(?:j?thread|this_thread)\b",
    "unordered_set": STD + r"unordered_(?:multi)?set\b",
    "variant": STD + r"(?:variant|visit|get_if|holds_alternative|monostate)\b",
    "vector": STD + r"vector\b",
    "fmt/format.h": r"\bfmt::",
    "google/protobuf/generated_message_util.h": r"\bgoogle::protobuf::",
    "nlohmann/json.hpp": r"\bnlohmann::",
    "tl/expected.hpp": r"\btl::",
    "doctest/doctest.h": r"\bTEST_CASE\(",
    "base/expected.h": r"\bExpected<|\bfail\(Code::",
    "base/clock.h": r"\b(?:WallTime|MonotonicTime)\b",
    "base/ip_address.h": r"\bIpAddress\b",
    "base/reading/reading.h": r"\bReading\b",
    "base/secret.h": r"\bSecret\b",
    "base/sqlite/sqlite.h": r"\bsqlite::",
    "snmp/mib/oid.h": r"\bOid\b",
    "snmp/mib/varbind.h": r"\bVarBinds?\b",
}
PATTERNS = {header: re.compile(name) for header, name in NAMES.items()}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)
NOISE = re.compile(r'R"(\w*)\(.*?\)\1"|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
IMPLIED = {"sstream": {"string"}, "fstream": {"string"}, "filesystem": {"string"}}
PROTOBUF = re.compile(r"google/protobuf/|.*\.pb\.h$")  # any of them will do: what generated code includes is protobuf's to say


def implied(header):
    return {"google/protobuf/generated_message_util.h"} if PROTOBUF.match(header) else IMPLIED.get(header, set())


def precompiled(root):
    """The headers that cmake/platen.cmake precompiles."""
    text = (root / "cmake/platen.cmake").read_text()
    function = text[text.index("function(platen_precompiled"):]
    function = function[:function.index("endfunction()")]
    ours = re.findall(r"\bours ([\w/ ]+)\)", function)
    return set(re.findall(r"<([\w./]+)>", function)) | {f"{name}.h" for names in ours for name in names.split()}


class Tree:
    def __init__(self, root):
        self.root = root

    @functools.cache
    def named(self, file):
        """What a file includes: the names, and those of them that are files of the project."""
        names = INCLUDE.findall(file.read_text(errors="replace"))
        places = [place for name in names for place in (file.parent / name, self.root / name) if place.exists()]
        return names, [place.resolve() for place in places]

    def brought(self, file):
        """Every header that a file or a header of the project below it includes."""
        found, seen, waiting = set(), set(), [file]
        while waiting:
            one = waiting.pop()
            names, places = self.named(one)
            found |= {header for name in names for header in (name, *implied(name))}
            found |= {place.relative_to(self.root).as_posix() for place in places}
            waiting += [place for place in places if place not in seen]
            seen.update(places)
        return found


def complaints(root, files):
    tree = Tree(root)
    found = []
    for file in files:
        name = file.relative_to(root).as_posix()
        text = NOISE.sub(lambda match: "\n" * match.group().count("\n") or '""', INCLUDE.sub("", file.read_text(errors="replace")))
        used = {header: use for header, pattern in PATTERNS.items() if (use := pattern.search(text))}
        for header in sorted(set(used) - tree.brought(file) - {name}) if used else ():
            line = text[:used[header].start()].count("\n") + 1
            found.append(f"{name}:{line}: '{used[header].group()}' needs #include {header}")
    return found


USES = {
    "algorithm": "std::sort(", "array": "std::array<", "charconv": "std::to_chars(", "chrono": "std::chrono::",
    "condition_variable": "std::condition_variable", "deque": "std::deque<", "filesystem": "std::filesystem::", "fstream": "std::ofstream",
    "functional": "std::function<", "map": "std::map<", "memory": "std::make_unique<", "mutex": "std::lock_guard", "optional": "std::nullopt",
    "random": "std::mt19937", "set": "std::set<", "span": "std::span<", "sstream": "std::ostringstream", "string": "std::to_string(",
    "string_view": "std::string_view", "thread": "std::jthread", "unordered_set": "std::unordered_set<", "variant": "std::visit(",
    "vector": "std::vector<", "fmt/format.h": "fmt::format(", "google/protobuf/generated_message_util.h": "google::protobuf::Arena",
    "nlohmann/json.hpp": "nlohmann::json", "tl/expected.hpp": "tl::unexpected", "doctest/doctest.h": "TEST_CASE(",
    "base/expected.h": "Expected<", "base/clock.h": "WallTime", "base/ip_address.h": "IpAddress", "base/reading/reading.h": "Reading",
    "base/secret.h": "Secret", "base/sqlite/sqlite.h": "sqlite::Connection", "snmp/mib/oid.h": "Oid",
    "snmp/mib/varbind.h": "VarBinds",
}


def prove():
    with tempfile.TemporaryDirectory() as folder:
        planted = Path(folder).resolve() / "planted.cc"
        planted.write_text("".join(f"{use} a{number};\n" for number, use in enumerate(USES.values())))
        found = complaints(planted.parent, [planted])
        planted.write_text("".join(f"#include <{header}>\n{use} a\n" for header, use in USES.items()))
        needless = complaints(planted.parent, [planted])
    missed = [header for header in NAMES if not any(line.endswith(f"#include {header}") for line in found)]
    return [f"the use of {header} was not found" for header in missed] + needless


def report(found):
    print("\n".join(found))
    return bool(found)


def main():
    root = Path(sys.argv[1]).resolve()
    if "--prove" in sys.argv:
        return report(prove())
    rooms = [folder for folder in sorted(root.iterdir()) if folder.is_dir() and folder.name != "build" and folder.name[0] != "."]
    found = complaints(root, [file for room in rooms for file in sorted(room.rglob("*")) if file.suffix in (".h", ".cc")])
    found += [f"cmake/platen.cmake: tests/house/includes_test.py has no name for {header}" for header in sorted(precompiled(root) - set(NAMES))]
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
