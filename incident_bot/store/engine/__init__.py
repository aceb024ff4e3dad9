"""The database itself: opened, migrated, written by one lane, backed up; nothing of incidents."""
