"""``motcua fit`` of what is no log of tickets: exports of dossiers, daily counts, and what none of them tells."""
