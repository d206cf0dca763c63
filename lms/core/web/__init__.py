"""What every response carries: headers, errors, assets, compression."""
