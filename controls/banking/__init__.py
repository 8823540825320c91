"""Online banking (网银): the second key holder's authorisation, and how banks want their files (layouts).

``authorising`` is the act between making a bank file and its being sent; ``layouts`` reads ``templates/bank-files``, ``writing`` and
``reading`` turn payments into a bank's bytes and its return back into rows, ``errors`` holds the refusals.
"""
