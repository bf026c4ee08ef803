"""A module for snmp_exporter that reads the tables which `platen scan` reads: Debian's own has none for printers.

Columns and their syntax: RFC 1213, RFC 2790, RFC 3805."""

# table -> (OID of the entry, sub-identifiers of the index, columns that are text, columns that are numbers)
TABLES = {
    "ifEntry": ("1.3.6.1.2.1.2.2.1", 1, [6], []),
    "hrDeviceEntry": ("1.3.6.1.2.1.25.3.2.1", 1, [3], [5, 6]),
    "hrPrinterEntry": ("1.3.6.1.2.1.25.3.5.1", 1, [2], [1]),
    "prtGeneralEntry": ("1.3.6.1.2.1.43.5.1.1", 1, [4, 5, 16, 17], [1, 2, 6, 7, 8, 10, 11, 12, 18, 19]),
    "prtCoverEntry": ("1.3.6.1.2.1.43.6.1.1", 2, [2], [3]),
    "prtLocalizationEntry": ("1.3.6.1.2.1.43.7.1.1", 2, [2, 3], [4]),
    "prtInputEntry": ("1.3.6.1.2.1.43.8.2.1", 2, [12, 13, 14, 15, 16, 17, 18], [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    "prtOutputEntry": ("1.3.6.1.2.1.43.9.2.1", 2, [7, 8, 9, 10, 11, 12], [2, 3, 4, 5, 6]),
    "prtMarkerEntry": ("1.3.6.1.2.1.43.10.2.1", 2, [], [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    "prtMarkerSuppliesEntry": ("1.3.6.1.2.1.43.11.1.1", 2, [6], [2, 3, 4, 5, 7, 8, 9]),
    "prtMarkerColorantEntry": ("1.3.6.1.2.1.43.12.1.1", 2, [4], [2, 3, 5]),
    "prtConsoleDisplayBufferEntry": ("1.3.6.1.2.1.43.16.5.1", 2, [2], []),
    "prtAlertEntry": ("1.3.6.1.2.1.43.18.1.1", 2, [8], [2, 3, 4, 5, 6, 7, 9]),
}

TEXT = "OctetString"  # a DisplayString that is not UTF-8, as printers send them, costs the whole answer


def metric(table, entry, indexes, column, kind):
    labels = "".join(f"\n    - {{labelname: index{i}, type: gauge}}" for i in range(indexes))
    return f"  - name: {table}_{column}\n    oid: {entry}.{column}\n    type: {kind}\n    help: {table} {column}\n    indexes:{labels}\n"


def module(name):
    """snmp.yml with one module, for snmp_exporter 0.21."""
    walks = "".join(f"  - {entry}.{column}\n" for entry, _, texts, numbers in TABLES.values() for column in sorted(texts + numbers))
    metrics = "".join(metric(table, entry, indexes, column, kind)
                      for table, (entry, indexes, texts, numbers) in TABLES.items()
                      for columns, kind in ((texts, TEXT), (numbers, "gauge")) for column in columns)
    gets = "".join(f"  - 1.3.6.1.2.1.1.{number}.0\n" for number in range(1, 7))
    system = "".join(f"  - name: system_{number}\n    oid: 1.3.6.1.2.1.1.{number}\n    type: {kind}\n    help: system {number}\n"
                     for number, kind in ((1, TEXT), (3, "gauge"), (5, TEXT), (6, TEXT)))
    return f"{name}:\n  walk:\n{walks}  get:\n{gets}  metrics:\n{system}{metrics}  version: 2\n  max_repetitions: 25\n  auth:\n    community: public\n"
