"""What gunicorn loads: the application of the instance named by LMS_INSTANCE."""

from lms.app import create_app
from lms.core.config import find_instance, load_config

app = create_app(load_config(find_instance()))
