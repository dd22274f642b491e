"""A ticketing and email-ingest service for health and care organisations."""

import os

# onnxruntime 1.29 and later report to their maker unless told not to before they are loaded: by this
# name, and by the one that newer releases use. Nothing of this service goes anywhere but to its own servers.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"
