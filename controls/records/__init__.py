"""Personal records (权益记录) on the side of people: who may have one, what the registers say of a person, and the record each reading leaves."""
