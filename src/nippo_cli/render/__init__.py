"""Results become screens, JSON, CSV and Markdown. Knows no SQL, asks no question."""
