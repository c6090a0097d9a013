"""The pages of the ledger, of targets and of imports."""
