"""Bring the database to the newest revision at start-up, one process at a time."""

import fcntl
from pathlib import Path

from alembic import command
from alembic.config import Config

from api.kit.database import sync_engine
from contracts.sender import refusing_damage

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(url: str, data: Path) -> None:
    """Apply every missing revision; API and worker of one data folder may call this at the same time.

    Raises DamagedDatabase.
    """
    data.mkdir(parents=True, exist_ok=True)
    engine = sync_engine(url)
    with (data / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with refusing_damage(engine), engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    engine.dispose()
