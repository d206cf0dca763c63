"""Questions in and out of the formats that trainers own: one file per format, one contract."""
