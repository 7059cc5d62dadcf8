"""Standard files, in and out: OEM, OPM, OMM, TLE, CZML, KML, GeoJSON, CSV, Parquet."""
