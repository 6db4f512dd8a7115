"""Where a suite's services keep their state: SQLite files, or a database of their own on the server $TEST_POSTGRES.

$TEST_ENGINE chooses ("sqlite", or "postgres" beside tools/with-postgres); a test that is about one engine says so itself.
"""

import os
import shutil
import sqlite3
import tempfile
import pathlib
import uuid


def execute(server, sql):
    """One statement on a PostgreSQL server, committed at once."""
    import psycopg2
    connection = psycopg2.connect(server)
    connection.autocommit = True
    try:
        connection.cursor().execute(sql)
    finally:
        connection.close()


class Sqlite:
    name = "sqlite"

    def __init__(self, suite):
        self.suite = suite

    def path(self, service):
        return self.suite.folder / "state" / f"{service}.db"

    def flags(self, service):
        return []

    def rows(self, service, sql):
        """The rows of a query, read beside the running service."""
        database = sqlite3.connect(f"file:{self.path(service)}?mode=ro", uri=True, timeout=5)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def tables(self, service):
        return [row[0] for row in self.rows(service, "SELECT name FROM sqlite_master WHERE type = 'table'")]

    def stored_requests(self, service):
        """The request ids in a dead service's log; read from a copy, so that its recovery is its own."""
        with tempfile.TemporaryDirectory(prefix="minsheng-copy-") as folder:
            for suffix in ("", "-wal"):
                source = pathlib.Path(f"{self.path(service)}{suffix}")
                if source.exists():
                    shutil.copy(source, folder)
            database = sqlite3.connect(pathlib.Path(folder) / self.path(service).name)
            try:
                return {row[0] for row in database.execute("SELECT DISTINCT request_id FROM events")}
            finally:
                database.close()

    def restore(self, folder, services):
        """Puts back a backup of stopped services."""
        for service in services:
            self.suite.cli("restore", str(folder), "--state", str(self.suite.folder / "state"), "--only", service)

    def close(self):
        pass


class Postgres:
    name = "postgres"

    def __init__(self, suite, server=None):
        import psycopg2
        self.connect_to = psycopg2.connect
        self.server = server or os.environ["TEST_POSTGRES"]
        self.database = f"suite_{uuid.uuid4().hex[:12]}"
        self.backups = {}  # service → the file that fills its new schema
        self.administer(f"CREATE DATABASE {self.database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")

    def connection(self):
        return f"{self.server} dbname={self.database}"

    def administer(self, sql):
        execute(self.server, sql)

    def flags(self, service):
        restore = self.backups.get(service)
        return [f"--database={self.connection()}", *([f"--restore_from={restore}"] if restore else [])]

    def query(self, service, sql, commit=False):
        connection = self.connect_to(self.connection())
        try:
            cursor = connection.cursor()
            cursor.execute(f"SET search_path TO minsheng_{service}")
            cursor.execute(sql)
            found = cursor.fetchall() if cursor.description else []
            if commit:
                connection.commit()
            return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in found]
        finally:
            connection.close()

    def rows(self, service, sql):
        return self.query(service, sql)

    def tables(self, service):
        return [row[0] for row in self.rows(
            service, f"SELECT table_name FROM information_schema.tables WHERE table_schema = 'minsheng_{service}'")]

    def stored_requests(self, service):
        return {row[0] for row in self.rows(service, "SELECT DISTINCT request_id FROM events")}

    def restore(self, folder, services):
        for service in services:
            self.query(service, f"DROP SCHEMA minsheng_{service} CASCADE", commit=True)
            self.backups[service] = next(pathlib.Path(folder).glob(f"{service}-*.db"))

    def close(self):
        self.administer(f"DROP DATABASE {self.database} WITH (FORCE)")


def engine_of(suite, name=None):
    """By name, by a function of the suite, or as $TEST_ENGINE says."""
    if callable(name):
        return name(suite)
    name = name or os.environ.get("TEST_ENGINE", "sqlite")
    return {"sqlite": Sqlite, "postgres": Postgres}[name](suite)
