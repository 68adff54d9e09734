"""What can go wrong at the desk. Each message names the thing and the way out."""


from catalogue.exceptions import Named


class ShortlistIncomplete(Named):
    """A frozen shortlist lacks what a dossier needs, or the paper would hold something no reader should meet."""


class CandidateUnknown(Named):
    """No candidate of that identifier in the warehouse."""


class DecisionRefused(Named):
    """A decision that cannot be written down as it was given."""
