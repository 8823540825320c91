"""Hand-overs between accountants (会计工作交接书, 会计法 §39): three signatures over what was handed over at that moment.

``store`` makes and signs, ``errors`` holds the refusals; ``controls.unfinished_handovers`` tells who cannot be ended yet.
"""
