"""着地見込: where months will land. Facts in, a table, a bridge and a record out; no SQL, no words. Rule: docs/landing.md"""
