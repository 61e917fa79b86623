"""Rules about files that are left of crashes, repairs, recoveries and work by hand."""
