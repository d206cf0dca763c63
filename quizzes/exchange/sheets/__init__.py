"""Spreadsheets: our own template, Kahoot's and Quizizz's, as XLSX or CSV."""
