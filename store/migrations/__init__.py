"""The migrations, a package so that an installation from a wheel has them."""
