"""The demo: made-up people who have been through the training, and a cohort to go through it with.

Everything is done by the services of the rooms, at the times it would have happened, so that the demo is
also a proof. Secrets are derived from this machine's keys: nothing secret is stored, nothing is the same
on two machines.
"""
