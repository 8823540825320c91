"""How banks want their files and give their answers (银行文件版式): layouts as data.

``accounts`` says which account pays and in which layout; ``layouts`` reads ``templates/bank-files``, ``writing`` and
``reading`` turn payments into a bank's bytes and its return back into rows, ``archive`` packs a file under a password, ``errors`` holds the refusals.
"""
