"""Login: a single-use challenge signed on the phone, a short-lived bearer token."""
