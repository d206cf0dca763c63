"""Courses as published editions: days, modules, steps, lessons."""
