"""Tables of a running service as rows that a test may change behind its back, and put back as they were."""

import sqlite3


class Tables:
    """One service's database. A row is a tuple; its key the values of the table's first columns or of KEYS."""

    KEYS = {"events": ("position",), "refusals": ("position",), "requests": ("principal", "method", "request_id"),
            "settings": ("name",), "peers": ("peer",), "migrations": ("number",), "revocations": ("credential",),
            "resources": ("name",), "history": ("name", "position"),
            "registry_versions": ("program", "task", "kind", "position"),
            "reports": ("program", "task", "period", "version"), "report_returns": ("program", "task", "period", "version"),
            "exemptions": ("program", "task", "period"), "judgements": ("program", "task", "position")}

    def __init__(self, suite, service):
        self.sqlite = suite.engine.name == "sqlite"
        if self.sqlite:
            self.connection = sqlite3.connect(suite.engine.path(service), timeout=10, isolation_level=None)
        else:
            self.connection = suite.engine.connect_to(suite.engine.connection())
            self.connection.autocommit = True
            self.connection.cursor().execute(f"SET search_path TO minsheng_{service}")
        self.columns, self.rows = {}, {}
        for table in suite.engine.tables(service):
            cursor = self.connection.cursor()
            cursor.execute(f"SELECT * FROM {table} ORDER BY {', '.join(self.KEYS[table])}")
            self.columns[table] = [column[0] for column in cursor.description]
            self.rows[table] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]

    def key(self, table, row):
        return tuple(row[self.columns[table].index(name)] for name in self.KEYS[table])

    def apply(self, table, removed, added):
        """Takes rows away and puts others in, in one transaction."""
        mark = "?" if self.sqlite else "%s"
        where = " AND ".join(f"{name} = {mark}" for name in self.KEYS[table])
        values = ", ".join([mark] * len(self.columns[table]))
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        try:
            for row in removed:
                cursor.execute(f"DELETE FROM {table} WHERE {where}", self.key(table, row))
                assert cursor.rowcount == 1, (table, row)
            cursor.executemany(f"INSERT INTO {table} VALUES ({values})", added)
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")

    def close(self):
        self.connection.close()


def canonical(value):
    """As a finding shows a value."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f"b:{value.hex()}"
    return f"i:{value}" if isinstance(value, int) else f"t:{value}"


def shown(row):
    """As a finding shows a row, cut a little shorter, so that no character is cut in two."""
    text = " | ".join(map(canonical, row)).encode()
    return text[:240 - 4].decode(errors="ignore")
