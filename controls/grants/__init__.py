"""Duties given for a time (授权): requests in steps by different people, deputies, emergencies and exemptions, and what follows from them.

Tables stand in ``controls.grant_tables``. ``requests`` asking and the steps · ``exceptions`` what was exceptional in a month ·
``register`` conflict matrix and 岗位权限台账 as data · ``conflicts`` people whom a rule finds holding what excludes itself.
"""
