"""The planner's page: one self-contained file in the reader's language, from results that exist."""
