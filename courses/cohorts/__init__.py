"""Cohorts: people, timetable, cards."""
