"""Item analysis: how hard a question is, and whether it tells those who know from those who do not."""
