"""Was enough read? What can be counted (`guest`, `richness`, `curves`), of a study (`study`), and how to say it."""
