"""Every table of the database: the facade's own and those of the transaction sender, its outbox."""

import api.applications.tables
import api.indexer.tables
import api.kit.idempotency
import api.offers.tables
import api.payments.tables
import api.sessions.tables
import api.subjects.tables
import api.vault.tables  # noqa: F401
from api.kit.database import metadata
from contracts.sender import metadata as sender_metadata

OWN_METADATA = metadata
OUTBOX_METADATA = sender_metadata
