"""The conflict matrix (不相容岗位矩阵) and the register of posts (岗位权限台账) as pages: one HTML file each, with nothing from outside and no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from controls.duties import Duty
from controls.grants import register
from ledger import accounts, chain
from shebao import duties
from shebao.store import Office

STYLE = """
:root { color-scheme: light; --line: #cfd6df; --head: #f1f4f8; --ink: #1c2733; --soft: #5b6b7c; }
body { font: 15px/1.6 "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; color: var(--ink); margin: 2rem; max-width: 88rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p.about, p.note { color: var(--soft); margin: .25rem 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .3rem .55rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); position: sticky; top: 0; }
table.grid td { text-align: center; min-width: 1.6rem; } table.grid td.self { background: #e3e8ee; }
table.grid thead th { writing-mode: vertical-rl; text-align: left; vertical-align: bottom; height: 9rem; white-space: nowrap; position: static; }
table.grid thead th:first-child { writing-mode: horizontal-tb; height: auto; }
table.grid tbody th { white-space: nowrap; background: var(--head); font-weight: 500; }
td.role { background: #fbe3e1; } td.thing { background: #fdf3d8; } td.history { background: #e2eefb; }
tr.off td { color: var(--soft); }
@media print { body { margin: 0; font-size: 11px; } }
""".strip()
LEGEND = "● 不得兼任　☆ 可以豁免（有期限、有补偿控制、负责人批准）　○ 同一事项不得兼办　◇ 办理过的不再核查。指向一格可看事由和依据。"


def matrix(office: Office) -> str:
    """The matrix: a grid of all duties, each cell with why and by which rule, and the list of pairs below it."""
    found, order = register.matrix(), list(Duty)
    rows = []
    for a in order:
        cells = []
        for b in order:
            one = found.get(frozenset((a, b))) if a is not b else None
            if one is None:
                cells.append('<td class="self"></td>' if a is b else "<td></td>")
                continue
            why = f"{a.zh} × {b.zh}：{'；'.join(one.why)}（{'；'.join(one.references)}）"
            cells.append(f'<td class="{one.scope}" title="{escape(why)}">{one.mark}{"☆" if one.exemptible else ""}</td>')
        rows.append(f"<tr><th scope=row>{escape(a.zh)}</th>{''.join(cells)}</tr>")
    heads = "".join(f"<th scope=col>{escape(duty.zh)}</th>" for duty in order)
    grid = f'<div class=wide><table class=grid><thead><tr><th>岗位</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    pairs = _table(duties.PAIR_COLUMNS, duties.matrix_rows())
    return _page(office, "duty_matrix", f"<p class=note>{LEGEND}</p>{grid}<h2>逐对说明</h2>{pairs}")


def posts(office: Office) -> str:
    """Who holds which duty, from when to when, how it was given, by whom, and whether it is in force now."""
    with office.reading() as connection:
        rows = duties.register_rows(connection, office.now())
    held = sum(row[-1] == "在岗" for row in rows)
    return _page(office, "duty_register", f"<p class=note>共 {len(rows)} 项，在岗 {held} 项。</p>{_table(duties.POST_COLUMNS, rows, off='在岗')}")


def write(text: str, out: Path) -> Path:
    """Writes a page, readable by its owner alone."""
    out.write_text(text, encoding="utf-8")
    out.chmod(0o600)
    return out


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, off: str = "") -> str:
    head = "".join(f"<th scope=col>{escape(column)}</th>" for column in columns)
    body = "".join(
        f"<tr{' class=off' if off and row[-1] != off else ''}>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )  # fmt: skip
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _page(office: Office, form: str, body: str) -> str:
    with office.reading() as connection:
        unit = accounts.books(connection)[0].unit_name
        seq, head = chain.head(connection)
    title, at = duties.TITLES[form], office.now()
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title} · {escape(unit)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n'
        f"<h1>{title}</h1>\n<p class=about>{escape(unit)}　{at[:16].replace('T', ' ')}　留痕链头 {seq}:{head[:16]}</p>\n{body}\n</body>\n</html>\n"
    )
