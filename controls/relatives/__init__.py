"""Register of relatives (回避登记): whose claims somebody must keep away from (S17, S18, C7).

Tables stand in ``controls.relative_tables``. ``declared`` declaring, reviewing, ending, reading · ``concerned`` whom a roster or a person concerns ·
``history`` who had a part in what was paid to a person (S16).
"""
