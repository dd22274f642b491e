"""What `make bench` measures: one file a measurement; figures of record stand in docs/measurements.md."""
