"""What records the identities' actions: trails, recorders, tables, alarms and analyzers, derived from the inventory."""
