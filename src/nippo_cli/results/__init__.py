"""What the services make and `render` draws: frozen results, no logic, no words."""
