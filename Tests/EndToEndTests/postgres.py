"""A PostgreSQL for tests that stop and start it themselves, while braid's processes run around it."""
import glob
import os
import pathlib
import pwd
import shutil
import subprocess

from service import ENVIRONMENT


class Postgres:
    def __init__(self, folder, settings=""):
        self.data = pathlib.Path(folder) / "pg"
        self.programs = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))[-1]).parent
        # PostgreSQL does not run as root.
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.data.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.data, self.user)
        self.program("initdb", "-D", self.data, "-U", "braid", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self.data}'\nmax_connections = 200\n{settings}")
        self.url = f"postgresql://braid@/postgres?host={self.data}"

    def program(self, name, *words, check=True):
        command = [str(self.programs / name), *map(str, words)]
        if os.getuid() == 0:
            command = ["runuser", "-u", self.user, "--", *command]
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=120, cwd="/", env=ENVIRONMENT, stdin=subprocess.DEVNULL
        )
        assert result.returncode == 0 or not check, f"{name}: {result.stdout}\n{result.stderr}"

    def start(self):
        self.program("pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-s", "-l", self.data / "log")
        return self

    def stop(self, mode="fast"):
        self.program("pg_ctl", "stop", "-D", self.data, "-m", mode, "-w", "-t", "60", "-s", check=False)

    def sql(self, statement):
        result = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url],
            capture_output=True, text=True, timeout=120, env=ENVIRONMENT,
        )
        assert result.returncode == 0, f"{statement}\n{result.stderr}"
        return [line.split("\t") for line in result.stdout.splitlines()]
