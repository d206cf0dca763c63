"""The certificate as an Open Badges 3.0 credential: what is signed, its keys, its status lists."""
