-- How likely a candidate tells of a contribution, by what was learnt from labelled texts, and whether it is put forward.

ALTER TABLE ogp.candidates ADD COLUMN probability DOUBLE;
ALTER TABLE ogp.candidates ADD COLUMN proposed BOOLEAN;
