"""What do several measures compute alike? One statistic a file: arrays in, numbers out, no study and no corpus.

`concentration` Gini and the share of the largest; `coverage` and `diversity` Hill numbers at equal coverage;
`survival` Kaplan-Meier and hazards between recaptures; `decay` how attention falls; `changepoints` where a series
changes; `interrupted` a series before and after a date; `ties` E-I and permutation of labels within strata.
Import from the files: this package loads nothing by itself.
"""
