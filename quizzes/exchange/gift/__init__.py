"""GIFT, the text format of Moodle, in and out."""
