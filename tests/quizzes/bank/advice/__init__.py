"""Tests of the advice on how questions are written."""
