"""What stands around a roster as data: the three machines, the flow of signing by date, how held payments are cleared; and their refusals.

``machines`` names every transition of signing, payment and case; ``flow`` reads ``templates/flows-of-signing.yaml``; ``held`` reads
``templates/held-payments.yaml``. Nothing here touches the store.
"""
