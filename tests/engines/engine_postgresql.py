"""PostgreSQL, from Debian's package, on a cluster of its own; its own dialect, and the standard's, which it runs as well."""

import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import lib
import sql

PACKAGES = ["psycopg2-binary==2.9.13"]


def binaries():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        lib.apt("pg_ctlcluster", "postgresql")
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        raise lib.Failed("there is no PostgreSQL after its installation")
    return pathlib.Path(found[-1])


class Cluster:
    """A server in a folder of its own, reached by a socket there. It does not run as root, so it gets a user."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postgresql-"))
        self.bin = binaries()
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        data, log = self.folder / "data", self.folder / "log"
        self.call("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--pgdata", data)
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off -c timezone=Asia/Tokyo"
        self.call("pg_ctl", "--wait", "--pgdata", data, "--log", log, "--options", options, "start")

    def call(self, program, *arguments):
        command = [str(self.bin / program), *map(str, arguments)]
        with (self.folder.parent / f"{self.folder.name}.out").open("w+") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd="/", **self.user)
            out.seek(0)
            if done.returncode != 0:
                raise lib.Failed(f"{program}: {out.read().strip()[-1000:]}")

    def stop(self):
        self.call("pg_ctl", "--pgdata", self.folder / "data", "--mode=immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder.parent / f"{self.folder.name}.out").unlink(missing_ok=True)


class Postgresql(sql.Sql):
    name = "postgresql"
    dialect = "postgresql"
    cluster = None

    def install(self):
        Postgresql.cluster = Postgresql.cluster or Cluster()

    def decide(self, project, artefact):
        import psycopg2
        import psycopg2.extras

        create, table, view, text, facts, rows = self.table(project, artefact)
        base = psycopg2.connect(host=str(self.cluster.folder), user="postgres", dbname="postgres")
        try:
            with base.cursor() as cursor:
                cursor.execute(create.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
                psycopg2.extras.execute_values(cursor, f"INSERT INTO {table} VALUES %s".replace('"#case"', "%s"), rows)
                cursor.execute(text.replace("CREATE VIEW", "CREATE TEMPORARY VIEW"))
                cursor.execute(f'SELECT * FROM {view} ORDER BY "#case"')
                return self.read([d[0] for d in cursor.description], cursor.fetchall(), facts)
        finally:
            base.rollback()
            base.close()


class Ansi(Postgresql):
    name = "postgresql-ansi"
    dialect = "ansi"
    lists_are_texts = True


if __name__ == "__main__":
    lib.in_venv(lib.venv("postgresql", *PACKAGES))
    try:
        status = lib.main(Postgresql()) | lib.main(Ansi())
    finally:
        if Postgresql.cluster:
            Postgresql.cluster.stop()
    sys.exit(status)
