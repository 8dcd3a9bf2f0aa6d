"""Every limit of the facade, by name; each is tested at and beyond its edge."""

MAX_BODY_BYTES = 64 * 1024
MAX_JSON_DEPTH = 8
MAX_TEXT_LENGTH = 200
MAX_SIGNATURE_BYTES = 2048  # a passkey signature with its client data stays under one kilobyte
MAX_SIGNER_BYTES = 256
MAX_IDEMPOTENCY_KEY_LENGTH = 200
MAX_FEATURES = 64
MAX_PERSONAL_FIELDS = 16
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_DRAFTS_PER_SUBJECT = 5
MAX_AMOUNT_MINOR = 2**48 - 1  # more than the 480 largest rows of a loan ask for
MAX_PERIODS = 480
MAX_UINT = 2**256 - 1

MIN_DEADLINE_SECONDS = 60  # an act must leave the relay this much time
MAX_DEADLINE_SECONDS = 30 * 86_400
REQUEST_DEADLINE_SECONDS = 86_400
PAYMENT_DEADLINE_SECONDS = 86_400
OFFER_VALIDITY_SECONDS = 48 * 3_600
RELAY_MARGIN_SECONDS = 3_600  # an agreement outlives its offer by this much, so that an acceptance can still be relayed

CHALLENGE_SECONDS = 300
SESSION_SECONDS = 3_600
IDEMPOTENCY_RETENTION_SECONDS = 30 * 86_400

LEDGER_PATIENCE_SECONDS = 5.0  # a hung ledger counts as a stopped one after this
RETRY_AFTER_SECONDS = 5
MAX_READY_LAG_BLOCKS = 50
