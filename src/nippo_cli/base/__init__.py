"""What everything stands on: text and names, dates, money, places, language, errors, ids."""
