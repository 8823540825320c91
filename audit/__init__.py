"""The second pair of eyes: sweeps over history, and later cases and recoveries. Invariants A1-A6 stand in README.md."""
