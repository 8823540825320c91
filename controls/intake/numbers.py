"""Identity numbers of a column (证件号码): each text judged once, as a resident's number all at once, as another document where 证件类型 says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from controls.intake import judges
from controls.intake.texts import Cells
from ledger import identity
from ledger.identity import Document
from ledger.identity.columns import judge_many

_RESIDENT = judges.DOCUMENTS.index(Document.RESIDENT)


class Numbers:
    """Judgements by place. ``normal``: Arrow strings; ``ok``, ``hurt``: numpy bool: usable for matching, damaged by a spreadsheet."""

    def __init__(self) -> None:
        self._residents = (pa.array([], pa.string()), np.zeros(0, bool), np.zeros(0, bool))
        self._others: dict[tuple[int, int], int] = {}
        self._found: tuple[list[str], list[bool], list[bool]] = ([], [], [])

    def catch_up(self, texts: pa.Array) -> None:
        """Judges what is new as residents' numbers."""
        normal, ok, hurt = self._residents
        if len(ok) == len(texts):
            return
        fresh = judge_many(texts.slice(len(ok)))
        spoilt = np.asarray(fresh.damaged, bool)
        good = np.asarray(fresh.ok, bool) & ~spoilt
        forms = fresh.normal.cast(pa.string())
        self._residents = (pa.concat_arrays([normal, forms]) if len(normal) else forms, np.concatenate([ok, good]), np.concatenate([hurt, spoilt]))

    @property
    def normal(self) -> pa.Array:
        """Normal forms."""
        return pa.concat_arrays([self._residents[0], pa.array(self._found[0], pa.string())]) if self._found[0] else self._residents[0]

    @property
    def ok(self) -> Any:
        """Whether the number may be used for matching."""
        return np.concatenate([self._residents[1], np.array(self._found[1], bool)])

    @property
    def hurt(self) -> Any:
        """Whether a spreadsheet spoilt it."""
        return np.concatenate([self._residents[2], np.array(self._found[2], bool)])

    def places(self, numbers: Cells, kinds: Cells | None) -> Any:
        """The place of each row's judgement, int32."""
        if kinds is None:
            return numbers.indices
        documents = np.asarray(kinds.texts.judged("documents", judges.documents, pa.int32()).values)[kinds.indices]
        places = numbers.indices.copy()
        at = np.flatnonzero(documents != _RESIDENT)
        if len(at):
            pairs = numbers.indices[at].astype(np.int64) * len(judges.DOCUMENTS) + documents[at]
            distinct, inverse = np.unique(pairs, return_inverse=True)
            known = [self._other(numbers, *divmod(int(pair), len(judges.DOCUMENTS))) for pair in distinct]
            places[at] = len(self._residents[1]) + np.array(known, np.int32)[inverse]
        return places

    def _other(self, numbers: Cells, code: int, document: int) -> int:
        place = self._others.get((code, document))
        if place is None:
            place = self._others[code, document] = len(self._others)
            raw = str(numbers.texts.array[code].as_py())
            judged = identity.judge(raw, judges.DOCUMENTS[document])
            hurt = identity.looks_damaged(raw) or identity.lost_digits(judged)
            normal, ok, spoilt = self._found
            normal.append(judged.normal)
            ok.append(judged.ok and not hurt)
            spoilt.append(hurt)
        return place
