"""From a draft of a quiz to a version that never changes: checked, spread, stored."""
