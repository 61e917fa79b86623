"""The benchmark of `fleet`: thousands of cases, some of them poison, and a run that is killed again and again."""
