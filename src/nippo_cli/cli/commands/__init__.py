"""What each command does: parse, call a service, show. A module is loaded when one of its commands is called."""
