"""Which coefficients are there? One file each, with its formula and its source; `registry` lists them."""
