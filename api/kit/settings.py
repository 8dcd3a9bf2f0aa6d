"""What one installation of the facade is told: from the command line, from TALLY_API_* variables, or by default."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from api.kit.limits import SESSION_SECONDS

WEB_DIST = Path(__file__).parents[1] / "web" / "dist"


class Settings(BaseSettings):
    """Addresses, files and periods; paths to keys only, never a key."""

    model_config = SettingsConfigDict(env_prefix="TALLY_API_")

    data: Path = Path("data/api")
    addresses: Path = Path("data/addresses.json")
    rpc: str = "http://127.0.0.1:8545"
    publisher: str = "http://127.0.0.1:8600"
    vault_key_file: Path | None = None
    relayer_key_file: Path | None = None
    registrar_key_file: Path | None = None
    underwriter_key_file: Path | None = None
    web_dist: Path = WEB_DIST
    session_seconds: int = SESSION_SECONDS

    @property
    def database(self) -> str:
        """SQLAlchemy URL without a driver: SQLite in the data folder unless another is given."""
        return f"sqlite:///{self.data / 'api.db'}"

    @property
    def vault_key(self) -> Path:
        """The file of the key-encryption key."""
        return self.vault_key_file or self.data / "vault.key"
