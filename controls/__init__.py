"""The people and the gate: duties, sign-off, roster, checks, release, vouchers and trail. Invariants C1-C7 stand in README.md."""
