"""Who the made-up people are; every name says that it is one."""

from __future__ import annotations

from courses.cohorts.roster import Person
from lms.core.accounts.models import Role

STAFF = (
    (Role.ADMIN, "Admin (demo)", "admin@demo.invalid"),
    (Role.ORGANISER, "Panitia (demo)", "panitia@demo.invalid"),
    (Role.TRAINER, "Pelatih (demo)", "pelatih@demo.invalid"),
)
"""One of each role, with the name shown and what the person signs in with."""

TRAINEE_LOGIN = "peserta@demo.invalid"
"""The first of the finished cohort signs in by password, as those do whose card has run out."""

FIRST_NAMES = """
    Sutini Harjo Wahyuni Bambang Lestari Slamet Endang Joko Rahayu Teguh Murni Agus Sulastri Eko
    Wiji Hadi Ningsih Budi Retno Karno Yuliana Darmo Siti Tri Kusno Parti Gunawan Astuti Yanto
    Marsih Wagiman Dewi Suparno Indah Rudi Kartini Sumarno Fitri Darsono Utami Paijan Nurul
    Sarjono Rini Mulyadi Ambar Sugeng Titik Warsito Lilis
""".split()  # noqa: SIM905  (as a list it would be fifty lines)
"""Common first names of the region; with "Demo" behind them nobody takes them for a person."""

PLACES = (
    ("village_official", "Pemerintah desa", "35.19"),
    ("union", "Serikat pekerja", "35.77"),
    ("farmer_group", "Gapoktan", "35.21"),
    ("youth_group", "Karang taruna", "35.20"),
    ("academic", "Perguruan tinggi", "35.77"),
    ("social_worker", "Pekerja sosial masyarakat", "35.02"),
    ("entrepreneur", "Wiraswasta", "35.01"),
    ("religious_organisation", "Organisasi keagamaan", "35.19"),
    ("community_leader", "Tokoh masyarakat", "35.21"),
)

STRUGGLING = frozenset({7, 19})
"""Places in the finished cohort of those who did not pass: a demo in which all pass teaches nothing."""


def list_finished() -> list[Person]:
    """Return the 25 who have been through the training."""
    return _list_people(FIRST_NAMES[:25])


def list_running() -> list[Person]:
    """Return the 25 in the middle of it."""
    return _list_people(FIRST_NAMES[25:])


def _list_people(first_names: list[str]) -> list[Person]:
    people = []
    for i, first_name in enumerate(first_names):
        element, organisation, region = PLACES[i % len(PLACES)]
        people.append(Person(f"{first_name} Demo", element, f"{organisation} (contoh)", region))
    return people
