"""Demo data, and the scripts that load it through the services, as any caller would."""
