"""What the demo's county set for itself (本县取值): parameters that no source gives, every one invented and marked 虚构 in its reference."""

from __future__ import annotations

COUNTY_VALUES = """# 云岭县的选择（虚构）。程序不替单位作决定：统筹层次没有取值时，相关业务拒绝办理。
document: 云岭县社会保险基金核算办法（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 示范用假定
values:
  - {name: pooling, from: 2018-01-01, value: 属地, keys: {fund: E}, reference: 示范用假定：本县企业养老按属地管理}
  - {name: pooling, from: 2018-01-01, value: 属地, keys: {fund: G}, reference: 示范用假定：本县机关养老按属地管理}
  - {name: premium_lowest_tier, from: 2018-01-01, value: 10000, keys: {fund: R}, reference: 虚构：本县最低缴费档次 100 元}
  - {name: premium_shares, from: 2018-01-01, value: ["省=60", "县=40"], keys: {fund: R}, reference: 虚构：代缴保费省、县按 6∶4 分担}
  - {name: account_draw_rule, from: 2018-01-01, value: 按比例, keys: {fund: R}, reference: 虚构：个人账户养老金由各来源按余额比例分担}
  - {name: account_interest_method, from: 2018-01-01, value: 月积数法（次月起）, keys: {fund: R}, reference: 虚构：本省计息办法}
  - {name: account_interest_rate, from: 2025-01-01, value: 150, keys: {fund: R}, reference: 虚构：记账利率 1.5 %}
  - {name: benefit_rounding, from: 2018-01-01, value: 四舍五入到分, keys: {fund: R}, reference: 虚构}
  - {name: resident_base_pension, from: 2026-01-01, value: 16300, keys: {level: 中央}, reference: 虚构：2026 年中央标准未见，示范用数}
  - {name: resident_base_pension, from: 2026-01-01, value: 2000, keys: {level: 省}, reference: 虚构}
  - {name: resident_base_pension, from: 2026-01-01, value: 0, keys: {level: 市}, reference: 虚构}
  - {name: resident_base_pension, from: 2026-01-01, value: 700, keys: {level: 县}, reference: 虚构}
  - {name: resident_addition_ages, from: 2018-01-01, value: [], reference: 虚构：没有高龄加发}
  - {name: resident_addition_amounts, from: 2018-01-01, value: [], reference: 虚构：没有高龄加发}
  - {name: resident_long_addition, from: 2018-01-01, value: 200, reference: 虚构：超过 15 年每年加发 2 元}
  - {name: budget_warning, from: 2018-01-01, value: 900, reference: 虚构：执行率 90 % 预警}
"""
