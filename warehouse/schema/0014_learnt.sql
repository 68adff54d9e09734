-- How likely a candidate tells of a contribution, by what was learnt from labelled texts.

ALTER TABLE ogp.candidates ADD COLUMN probability DOUBLE;
