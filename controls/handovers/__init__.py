"""Hand-overs between accountants (会计工作交接书, 会计法 §39): three signatures over what was handed over at that moment.

``store`` makes and signs, ``standing`` tells whose hand-over is open (who cannot be ended yet), ``errors`` holds the refusals.
"""
