"""What the desk answers and `show` draws: frozen results, no logic, no words."""
