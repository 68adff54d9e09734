-- The day a candidate was weighed: its points for age and its status count from it, and `explain` weighs it anew as of that day.

ALTER TABLE ogp.candidates ADD COLUMN flagged_on DATE;
